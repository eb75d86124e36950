import type { HourlyPoints, Points } from './metric-store';
import type { Grid } from './time-range';

const HALF_HOUR_MS = 1_800_000;

/** What becomes of the points in one bucket. */
export type Aggregate = 'AVERAGE' | 'SUM' | 'MINIMUM' | 'MAXIMUM' | 'COUNT' | 'LAST';

/**
 * BUCKETS: the aggregate of each step. LTTB and MIN_MAX choose among the points themselves, so that peaks
 * stay.
 */
export type Downsampling = 'BUCKETS' | 'LTTB' | 'MIN_MAX';

/**
 * One point a bucket, standing at the bucket's start; an empty bucket gives none. The aggregate is over the
 * points as stored, whatever their statistic: AVERAGE of a Sum series is the mean of its sums, and AVERAGE
 * of an Average series weighs each period alike. Where each point has a bucket of its own and the aggregate
 * of one value is that value, the points come back as they are, not copied.
 * @param points inside the grid, ascending by time.
 */
export function toBuckets(points: Points, grid: Grid, aggregate: Aggregate): Points {
  const width = grid.step * 1000;
  if (aggregate !== 'COUNT' && standsOnGrid(points.timestamps, width)) return points;
  const timestamps: number[] = [];
  const values: number[] = [];
  forEachBucket(points.timestamps, width, (bucketStart, start, end) => {
    timestamps.push(bucketStart);
    values.push(AGGREGATES[aggregate](points.values, start, end));
  });
  return { timestamps, values };
}

/**
 * One point a bucket from hours, each in the bucket that it begins in. AVERAGE weighs each hour by its count, so that it is
 * the average of the fine points behind them; LAST is the average of the newest hour, for which fine point was the newest is
 * not known.
 * @param hours ascending.
 */
export function hoursToBuckets(hours: HourlyPoints, grid: Grid, aggregate: Aggregate): Points {
  const points: Points = { timestamps: [], values: [] };
  const valueOf = AGGREGATES_OF_HOURS[aggregate];
  forEachBucket(hours.hours, grid.step * 1000, (bucketStart, start, end) => {
    points.timestamps.push(bucketStart);
    points.values.push(valueOf(hours, start, end));
  });
  return points;
}

/**
 * Stand-ins for the fine points behind hours, for who chooses among points so that peaks stay: the minimum at the hour's
 * start, and the maximum, where it is another, in its middle. When in the hour they were is not known.
 */
export function extremesOf({ hours, minimum, maximum }: HourlyPoints): Points {
  const points: Points = { timestamps: [], values: [] };
  hours.forEach((hour, index) => {
    points.timestamps.push(hour);
    points.values.push(minimum[index]);
    if (minimum[index] === maximum[index]) return;
    points.timestamps.push(hour + HALF_HOUR_MS);
    points.values.push(maximum[index]);
  });
  return points;
}

/**
 * The smallest and the largest point of each bucket, in the order of time; one where they are the same. Of
 * equal values the first is taken. Every peak of the points is among those chosen.
 * @param points inside the grid, ascending by time.
 */
export function toMinMax(points: Points, grid: Grid): Points {
  const { timestamps: times, values: source } = points;
  const timestamps: number[] = [];
  const values: number[] = [];
  const take = (index: number) => {
    timestamps.push(times[index]);
    values.push(source[index]);
  };
  forEachBucket(times, grid.step * 1000, (_bucketStart, start, end) => {
    let lowest = start;
    let highest = start;
    for (let index = start + 1; index < end; index++) {
      if (source[index] < source[lowest]) lowest = index;
      if (source[index] > source[highest]) highest = index;
    }
    take(Math.min(lowest, highest));
    if (lowest !== highest) take(Math.max(lowest, highest));
  });
  return { timestamps, values };
}

