import type { AppendResult } from '../../src/core/metrics/metric-store';
import { StaleLeaseError } from '../../src/core/collection/leases';
import { newAccount } from '../contracts/samples';
import { TemporaryDatabase } from './temporary-database';
import { latestOf } from '../contracts/newest-points';

const STEP = 300_000;

describe('writes side by side', () => {
  let temporary: TemporaryDatabase;
  beforeEach(async () => {
    temporary = await TemporaryDatabase.open();
  });
  afterEach(() => temporary.close());

  test('fifty over both writers, failing ones among them: each that succeeded is there, no other', async () => {
    const tenantId = await temporary.tenant();
    const fence = await temporary.lease(await temporary.account(tenantId));
    const [series] = await temporary.series(fence, tenantId, 1);
    const { accounts, metrics } = temporary.database;
    const stale = { ...fence, token: fence.token - 1 };
    const writes = Array.from({ length: 50 }, (_, index) => {
      const fails = index % 3 === 0;
      if (index % 2 === 0) {
        const externalId = fails ? 'taken' : `fresh ${index}`;
        return accounts.insert(newAccount(tenantId, { externalId, name: `account ${index}` }));
      }
      const batch = [{ series: series!, timestamps: [index * STEP], values: [index], watermark: null }];
      return metrics.append(fails ? stale : fence, batch);
    });
    const results = await Promise.allSettled<unknown>(writes);
    const ok = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    // Of those that use the taken value, the first one takes it.
    expect(ok).toEqual(
      Array.from({ length: 50 }, (_, index) => index).filter((index) => index % 3 || index === 0),
    );

    const [points] = await metrics.read([series!], 0, 50 * STEP);
    expect(points!.values).toEqual(ok.filter((index) => index % 2));
    const listed = await accounts
      .within({ tenantId })
      .list({ search: 'account ' }, { field: 'CREATED_AT', direction: 'ASC' }, { first: 100, after: null });
    expect(listed.items.map(({ item }) => item.name)).toEqual(
      ok.filter((index) => index % 2 === 0).map((index) => `account ${index}`),
    );
  });

  test('a reader sees all of a transaction or nothing of it', async () => {
    const tenantId = await temporary.tenant();
    const fence = await temporary.lease(await temporary.account(tenantId));
    const series = await temporary.series(fence, tenantId, 20);
    const { metrics } = temporary.database;
    let writing = true;
    const appends = (async () => {
      for (let value = 1; value <= 40; value++) {
        const batch = series.map((one) => ({
          series: one,
          timestamps: [0],
          values: [value],
          watermark: null,
        }));
        await metrics.append(fence, batch);
      }
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      const seen = await latestOf(metrics, series, 0);
      expect(new Set(seen.map((point) => point?.value)).size).toBe(1);
      reads += 1;
    }
    await appends;
    expect(reads).toBeGreaterThan(3);
  });

  test('two processes on one file lose nothing, and the fence holds between them', async () => {
    const tenantId = await temporary.tenant();
    const accountId = await temporary.account(tenantId);
    const other = await temporary.another();
    const first = await temporary.lease(accountId);
    const [series] = await temporary.series(first, tenantId, 1);
    const append = (database: typeof other, fence: typeof first, index: number): Promise<AppendResult> =>
      database.metrics.append(fence, [
        { series: series!, timestamps: [index * STEP], values: [index], watermark: null },
      ]);
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, index) => append(index % 2 ? other : temporary.database, first, index)),
    );
    expect(results.every(({ added }) => added === 1)).toBe(true);

    const second = (await other.leases.claim(accountId, 'other', 60_000, 60_000, { onlyIfDue: true }))!;
    await expect(append(temporary.database, first, 100)).rejects.toThrow(StaleLeaseError);
    await append(other, second, 101);
    const [points] = await temporary.database.metrics.read([series!], 0, 200 * STEP);
    expect(points!.values).toEqual([...Array.from({ length: 40 }, (_, index) => index), 101]);
  });
});
