import type { Clock } from '../clock';
import { MetricReader, type ReadOptions } from './metric-reader';
import type { MetricStore, Points, SeriesLocation } from './metric-store';
import type { Series } from './series';

const NOW = Date.UTC(2026, 0, 15, 12, 2, 30);
const MINUTE = 60_000;
const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };

/**
 * Every series has a point at each period of the last day, whose value is its id times the minute of the
 * hour.
 */
class StoredDay implements Pick<MetricStore, 'read' | 'latest'> {
  readonly reads: number[] = [];

  read(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]> {
    this.reads.push(series.length);
    return Promise.resolve(series.map((one) => pointsOf(one, from, to)));
  }

  latest(series: readonly SeriesLocation[], since: number) {
    return Promise.resolve(
      series.map((one) => {
        const { timestamps, values } = pointsOf(one, since, NOW);
        return timestamps.length === 0 ? null : { timestamp: timestamps.at(-1)!, value: values.at(-1)! };
      }),
    );
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
  const reader = new MetricReader({ metrics: store as unknown as MetricStore, clock });
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

  it('reads few series at a time when the range holds many points', async () => {
    const { read, store } = makeReader();
    const many = Array.from({ length: 5 }, (_, index) => series(index + 1, { period: 60 }));
    const result = await read(many, { range: { last: 455 * 86_400 } });
    expect(store.reads).toEqual([3, 2]);
    expect(result.series.map((one) => one.series.id)).toEqual([1, 2, 3, 4, 5]);
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
