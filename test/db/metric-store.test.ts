import type { Fence } from '../../src/core/collection/leases';
import type { SeriesLocation } from '../../src/core/metrics/metric-store';
import { MemoryMetricStore } from '../contracts/memory-metric-store';
import { describeMetricStore, type MetricStoreFixture } from '../contracts/metric-store.contract';
import { openRawConnection } from '../../src/db/database-file';
import { TemporaryDatabase } from './temporary-database';
import { latestOf } from '../contracts/newest-points';

const SERIES = { first: 1_100, second: 20 };

describeMetricStore('SQLite', async (): Promise<MetricStoreFixture> => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  const accountId = await temporary.account(tenantId);
  const fence = await temporary.lease(accountId);
  const series = [
    ...(await temporary.series(fence, tenantId, SERIES.first, 'eu-central-1')),
    ...(await temporary.series(fence, tenantId, SERIES.second, 'us-east-1')),
  ];
  return {
    store: () => temporary.database.metrics,
    states: () => temporary.database.seriesStates,
    gaps: () => temporary.database.gaps,
    events: () => temporary.database.metricEvents,
    fence,
    series,
    revoke: () => temporary.database.leases.unschedule(accountId),
    reopen: () => temporary.reopen(),
    close: () => temporary.close(),
  };
});

describeMetricStore('in memory', async (): Promise<MetricStoreFixture> => {
  let held = true;
  const fence = { accountId: 1, token: 1 };
  const store = new MemoryMetricStore((given) => held && given.accountId === 1 && given.token === 1);
  const locations = Array.from({ length: SERIES.first + SERIES.second }, (_, id): SeriesLocation => {
    return { id, block: Math.floor(id / 1_000), slot: id % 1_000, period: 300 };
  });
  return {
    store: () => store,
    states: () => store.states,
    gaps: () => store.gaps,
    events: () => store.events,
    fence,
    series: locations,
    revoke: async () => {
      held = false;
    },
    reopen: async () => {},
    close: async () => {},
  };
});

test('SQLite refuses points for another account’s series, and stores nothing', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  const [own, foreign] = [await temporary.account(tenantId), await temporary.account(tenantId)];
  const [fence, foreignFence] = [await temporary.lease(own), await temporary.lease(foreign)];
  const [mine] = await temporary.series(fence, tenantId, 1);
  const [theirs] = await temporary.series(foreignFence, tenantId, 1);
  const { metrics } = temporary.database;
  const batch = [mine!, theirs!].map((series) => ({ series, timestamps: [0], values: [1], watermark: null }));
  await expect(metrics.append(fence, batch)).rejects.toThrow('does not have');
  expect(await latestOf(metrics, [mine!, theirs!], 0)).toEqual([null, null]);
  await temporary.close();
});

test('appends that go together have each its own fate', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  const [a, b] = [await temporary.account(tenantId), await temporary.account(tenantId)];
  const [fenceA, fenceB] = [await temporary.lease(a), await temporary.lease(b)];
  const ofA = await temporary.series(fenceA, tenantId, 3);
  const [ofB] = await temporary.series(fenceB, tenantId, 1);
  const { metrics, metricEvents } = temporary.database;
  const append = (fence: Fence, series: SeriesLocation, value: number) =>
    metrics.append(fence, [{ series, timestamps: [0], values: [value], watermark: 300_000 }]);
  const outcomes = await Promise.allSettled([
    append(fenceA, ofA[0]!, 1),
    append({ ...fenceA, token: fenceA.token - 1 }, ofA[1]!, 2),
    append(fenceA, ofB!, 3),
    append(fenceB, ofB!, 4),
    append(fenceA, ofA[2]!, 5),
    append(fenceA, ofA[0]!, 6),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  ]);
  expect(outcomes[5]).toMatchObject({ value: { added: 0, revised: 1 } });
  const read = await metrics.read([...ofA, ofB!], 0, 1);
  expect(read.map(({ values }) => values)).toEqual([[6], [], [5], [4]]);
  const published = await Promise.allSettled([
    metricEvents.publish(fenceA, 1),
    metricEvents.publish({ ...fenceB, token: fenceB.token - 1 }, 1),
    metricEvents.publish(fenceB, 1),
  ]);
  expect(published.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const events = await metricEvents.since(null, 0, 10, 10);
  expect(
    events.map(({ accountId, changes }) => [accountId, changes.map(({ seriesId }) => seriesId)]),
  ).toEqual([
    [a, [ofA[0]!.id, ofA[2]!.id]],
    [b, [ofB!.id]],
  ]);
  await temporary.close();
});

test('history goes into chunks at once, and is read, revised and counted as any point', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  const fence = await temporary.lease(await temporary.account(tenantId));
  const [series, other] = await temporary.series(fence, tenantId, 2);
  const { metrics } = temporary.database;
  const [DAY, STEP] = [86_400_000, 300_000];
  const askedAt = 20_000 * DAY + 12 * STEP;
  const timestamps = Array.from({ length: 14 * 288 }, (_, index) => askedAt - (index + 1) * STEP).reverse();
  const points = (values: number[], of = series!) => ({ series: of, timestamps, values, watermark: null });
  const values = timestamps.map((_, index) => index % 17);
  const first = await metrics.append(fence, [points(values)], { askedAt });
  expect(first.added).toBe(timestamps.length);
  const reader = await openRawConnection(temporary.file, 'readonly');
  const heads = await reader.get<{ rows: number }>('SELECT count(*) AS rows FROM head');
  // Today, and yesterday, which may still be revised.
  expect(heads!.rows).toBe(12 + 288);
  await reader.close();
  const again = await metrics.append(fence, [points(values), points(values, other!)], { askedAt });
  expect(again).toMatchObject({ added: timestamps.length, revised: 0 });
  const read = await metrics.read([series!, other!], 0, askedAt);
  expect(read).toEqual([
    { timestamps, values },
    { timestamps, values },
  ]);
  await temporary.close();
});

test('keeps every bit of a value of a daily series', async () => {
  const temporary = await TemporaryDatabase.open();
  const tenantId = await temporary.tenant();
  const fence = await temporary.lease(await temporary.account(tenantId));
  const { series: catalog, metrics } = temporary.database;
  const [one] = await temporary.series(fence, tenantId, 1);
  const known = (await catalog.within({ tenantId }).findMany([one!.id]))[0]!;
  const [daily] = await catalog.ensure(fence, tenantId, [
    { ...known, name: 'BucketSizeBytes', period: 86_400 },
  ]);
  // SQLite reads the first of them from text as 5.655550678198339e-113.
  const values = [5.65555067819834e-113, 0.1, -1e300, 5e-324, 2 ** 53 - 1, Math.PI];
  const timestamps = values.map((_, index) => index * 86_400_000);
  await metrics.append(fence, [{ series: daily!, timestamps, values, watermark: null }]);
  expect(await metrics.read([daily!], 0, 6 * 86_400_000)).toEqual([{ timestamps, values }]);
  await temporary.close();
});
