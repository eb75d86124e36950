import { describeLeases } from '../contracts/leases.contract';
import { TemporaryDatabase } from './temporary-database';

describeLeases('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenants: [number, number] = [await temporary.tenant(), await temporary.tenant()];
  return {
    tenants,
    leases: temporary.database.leases,
    other: (await temporary.another()).leases,
    account: (isOfAnother = false) => temporary.account(tenants[isOfAnother ? 1 : 0]),
    connect: async (id) => {
      await temporary.database.accounts.changeStatus(id, ['AWAITING_ROLE'], 'CONNECTED', null);
    },
    removeAccount: async (id) => {
      await temporary.database.accounts.remove(id, true, 0);
    },
    close: () => temporary.close(),
  };
});
