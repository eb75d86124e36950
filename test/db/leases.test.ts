import { describeLeases } from '../contracts/leases.contract';
import { TemporaryDatabase } from './temporary-database';

describeLeases('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  return {
    leases: temporary.database.leases,
    other: (await temporary.another()).leases,
    account: () => temporary.account(tenantId),
    connect: async (id) => {
      await temporary.database.accounts.changeStatus(id, ['AWAITING_ROLE'], 'CONNECTED', null);
    },
    removeAccount: async (id) => {
      await temporary.database.accounts.remove(id, true, 0);
    },
    close: () => temporary.close(),
  };
});
