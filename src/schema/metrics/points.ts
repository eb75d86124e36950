import type { LatestPoint } from '../../core/metrics/latest-point';
import type { ReadSeries } from '../../core/metrics/metric-reader';

type PointsOfSeries = Pick<ReadSeries, 'timestamps' | 'values' | 'provisionalFrom'>;

/** The points one by one, as DataPoint shows them. */
export function toDataPoints({ timestamps, values, provisionalFrom }: PointsOfSeries): LatestPoint[] {
  const from = provisionalFrom ?? Infinity;
  return timestamps.map((timestamp, i) => ({ timestamp, value: values[i], provisional: timestamp >= from }));
}

/** The points as the Columns scalar carries them. */
export function toColumns({ timestamps, values, provisionalFrom }: PointsOfSeries): PointsOfSeries {
  return { timestamps, values, provisionalFrom };
}
