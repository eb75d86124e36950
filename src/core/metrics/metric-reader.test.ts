import type { Clock } from '../clock';
import { MetricReader, type ReadOptions } from './metric-reader';
import fc from 'fast-check';
import { MemoryMetricStore } from '../../../test/contracts/memory-metric-store';
import { hourlyOf } from './aggregates';
import { toBuckets, type Aggregate } from './downsampling';
import type { MetricStore, Points, SeriesLocation } from './metric-store';
import type { Series } from './series';
import { newestOf } from '../../../test/contracts/newest-points';

const NOW = Date.UTC(2026, 0, 15, 12, 2, 30);
const MINUTE = 60_000;
const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };

/**
 * Every series has a point at each period of the last day, whose value is its id times the minute of the
 * hour.
 */
class StoredDay implements Pick<MetricStore, 'read' | 'readHourly' | 'latest'> {
  readonly reads: number[] = [];
  readonly hourlyReads: number[] = [];

  read(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]> {
    this.reads.push(series.length);
    return Promise.resolve(series.map((one) => pointsOf(one, from, to)));
  }

  readHourly(series: readonly SeriesLocation[], from: number, to: number) {
    this.hourlyReads.push(series.length);
    return Promise.resolve(series.map((one) => hourlyOf(pointsOf(one, from, to))));
  }

  latest(series: readonly SeriesLocation[], since: number) {
    return Promise.resolve(newestOf(series.map((one) => pointsOf(one, since, NOW))));
  }
}

function pointsOf({ id, period }: SeriesLocation, from: number, to: number): Points {
  const width = period * 1000;
  const timestamps: number[] = [];
  const start = Math.ceil(Math.max(from, NOW - 1440 * MINUTE) / width) * width;
  for (let at = start; at < Math.min(to, NOW - width + 1); at += width) timestamps.push(at);
  return { timestamps, values: timestamps.map((at) => id * new Date(at).getUTCMinutes()) };
}

function series(id: number, options: Partial<Series> = {}): Series {
  return {
    id,
    tenantId: 1,
    accountId: 1,
    resourceId: 1,
    region: 'eu-central-1',
    plugin: 'ec2',
    namespace: 'AWS/EC2',
    name: 'CPUUtilization',
    statistic: 'Average',
    unit: 'Percent',
    period: 300,
    dimensions: {},
    settleSeconds: 900,
    block: 1,
    slot: id,
    ...options,
  };
}

function makeReader() {
  const store = new StoredDay();
  const reader = new MetricReader({ metrics: store, clock });
  const read = (given: Series[], options: Partial<ReadOptions> = {}) =>
    reader.read(given, {
      range: { last: 3600 },
      aggregate: 'AVERAGE',
      downsampling: 'BUCKETS',
      maxPoints: 500,
      ...options,
    });
  return { reader, read, store };
}

