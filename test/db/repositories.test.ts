import { describeTenantRepository } from '../contracts/tenant-repository.contract';
import { describeResourceRepository } from '../contracts/resource-repository.contract';
import { describeRunRepository } from '../contracts/run-repository.contract';
import { describeSeriesDemand } from '../contracts/series-demand.contract';
import { describeSettleObservations } from '../contracts/settle-observations.contract';
import { describeUsageLedger } from '../contracts/usage-ledger.contract';
import { describeSeriesCatalog } from '../contracts/series-catalog.contract';
import { describeTokenRepository } from '../contracts/token-repository.contract';
import { TemporaryDatabase } from './temporary-database';

describeTenantRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  return { tenants: temporary.database.tenants, close: () => temporary.close() };
});

describeTokenRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const parentId = await temporary.tenant();
  return {
    tokens: temporary.database.tokens,
    tenantId: await temporary.tenant(parentId),
    parentId,
    otherTenantId: await temporary.tenant(parentId),
    close: () => temporary.close(),
  };
});

describeResourceRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const parentId = await temporary.tenant();
  const tenantId = await temporary.tenant(parentId);
  return {
    resources: temporary.database.resources,
    tenantId,
    parentId,
    otherTenantId: await temporary.tenant(parentId),
    fence: await temporary.lease(await temporary.account(tenantId)),
    otherFence: await temporary.lease(await temporary.account(tenantId)),
    close: () => temporary.close(),
  };
});

describeSeriesCatalog('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const parentId = await temporary.tenant();
  const tenantId = await temporary.tenant(parentId);
  const fence = await temporary.lease(await temporary.account(tenantId));
  return {
    catalog: temporary.database.series,
    tenantId,
    parentId,
    otherTenantId: await temporary.tenant(parentId),
    fence,
    resources: await temporary.resources(fence, tenantId, 1_200),
    revoke: () => temporary.database.leases.unschedule(fence.accountId),
    close: () => temporary.close(),
  };
});

describeRunRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const parentId = await temporary.tenant();
  const tenantId = await temporary.tenant(parentId);
  return {
    runs: temporary.database.runs,
    tenantId,
    parentId,
    otherTenantId: await temporary.tenant(parentId),
    accounts: [await temporary.account(tenantId), await temporary.account(tenantId)],
    hold: async (accountId, until) => {
      await temporary.database.leases.schedule(accountId, 0);
      await temporary.database.leases.claim(accountId, 'another process', 0, until, { onlyIfDue: false });
    },
    close: () => temporary.close(),
  };
});

describeUsageLedger('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const parentId = await temporary.tenant();
  const tenantId = await temporary.tenant(parentId);
  return {
    usage: temporary.database.usage,
    tenantId,
    parentId,
    otherTenantId: await temporary.tenant(parentId),
    accounts: [await temporary.account(tenantId), await temporary.account(tenantId)],
    close: () => temporary.close(),
  };
});

describeSeriesDemand('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  const fence = await temporary.lease(await temporary.account(tenantId));
  const [one, two] = await temporary.series(fence, tenantId, 2);
  return {
    demand: temporary.database.demand,
    series: [one.id, two.id],
    close: () => temporary.close(),
  };
});

describeSettleObservations('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  return { observations: temporary.database.settleObservations, close: () => temporary.close() };
});
