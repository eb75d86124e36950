import {
  extremesOf,
  hoursToBuckets,
  toBuckets,
  toLttb,
  toMinMax,
  type Aggregate,
  type Downsampling,
} from './downsampling';
import type { HourlyPoints, Points } from './metric-store';
import type { StoredValues } from './summary';
import { bucketCount, type Grid } from './time-range';

/** How stored values are thinned out. */
export interface DownsamplingOptions {
  /** Seconds of a bucket; left out, it follows from `maxPoints`. */
  step?: number | null;
  /** For BUCKETS: over the points as stored, whatever their statistic. */
  aggregate: Aggregate;
  downsampling: Downsampling;
  /** 1 to 10,000; holds where no step is given. LTTB and MIN_MAX may give two points in any case. */
  maxPoints: number;
}

/** Hourly values and the fine points behind them as one run of points. */
export function downsample({ hours, fine }: StoredValues, grid: Grid, options: DownsamplingOptions): Points {
  switch (options.downsampling) {
    case 'BUCKETS':
      return hours.hours.length === 0
        ? toBuckets(fine, grid, options.aggregate)
        : hoursToBuckets(joinHours(hours, fine), grid, options.aggregate);
    case 'MIN_MAX':
      return toMinMax(joinPoints(extremesOf(hours), fine), grid);
    case 'LTTB': {
      const limit = Math.max(2, options.step == null ? options.maxPoints : bucketCount(grid));
      return toLttb(joinPoints(extremesOf(hours), fine), limit);
    }
  }
}

/** Fine points behind hours, as if each were an hour of one point. */
function joinHours(hours: HourlyPoints, { timestamps, values }: Points): HourlyPoints {
  if (timestamps.length === 0) return hours;
  return {
    hours: hours.hours.concat(timestamps),
    minimum: hours.minimum.concat(values),
    maximum: hours.maximum.concat(values),
    sum: hours.sum.concat(values),
    count: hours.count.concat(values.map(() => 1)),
  };
}

function joinPoints(before: Points, after: Points): Points {
  if (before.timestamps.length === 0) return after;
  return {
    timestamps: before.timestamps.concat(after.timestamps),
    values: before.values.concat(after.values),
  };
}
