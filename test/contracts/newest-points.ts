import type { MetricStore, NewestPoints, Points, SeriesLocation } from '../../src/core/metrics/metric-store';

/** The last of each in columns, as `MetricStore.latest` answers. */
export function newestOf(points: readonly Points[]): NewestPoints {
  return {
    timestamps: Float64Array.from(points, ({ timestamps }) => timestamps.at(-1) ?? NaN),
    values: Float64Array.from(points, ({ values }) => values.at(-1) ?? NaN),
  };
}

/** The newest points as objects, for tests to compare; null where there is none. */
export async function latestOf(
  store: Pick<MetricStore, 'latest'>,
  series: readonly SeriesLocation[],
  since: number,
): Promise<({ timestamp: number; value: number } | null)[]> {
  const { timestamps, values } = await store.latest(series, since);
  expect([timestamps.length, values.length]).toEqual([series.length, series.length]);
  return Array.from(timestamps, (timestamp, index) =>
    Number.isNaN(timestamp) ? null : { timestamp, value: values[index]! },
  );
}
