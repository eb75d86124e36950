import { MetricReader } from '../metrics/metric-reader';
import type { MetricStore } from '../metrics/metric-store';
import type { Series } from '../metrics/series';
import { newestOf } from '../../../test/contracts/newest-points';

const NOW = Date.UTC(2026, 10, 24, 12);
const SERIES = [1, 2].map((id) => ({ id, period: 300, settleSeconds: 60 }) as Series);

it('a read of points, and one of the newest, tells which series are read', async () => {
  const noted: number[][] = [];
  const none = { timestamps: [], values: [] };
  const metrics = {
    read: async (series: readonly Series[]) => series.map(() => none),
    latest: async (series: readonly Series[]) => newestOf(series.map(() => none)),
  } as unknown as MetricStore;
  const reader = new MetricReader({
    metrics,
    clock: { now: () => NOW } as never,
    demand: { note: (series) => void noted.push(series.map(({ id }) => id)) },
  });
  await reader.latest(SERIES);
  await reader.read(SERIES.slice(1), {
    ...{ range: { last: 3_600 }, aggregate: 'AVERAGE', downsampling: 'BUCKETS', maxPoints: 100 },
  });
  expect(noted).toEqual([[1, 2], [2]]);
});
