import { MetricReader, type ReadOptions } from '../../src/core/metrics/metric-reader';
import type { Series } from '../../src/core/metrics/series';
import { TemporaryDatabase } from './temporary-database';

const HOUR = 3_600_000;
const DAY = 86_400_000;
const STEP = 300_000;
/** The start of a day. */
const FIRST = 20_780 * DAY;
const NOW = FIRST + 4 * DAY + 2 * HOUR;

describe('MetricReader on SQLite', () => {
  let temporary: TemporaryDatabase;
  let series: Series[];
  const clock = { now: () => NOW, sleep: () => Promise.resolve() };
  const reader = () => new MetricReader({ metrics: temporary.database.metrics, clock, fineRetentionDays: 2 });

  beforeEach(async () => {
    temporary = await TemporaryDatabase.open();
    const tenantId = await temporary.tenant();
    const fence = await temporary.lease(await temporary.account(tenantId));
    series = await temporary.series(fence, tenantId, 2);
    const timestamps = Array.from({ length: (NOW - FIRST) / STEP }, (_, index) => FIRST + index * STEP);
    await temporary.database.metrics.append(
      fence,
      series.map((one, index) => ({
        series: one,
        timestamps,
        values: timestamps.map((_, at) => ((at * 7) % 1_000) * (index + 1)),
        watermark: NOW,
      })),
    );
  });
  afterEach(() => temporary.close());

  const reads: Partial<ReadOptions>[] = [
    ...(['AVERAGE', 'SUM', 'MINIMUM', 'MAXIMUM', 'COUNT'] as const).flatMap((aggregate) => [
      { aggregate, step: 3_600 },
      { aggregate, step: 86_400 },
      { aggregate, step: 5_400 },
      { aggregate, step: 300 },
    ]),
    { aggregate: 'LAST', step: 3_600 },
    { downsampling: 'LTTB', maxPoints: 100 },
    { downsampling: 'MIN_MAX', maxPoints: 100 },
  ];
  const answers = async () => {
    const range = { from: FIRST, to: NOW };
    const defaults = { range, aggregate: 'AVERAGE', downsampling: 'BUCKETS', maxPoints: 500 } as const;
    const read = await Promise.all(
      reads.map((options) => reader().read(series, { ...defaults, ...options })),
    );
    return {
      read,
      summaries: await reader().summaries(series, range),
      latest: await reader().latest(series),
    };
  };

  it('answers alike before and after days are sealed, and after their fine points are gone', async () => {
    const open = await answers();
    expect(open.read[0]!.series[0]!.values).toHaveLength((NOW - FIRST) / HOUR);
    expect(open.summaries[0]).toMatchObject({ count: (NOW - FIRST) / STEP, p50: null });
    const { metricMaintenance } = temporary.database;
    await metricMaintenance.seal(FIRST + 4 * DAY, new AbortController().signal);
    expect(await answers()).toEqual(open);
    await metricMaintenance.prune({ fineBefore: NOW - 2 * DAY, hourlyBefore: 0, eventsBefore: 0 });
    expect((await temporary.database.metrics.read(series, FIRST, FIRST + DAY))[0]!.values).toEqual([]);
    expect(await answers()).toEqual(open);
  });
});