describe('MetricReader', () => {
  it('calls provisional what was learned to come later than declared', async () => {
    const settleTimes = { secondsOf: () => 3_600 };
    const reader = new MetricReader({ metrics: new StoredDay(), clock, settleTimes });
    expect(clock.now() - reader.provisionalSince(series(1))).toBeGreaterThanOrEqual(3_600_000);
    const { provisionalFrom } = (
      await reader.read([series(1)], {
        ...{ range: { last: 7_200 }, aggregate: 'AVERAGE', downsampling: 'BUCKETS', maxPoints: 500 },
      })
    ).series[0]!;
    expect(provisionalFrom).toBe(reader.provisionalSince(series(1)));
  });

  it('reads stored points of many series in the order asked for', async () => {
    const result = await makeReader().read([series(2), series(1)]);
    expect(result).toMatchObject({
      from: Date.UTC(2026, 0, 15, 11),
      to: Date.UTC(2026, 0, 15, 12, 5),
      step: 300,
    });
    expect(result.series.map((one) => one.series.id)).toEqual([2, 1]);
    expect(result.series[0].values).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]);
    expect(result.series[1].timestamps[1]).toBe(result.from + 5 * MINUTE);
  });

  it('cuts whole buckets, beyond the ends of the range', async () => {
    const result = await makeReader().read([series(1)], { step: 1800, aggregate: 'SUM' });
    expect(result.series[0]).toMatchObject({
      timestamps: [Date.UTC(2026, 0, 15, 11), Date.UTC(2026, 0, 15, 11, 30)],
      values: [0 + 5 + 10 + 15 + 20 + 25, 30 + 35 + 40 + 45 + 50 + 55],
    });
  });

  it('downsamples by MIN_MAX and LTTB within maxPoints', async () => {
    const { read } = makeReader();
    const day = { range: { last: 86_400 }, maxPoints: 50 };
    const all = await read([series(1)], { range: { last: 86_400 } });
    const minMax = await read([series(1)], { ...day, downsampling: 'MIN_MAX' });
    const lttb = await read([series(1)], { ...day, downsampling: 'LTTB' });
    expect(all.series[0].values.length).toBe(287);
    expect(minMax.series[0].values.length).toBeLessThanOrEqual(50);
    expect(minMax.series[0].values).toContain(55);
    expect(lttb.series[0].values.length).toBe(50);
  });

  it('says from where on CloudWatch may still revise', async () => {
    const { read } = makeReader();
    const provisionalFrom = async (given: Series, options?: Partial<ReadOptions>) =>
      (await read([given], options)).series[0].provisionalFrom;
    // 15 minutes before 12:02:30 the period from 11:45 was still open.
    expect(await provisionalFrom(series(1))).toBe(Date.UTC(2026, 0, 15, 11, 45));
    expect(await provisionalFrom(series(1, { settleSeconds: 0 }))).toBe(Date.UTC(2026, 0, 15, 12, 0));
    expect(await provisionalFrom(series(1), { step: 1800 })).toBe(Date.UTC(2026, 0, 15, 11, 30));
    expect(await provisionalFrom(series(1), { step: 1800, downsampling: 'LTTB' })).toBe(
      Date.UTC(2026, 0, 15, 11, 45),
    );
    expect(await provisionalFrom(series(1, { settleSeconds: 86_400 }))).toBe(Date.UTC(2026, 0, 15, 11));
    expect(
      await provisionalFrom(series(1), { range: { from: NOW - 120 * MINUTE, to: NOW - 60 * MINUTE } }),
    ).toBeNull();
  });

  it('puts values on the grid with null where there is none', async () => {
    const { reader, read } = makeReader();
    const withGap = await read([series(1)]);
    expect(reader.gridValues(withGap.series[0], withGap)).toEqual([
      0,
      5,
      10,
      15,
      20,
      25,
      30,
      35,
      40,
      45,
      50,
      55,
      null,
    ]);
    const whole = await read([series(1)], { range: { from: NOW - 62.5 * MINUTE, to: NOW - 32.5 * MINUTE } });
    expect(reader.gridValues(whole.series[0], whole)).toEqual([0, 5, 10, 15, 20, 25]);
    const mixed = await read([series(1), series(1, { period: 60 })], { step: 60, range: { last: 600 } });
    expect(reader.gridValues(mixed.series[0], mixed).filter((value) => value !== null)).toEqual([55]);
    const chosen = await read([series(1)], { step: 1800, downsampling: 'MIN_MAX' });
    expect(reader.gridValues(chosen.series[0], chosen)).toEqual([25, 55, null]);
  });

  it('refuses a step finer than the series', async () => {
    await expect(makeReader().read([series(1)], { step: 60 })).rejects.toMatchObject({
      code: 'RC_STEP_INVALID',
    });
  });

  it('reads few series at a time when the range holds many values', async () => {
    const { read, store } = makeReader();
    const many = Array.from({ length: 50 }, (_, index) => series(index + 1, { period: 60 }));
    const result = await read(many, { range: { last: 455 * 86_400 } });
    expect(store.hourlyReads).toEqual([45, 5]);
    expect(store.reads).toEqual([]);
    expect(result.series.map((one) => one.series.id)).toEqual(many.map(({ id }) => id));
  });

  it('gives the newest points and whether they may change', async () => {
    const latest = await makeReader().reader.latest([series(1), series(2, { settleSeconds: 0 })]);
    const timestamp = Date.UTC(2026, 0, 15, 11, 55);
    expect(latest).toEqual([
      { timestamp, value: 55, provisional: true },
      { timestamp, value: 110, provisional: false },
    ]);
  });
});

