import { describeAccessRepository } from '../contracts/access-repository.contract';
import { describeResourceRepository } from '../contracts/resource-repository.contract';
import { describeRunRepository } from '../contracts/run-repository.contract';
import { describeSeriesCatalog } from '../contracts/series-catalog.contract';
import { TemporaryDatabase } from './temporary-database';

describeAccessRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  return { access: temporary.database.access, close: () => temporary.close() };
});

describeResourceRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  return {
    resources: temporary.database.resources,
    tenantId,
    otherTenantId: await temporary.tenant(),
    fence: await temporary.lease(await temporary.account(tenantId)),
    otherFence: await temporary.lease(await temporary.account(tenantId)),
    close: () => temporary.close(),
  };
});

describeSeriesCatalog('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  const fence = await temporary.lease(await temporary.account(tenantId));
  return {
    catalog: temporary.database.series,
    tenantId,
    otherTenantId: await temporary.tenant(),
    fence,
    resources: await temporary.resources(fence, tenantId, 1_200),
    revoke: () => temporary.database.leases.unschedule(fence.accountId),
    close: () => temporary.close(),
  };
});

describeRunRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  return {
    runs: temporary.database.runs,
    tenantId,
    otherTenantId: await temporary.tenant(),
    accounts: [await temporary.account(tenantId), await temporary.account(tenantId)],
    close: () => temporary.close(),
  };
});
