import type { LatestPoint } from './latest-point';
import type { HourlyPoints, Points } from './metric-store';

/** What is stored of one series: hourly values where fine points are not read, and fine points behind them. */
export interface StoredValues {
  hours: HourlyPoints;
  fine: Points;
}

/** One series over one range in ten figures; null where there is no point. */
export interface Summary {
  count: number;
  minimum: number | null;
  maximum: number | null;
  average: number | null;
  sum: number | null;
  /** Percentiles, `first` and `last` need each point: null too where hourly values stand in for them. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  first: LatestPoint | null;
  last: LatestPoint | null;
}

/** @param provisionalFrom epoch ms; CloudWatch may still revise points from here on. */
export function summarise({ hours, fine }: StoredValues, provisionalFrom: number): Summary {
  const { timestamps, values } = fine;
  const count = total(hours.count) + values.length;
  const sum = total(hours.sum) + total(values);
  const sorted = Float64Array.from(values).sort();
  const percentile = (p: number) => (hours.hours.length === 0 ? quantile(sorted, p) : null);
  const point = (index: number): LatestPoint => ({
    timestamp: timestamps[index],
    value: values[index],
    provisional: timestamps[index] >= provisionalFrom,
  });
  return {
    count,
    minimum: count === 0 ? null : Math.min(lowest(hours.minimum), sorted[0] ?? Infinity),
    maximum: count === 0 ? null : Math.max(highest(hours.maximum), sorted.at(-1) ?? -Infinity),
    average: count === 0 ? null : sum / count,
    sum: count === 0 ? null : sum,
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
    first: values.length > 0 && hours.hours.length === 0 ? point(0) : null,
    last: values.length > 0 ? point(values.length - 1) : null,
  };
}

/**
 * The quantile by linear interpolation between the closest ranks: definition 7 of R. J. Hyndman and Y. Fan, Sample
 * Quantiles in Statistical Packages, The American Statistician 50 (1996), the default of R and NumPy.
 * @param sorted ascending. @returns null when it is empty.
 */
function quantile(sorted: Float64Array, p: number): number | null {
  if (sorted.length === 0) return null;
  const rank = (sorted.length - 1) * p;
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  return below === above ? below : below + (above - below) * (rank - Math.floor(rank));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function lowest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function highest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