/**
 * Largest-Triangle-Three-Buckets (S. Steinarsson, Downsampling Time Series for Visual Representation,
 * 2013): the first and the last point, and between them from each of `limit` − 2 parts with equally many
 * points the one that spans the largest triangle with the point chosen before it and the average of the
 * next part.
 * @param limit at least 2; no more points than that come back as they are, not copied.
 */
export function toLttb(points: Points, limit: number): Points {
  const { timestamps: times, values: source } = points;
  const count = times.length;
  if (count <= limit) return points;
  const chosen = [0];
  const partStart = (part: number) => 1 + Math.floor((part * (count - 2)) / (limit - 2));
  for (let part = 0; part < limit - 2; part++) {
    const start = partStart(part);
    const end = partStart(part + 1);
    const next = averagePoint(points, end, part === limit - 3 ? count : partStart(part + 2));
    const previous = chosen[chosen.length - 1];
    let best = start;
    let largest = -1;
    for (let index = start; index < end; index++) {
      const doubledArea = Math.abs(
        (times[previous] - next.time) * (source[index] - source[previous]) -
          (times[previous] - times[index]) * (next.value - source[previous]),
      );
      if (doubledArea > largest) {
        largest = doubledArea;
        best = index;
      }
    }
    chosen.push(best);
  }
  chosen.push(count - 1);
  return { timestamps: chosen.map((index) => times[index]), values: chosen.map((index) => source[index]) };
}

/** The aggregate of values[start, end), which holds at least one. */
const AGGREGATES: Record<Aggregate, (values: readonly number[], start: number, end: number) => number> = {
  AVERAGE: (values, start, end) => sum(values, start, end) / (end - start),
  SUM: sum,
  MINIMUM: (values, start, end) => {
    let lowest = values[start];
    for (let index = start + 1; index < end; index++) if (values[index] < lowest) lowest = values[index];
    return lowest;
  },
  MAXIMUM: (values, start, end) => {
    let highest = values[start];
    for (let index = start + 1; index < end; index++) if (values[index] > highest) highest = values[index];
    return highest;
  },
  COUNT: (_values, start, end) => end - start,
  LAST: (values, _start, end) => values[end - 1],
};

/** The aggregate of hours [start, end), which are at least one. */
const AGGREGATES_OF_HOURS: Record<Aggregate, (hours: HourlyPoints, start: number, end: number) => number> = {
  AVERAGE: (hours, start, end) => sum(hours.sum, start, end) / sum(hours.count, start, end),
  SUM: (hours, start, end) => sum(hours.sum, start, end),
  MINIMUM: (hours, start, end) => AGGREGATES.MINIMUM(hours.minimum, start, end),
  MAXIMUM: (hours, start, end) => AGGREGATES.MAXIMUM(hours.maximum, start, end),
  COUNT: (hours, start, end) => sum(hours.count, start, end),
  LAST: (hours, _start, end) => hours.sum[end - 1] / hours.count[end - 1],
};

function sum(values: readonly number[], start: number, end: number): number {
  let total = 0;
  for (let index = start; index < end; index++) total += values[index];
  return total;
}

function averagePoint(points: Points, start: number, end: number): { time: number; value: number } {
  return {
    time: sum(points.timestamps, start, end) / (end - start),
    value: sum(points.values, start, end) / (end - start),
  };
}

function standsOnGrid(timestamps: readonly number[], width: number): boolean {
  for (const timestamp of timestamps) if (timestamp % width !== 0) return false;
  return true;
}

/**
 * Calls `visit` for each bucket that has points, with its start (epoch ms) and its points' indexes [start,
 * end).
 */
function forEachBucket(
  timestamps: readonly number[],
  width: number,
  visit: (bucketStart: number, start: number, end: number) => void,
): void {
  for (let start = 0; start < timestamps.length;) {
    const bucketStart = Math.floor(timestamps[start] / width) * width;
    let end = start + 1;
    while (end < timestamps.length && timestamps[end] < bucketStart + width) end++;
    visit(bucketStart, start, end);
    start = end;
  }
}