describe('MetricReader over hourly values', () => {
  const DAY = 86_400_000;
  const HOUR = 3_600_000;
  const AGGREGATES: Aggregate[] = ['AVERAGE', 'SUM', 'MINIMUM', 'MAXIMUM', 'COUNT', 'LAST'];

  /** A store that has fine points since `keptSince` alone, and hourly values of all. */
  async function make(points: Points, { keptSince = 0, days = 63, one = series(1) } = {}) {
    const store = new MemoryMetricStore(() => true);
    await store.append({ accountId: 1, token: 1 }, [{ series: one, ...points, watermark: null }]);
    const metrics: Pick<MetricStore, 'read' | 'readHourly' | 'latest'> = {
      read: (some, from, to) => store.read(some, Math.max(from, keptSince), to),
      readHourly: (some, from, to) => store.readHourly(some, from, to),
      latest: (some, since) => store.latest(some, since),
    };
    return new MetricReader({ metrics, clock, fineRetentionDays: days });
  }

  /** Integers, so that sums are exact in any order. */
  const somePoints = (from: number, count: number) =>
    fc
      .uniqueArray(fc.tuple(fc.nat(count - 1), fc.integer({ min: -1_000, max: 1_000 })), {
        selector: ([index]) => index,
        maxLength: 200,
      })
      .map((pairs): Points => {
        const ascending = pairs.sort(([a], [b]) => a - b);
        return {
          timestamps: ascending.map(([index]) => from + index * 300_000),
          values: ascending.map(([, value]) => value),
        };
      });

  it('answers on the grid of hours what fine points answer, whatever is kept of them', async () => {
    const from = Date.UTC(2026, 0, 10);
    const anyRead = fc.record({
      points: somePoints(from, 3 * 288),
      hours: fc.integer({ min: 1, max: 30 }),
      start: fc.integer({ min: 0, max: 2 * DAY }),
      aggregate: fc.constantFrom(...AGGREGATES.filter((one) => one !== 'LAST')),
      days: fc.integer({ min: 1, max: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(anyRead, async ({ points, hours, start, aggregate, days }) => {
        const keptSince = Math.ceil((NOW - days * DAY) / HOUR) * HOUR;
        const reader = await make(points, { keptSince, days });
        const range = { from: from + start, to: from + 3 * DAY };
        const options = { range, step: hours * 3_600, aggregate, downsampling: 'BUCKETS', maxPoints: 500 };
        const result = await reader.read([series(1)], options as ReadOptions);
        const inGrid = points.timestamps.flatMap((timestamp, index) =>
          timestamp >= result.from && timestamp < result.to ? [[timestamp, points.values[index]]] : [],
        );
        const expected = toBuckets(
          { timestamps: inGrid.map(([t]) => t), values: inGrid.map(([, v]) => v) },
          result,
          aggregate,
        );
        expect(result.series[0]).toMatchObject(expected);
      }),
    );
  });

  it('joins hours and fine points within a bucket where fine points end', async () => {
    // Kept since 11:00: three hours of one value a period, which is the hour.
    const timestamps = Array.from({ length: 36 }, (_, index) => Date.UTC(2026, 0, 14, 11) + index * 300_000);
    const values = timestamps.map((timestamp) => new Date(timestamp).getUTCHours());
    const keptSince = Date.UTC(2026, 0, 14, 13);
    const reader = await make({ timestamps, values }, { keptSince, days: 1 });
    const read = async (aggregate: Aggregate, step: number) => {
      const range = { from: timestamps[0], to: keptSince + HOUR };
      const options = { range, step, aggregate, downsampling: 'BUCKETS' as const, maxPoints: 500 };
      return (await reader.read([series(1)], options)).series[0].values;
    };
    // 10:30 to 12:00, 12:00 to 13:30, 13:30 to 15:00.
    expect(await read('SUM', 5_400)).toEqual([11 * 12, 12 * 12 + 13 * 6, 13 * 6]);
    expect(await read('AVERAGE', 5_400)).toEqual([11, (12 * 12 + 13 * 6) / 18, 13]);
    expect(await read('COUNT', 5_400)).toEqual([12, 18, 6]);
    expect(await read('LAST', 5_400)).toEqual([11, 13, 13]);
    // Finer than an hour: each hour stands where it begins.
    expect(await read('SUM', 1_800)).toEqual([11 * 12, 12 * 12, 13 * 6, 13 * 6]);
  });

  it('keeps the peaks of hours whose fine points are gone', async () => {
    const start = Date.UTC(2026, 0, 10);
    const timestamps = Array.from({ length: 3 * 288 }, (_, index) => start + index * 300_000);
    const values = timestamps.map((_, index) =>
      index === 100 ? 1_000 : index === 200 ? -1_000 : index % 12,
    );
    const reader = await make({ timestamps, values }, { keptSince: NOW - DAY, days: 1 });
    for (const downsampling of ['MIN_MAX', 'LTTB'] as const) {
      const range = { from: start, to: start + 3 * DAY };
      const result = await reader.read([series(1)], {
        ...{ range, aggregate: 'AVERAGE', downsampling, maxPoints: 40 },
      });
      const read = result.series[0];
      expect(read.values).toEqual(expect.arrayContaining([1_000, -1_000]));
      expect(read.values.length).toBeLessThanOrEqual(40);
      expect(read.timestamps).toEqual([...new Set(read.timestamps)].sort((a, b) => a - b));
    }
  });

  it('reads what has a period of an hour or more as it is stored', async () => {
    const daily = series(1, { period: 86_400 });
    const timestamps = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2)];
    const reader = await make({ timestamps, values: [1, 2] }, { days: 1, one: daily });
    const range = { from: timestamps[0], to: NOW };
    const options = {
      range,
      aggregate: 'AVERAGE' as const,
      downsampling: 'BUCKETS' as const,
      maxPoints: 500,
    };
    expect((await reader.read([daily], options)).series[0]).toMatchObject({ timestamps, values: [1, 2] });
  });

  it('sums a series up', async () => {
    const timestamps = [4, 3, 2, 1, 0].map((back) => Date.UTC(2026, 0, 15, 11, 55) - back * 300_000);
    const reader = await make({ timestamps, values: [5, 1, 4, 2, 3] });
    expect(await reader.summaries([series(1), series(2)], { last: 3_600 })).toEqual([
      {
        ...{ count: 5, minimum: 1, maximum: 5, average: 3, sum: 15, p50: 3 },
        p95: expect.closeTo(4.8),
        p99: expect.closeTo(4.96),
        first: { timestamp: timestamps[0], value: 5, provisional: false },
        last: { timestamp: timestamps[4], value: 3, provisional: true },
      },
      {
        ...{ count: 0, minimum: null, maximum: null, average: null, sum: null },
        ...{ p50: null, p95: null, p99: null, first: null, last: null },
      },
    ]);
    // The end is not part of a range.
    const [part] = await reader.summaries([series(1)], { from: timestamps[1], to: timestamps[3] });
    expect(part).toMatchObject({ count: 2, sum: 5, p50: 2.5, first: { value: 1 }, last: { value: 4 } });
  });

  it('says no percentile of hours, and counts the points behind them', async () => {
    // The first is of an hour whose fine points are gone.
    const timestamps = [9, 11, 11.5].map((hour) => Date.UTC(2026, 0, 15) + hour * HOUR);
    const points = { timestamps, values: [1, 3, 7] };
    const reader = await make(points, { keptSince: Date.UTC(2026, 0, 15, 11), days: 1.5 / 24 });
    const [summary] = await reader.summaries([series(1)], { last: 86_400 });
    expect(summary).toMatchObject({ count: 3, minimum: 1, maximum: 7, sum: 11, p50: null, p99: null });
    expect(summary).toMatchObject({ first: null, last: { value: 7 } });
    expect(reader.summaryWeight(series(1), { last: 3_600 })).toBeLessThan(
      reader.summaryWeight(series(1), { last: 86_400 }),
    );
  });
});
