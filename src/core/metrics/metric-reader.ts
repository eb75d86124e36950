import type { Clock } from '../clock';
import type { SeriesDemand } from '../cost/series-demand';
import { toBuckets, toLttb, toMinMax, type Aggregate, type Downsampling } from './downsampling';
import type { MetricStore, Points } from './metric-store';
import type { Series } from './series';
import { bucketCount, resolveGrid, resolveTimeRange, type Grid, type TimeRangeInput } from './time-range';

/** What to read, and how to thin it out. */
export interface ReadOptions {
  range: TimeRangeInput;
  /** Seconds of a bucket; left out, it follows from `maxPoints`. */
  step?: number | null;
  /** For BUCKETS: over the points as stored, whatever their statistic. */
  aggregate: Aggregate;
  downsampling: Downsampling;
  /** 1 to 10,000; holds where no step is given. LTTB and MIN_MAX may give two points in any case. */
  maxPoints: number;
}

/** The points of one series. Timestamps are epoch ms: a bucket's start for BUCKETS, else the point's own. */
export interface ReadSeries extends Points {
  series: Series;
  /** CloudWatch may still revise points at or after this instant; null when that is none of the range. */
  provisionalFrom: number | null;
}

/**
 * Many series on one grid: bucket i begins at `from` (epoch ms) + i × `step` (seconds), and the last one
 * ends at `to`.
 */
export interface ReadResult extends Grid {
  /** In the order asked for. */
  series: ReadSeries[];
}

/** The newest point of a series. */
export interface LatestPoint {
  timestamp: number;
  value: number;
  /** CloudWatch may still revise it. */
  provisional: boolean;
}

/** How many stored points a read holds at once before they are thinned out: 16 bytes each. */
const POINTS_AT_ONCE = 2_000_000;

/** How far back `latest` looks: two days more than the slowest (daily) metrics of CloudWatch need. */
const LATEST_LOOKBACK_MS = 3 * 86_400_000;

/** Reads points for callers: ranges, steps, downsampling, and what may still be revised. */
export class MetricReader {
  private readonly metrics: MetricStore;
  private readonly clock: Clock;
  private readonly demand: Pick<SeriesDemand, 'note'> | undefined;

  /** @param dependencies `demand` is told of every series that is read */
  constructor(dependencies: { metrics: MetricStore; clock: Clock; demand?: Pick<SeriesDemand, 'note'> }) {
    this.metrics = dependencies.metrics;
    this.clock = dependencies.clock;
    this.demand = dependencies.demand;
  }

  /**
   * The caller has checked that it may see `series`. @throws InvalidInputError RC_RANGE_INVALID,
   * RC_STEP_INVALID
   */
  async read(series: readonly Series[], options: ReadOptions): Promise<ReadResult> {
    this.demand?.note(series);
    const now = this.clock.now();
    const grid = resolveGrid(resolveTimeRange(options.range, now), {
      step: options.step ?? null,
      periods: series.map(({ period }) => period),
      maxPoints: options.maxPoints,
      pointsPerBucket: options.downsampling === 'MIN_MAX' ? 2 : 1,
    });
    const read: ReadSeries[] = [];
    for (const part of inParts(series, grid)) {
      const stored = await this.metrics.read(part, grid.from, grid.to);
      part.forEach((one, index) => {
        const { timestamps, values } = downsample(stored[index], grid, options);
        read.push({
          series: one,
          timestamps,
          values,
          provisionalFrom: provisionalFrom(one, grid, options, now),
        });
      });
    }
    return { ...grid, series: read };
  }

  /** The newest point of each, at most three days old; null where there is none. In the order of `series`. */
  async latest(series: readonly Series[]): Promise<(LatestPoint | null)[]> {
    this.demand?.note(series);
    const now = this.clock.now();
    const points = await this.metrics.latest(series, now - LATEST_LOOKBACK_MS);
    return points.map(
      (point, index) =>
        point && { ...point, provisional: point.timestamp >= firstProvisional(series[index], now) },
    );
  }

  /**
   * One value for each bucket of the result, null where there is none. Points that LTTB or MIN_MAX chose
   * keep their own time in columns; here the newest of a bucket stands for it.
   */
  gridValues(read: ReadSeries, result: ReadResult): (number | null)[] {
    const { timestamps, values } = read;
    const width = result.step * 1000;
    const count = bucketCount(result);
    if (
      timestamps.length === count &&
      timestamps.every((timestamp, index) => timestamp === result.from + index * width)
    ) {
      return values;
    }
    const grid = new Array<number | null>(count).fill(null);
    timestamps.forEach((timestamp, index) => {
      grid[Math.floor((timestamp - result.from) / width)] = values[index];
    });
    return grid;
  }
}

function downsample(points: Points, grid: Grid, options: ReadOptions): Points {
  switch (options.downsampling) {
    case 'BUCKETS':
      return toBuckets(points, grid, options.aggregate);
    case 'MIN_MAX':
      return toMinMax(points, grid);
    case 'LTTB':
      return toLttb(points, Math.max(2, options.step == null ? options.maxPoints : bucketCount(grid)));
  }
}

/**
 * Runs of series, in order, whose points of the whole range are within POINTS_AT_ONCE (or that are a single
 * one).
 */
function* inParts(series: readonly Series[], grid: Grid): Generator<readonly Series[]> {
  let start = 0;
  let points = 0;
  for (let end = 0; end < series.length; end++) {
    const more = (grid.to - grid.from) / 1000 / series[end].period;
    if (end > start && points + more > POINTS_AT_ONCE) {
      yield series.slice(start, end);
      start = end;
      points = 0;
    }
    points += more;
  }
  if (start < series.length) yield series.slice(start);
}

/** Start of the earliest period (epoch ms) that has not been over for `settleSeconds` at `now`. */
export function firstProvisional({ period, settleSeconds }: Series, now: number): number {
  const width = period * 1000;
  return Math.floor((now - settleSeconds * 1000) / width) * width;
}

/** A bucket is provisional as soon as one of its points is. */
function provisionalFrom(
  series: Series,
  grid: Grid,
  { downsampling }: ReadOptions,
  now: number,
): number | null {
  const first = firstProvisional(series, now);
  if (first >= grid.to) return null;
  const width = grid.step * 1000;
  const onGrid = downsampling === 'BUCKETS' ? Math.floor(first / width) * width : first;
  return Math.max(grid.from, onGrid);
}
