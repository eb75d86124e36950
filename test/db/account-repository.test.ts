import { describeAccountRepository } from '../contracts/account-repository.contract';
import { describeExternalIdRepository } from '../contracts/external-id-repository.contract';
import { collectionRun } from '../contracts/samples';
import { TemporaryDatabase } from './temporary-database';

describeAccountRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const parentId = await temporary.tenant();
  return {
    accounts: temporary.database.accounts,
    audit: temporary.database.audit,
    tenants: [await temporary.tenant(parentId), await temporary.tenant(parentId)],
    parentId,
    close: () => temporary.close(),
  };
});

describeExternalIdRepository('SQLite', async () => {
  const temporary = await TemporaryDatabase.open();
  const { accounts, externalIds, audit } = temporary.database;
  const tenantId = await temporary.tenant();
  return { accounts, externalIds, audit, tenantId, close: () => temporary.close() };
});

test('an account removed without history takes its points, series, resources and runs along, no other’s', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  const { accounts, metrics, series, resources, leases, runs } = temporary.database;
  const [removed, kept] = [await temporary.account(tenantId), await temporary.account(tenantId)];
  const stored = [];
  for (const accountId of [removed, kept]) {
    const fence = await temporary.lease(accountId);
    const [one] = await temporary.series(fence, tenantId, 1);
    for (const timestamp of [0, 300_000, 900_000_000]) {
      await metrics.append(fence, [
        { series: one!, timestamps: [timestamp], values: [1], watermark: timestamp },
      ]);
    }
    stored.push(one!);
    await runs.insert(collectionRun(tenantId, accountId, { state: 'SUCCEEDED' }));
  }
  expect(await runs.sumBefore(1e9, 10)).toBe(2);
  await accounts.remove(removed, false, 1);
  const [gone, still] = await metrics.read(stored, 0, 1_000_000_000);
  expect([gone!.values.length, still!.values.length]).toEqual([0, 3]);
  const scope = { tenantId };
  expect(await series.within(scope).findMany(stored.map(({ id }) => id))).toMatchObject([
    null,
    { accountId: kept },
  ]);
  const left = await resources
    .within(scope)
    .list({ includeGone: true }, { field: 'NAME', direction: 'ASC' }, { first: 10, after: null });
  expect(left.items.map(({ item }) => item.accountId)).toEqual([kept]);
  expect(await runs.days(removed, 0, 1e9)).toEqual([]);
  expect(await runs.days(kept, 0, 1e9)).toMatchObject([{ succeeded: 1 }]);
  expect(await leases.plan(1e9, 0, 10)).toEqual([{ accountId: kept, tenantId, dueAt: 0 }]);
  await temporary.close();
});
