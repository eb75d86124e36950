import type { Clock } from '../clock';
import type { SettleTimes } from '../collection/settle-times';
import type { SeriesDemand } from '../cost/series-demand';
import {
  extremesOf,
  hoursToBuckets,
  toBuckets,
  toLttb,
  toMinMax,
  type Aggregate,
  type Downsampling,
} from './downsampling';
import type { HourlyPoints, MetricStore, Points } from './metric-store';
import { fineSince, resolutionOf, type Resolution, splitRange, valuesIn } from './resolution';
import type { Series } from './series';
import type { LatestPoint } from './latest-point';
import { summarise, type StoredValues, type Summary } from './summary';
import {
  bucketCount,
  resolveGrid,
  resolveTimeRange,
  type Grid,
  type TimeRange,
  type TimeRangeInput,
} from './time-range';

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

/** How many stored values a read holds at once before they are thinned out: 8 to 16 bytes each. */
const VALUES_AT_ONCE = 2_000_000;

/** How far back `latest` looks: two days more than the slowest (daily) metrics of CloudWatch need. */
const LATEST_LOOKBACK_MS = 3 * 86_400_000;

const NO_HOURS: HourlyPoints = { hours: [], minimum: [], maximum: [], sum: [], count: [] };
const NO_POINTS: Points = { timestamps: [], values: [] };

/** Reads points for callers: ranges, steps, downsampling, and what may still be revised. */
export class MetricReader {
  private readonly metrics: Pick<MetricStore, 'read' | 'readHourly' | 'latest'>;
  private readonly clock: Clock;
  private readonly fineRetentionDays: number;
  private readonly demand: Pick<SeriesDemand, 'note'> | undefined;
  private readonly settleTimes: Pick<SettleTimes, 'secondsOf'> | undefined;

  constructor(dependencies: {
    metrics: Pick<MetricStore, 'read' | 'readHourly' | 'latest'>;
    clock: Clock;
    /** How long fine points are kept; 63 where it is left out, as long as CloudWatch keeps them. */
    fineRetentionDays?: number;
    /** Is told of every series that is read. */
    demand?: Pick<SeriesDemand, 'note'>;
    /** What was learned of how late points come; as declared where it is left out. */
    settleTimes?: Pick<SettleTimes, 'secondsOf'>;
  }) {
    this.metrics = dependencies.metrics;
    this.clock = dependencies.clock;
    this.fineRetentionDays = dependencies.fineRetentionDays ?? 63;
    this.demand = dependencies.demand;
    this.settleTimes = dependencies.settleTimes;
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
    const keptSince = fineSince(this.fineRetentionDays, now);
    const read: ReadSeries[] = [];
    await this.eachStored(
      series,
      ({ period }) => resolutionOf(period, grid, options, keptSince),
      (one, stored) =>
        read.push({
          series: one,
          ...downsample(stored, grid, options),
          provisionalFrom: provisionalFrom(this.provisionalSince(one, now), grid, options),
        }),
    );
    return { ...grid, series: read };
  }

  /**
   * Of the points with `from` ≤ timestamp < `to`, and of the hours that begin there where fine points are kept no more. In
   * the order of `series`. @throws InvalidInputError RC_RANGE_INVALID
   */
  async summaries(series: readonly Series[], range: TimeRangeInput): Promise<Summary[]> {
    this.demand?.note(series);
    const now = this.clock.now();
    const resolved = resolveTimeRange(range, now);
    const keptSince = fineSince(this.fineRetentionDays, now);
    const summaries: Summary[] = [];
    await this.eachStored(
      series,
      ({ period }) => splitRange(period, resolved, keptSince),
      (one, stored) => summaries.push(summarise(stored, this.provisionalSince(one, now))),
    );
    return summaries;
  }

  /** About how many stored values the summary of a series reads. @throws InvalidInputError RC_RANGE_INVALID */
  summaryWeight({ period }: Pick<Series, 'period'>, range: TimeRangeInput): number {
    const now = this.clock.now();
    const resolved = resolveTimeRange(range, now);
    return (
      Math.ceil(valuesIn(period, splitRange(period, resolved, fineSince(this.fineRetentionDays, now)))) + 1
    );
  }

  /** The newest point of each, at most three days old; null where there is none. In the order of `series`. */
  async latest(series: readonly Series[]): Promise<(LatestPoint | null)[]> {
    this.demand?.note(series);
    const now = this.clock.now();
    const { timestamps, values } = await this.metrics.latest(series, now - LATEST_LOOKBACK_MS);
    return series.map((one, index) => {
      const timestamp = timestamps[index]!;
      if (Number.isNaN(timestamp)) return null;
      return { timestamp, value: values[index]!, provisional: timestamp >= this.provisionalSince(one, now) };
    });
  }

  /** Start of the earliest period (epoch ms) whose point may still come, or be revised. */
  provisionalSince(series: Series, now = this.clock.now()): number {
    const width = series.period * 1000;
    const settleSeconds = this.settleTimes?.secondsOf(series) ?? series.settleSeconds;
    return Math.floor((now - settleSeconds * 1000) / width) * width;
  }

  /** Calls `visit` for each series, in order, with what is stored of it at its resolution. */
  private async eachStored(
    series: readonly Series[],
    resolution: (series: Series) => Resolution,
    visit: (series: Series, stored: StoredValues) => void,
  ): Promise<void> {
    for (const part of inParts(series, resolution)) {
      const hours = await readAlike(
        part,
        (one) => resolution(one).hours,
        NO_HOURS,
        (some, { from, to }) => this.metrics.readHourly(some, from, to),
      );
      const fine = await readAlike(
        part,
        (one) => resolution(one).fine,
        NO_POINTS,
        (some, { from, to }) => this.metrics.read(some, from, to),
      );
      part.forEach((one, index) => visit(one, { hours: hours[index], fine: fine[index] }));
    }
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

/** In the order of `series`; those whose range is the same are read together, those without one have `nothing`. */
async function readAlike<T>(
  series: readonly Series[],
  rangeOf: (series: Series) => TimeRange | null,
  nothing: T,
  read: (series: readonly Series[], range: TimeRange) => Promise<T[]>,
): Promise<T[]> {
  const result = series.map(() => nothing);
  const groups = new Map<string, { range: TimeRange; indexes: number[] }>();
  series.forEach((one, index) => {
    const range = rangeOf(one);
    if (!range) return;
    const key = `${range.from} ${range.to}`;
    const group = groups.get(key) ?? { range, indexes: [] };
    groups.set(key, group);
    group.indexes.push(index);
  });
  for (const { range, indexes } of groups.values()) {
    const found = await read(
      indexes.map((index) => series[index]),
      range,
    );
    indexes.forEach((index, at) => (result[index] = found[at]));
  }
  return result;
}

function downsample({ hours, fine }: StoredValues, grid: Grid, options: ReadOptions): Points {
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

/** Runs of series, in order, whose stored values are within VALUES_AT_ONCE (or that are a single one). */
function* inParts(
  series: readonly Series[],
  resolution: (series: Series) => Resolution,
): Generator<readonly Series[]> {
  let start = 0;
  let values = 0;
  for (let end = 0; end < series.length; end++) {
    const more = valuesIn(series[end].period, resolution(series[end]));
    if (end > start && values + more > VALUES_AT_ONCE) {
      yield series.slice(start, end);
      start = end;
      values = 0;
    }
    values += more;
  }
  if (start < series.length) yield series.slice(start);
}

/** A bucket is provisional as soon as one of its points is. */
function provisionalFrom(first: number, grid: Grid, { downsampling }: ReadOptions): number | null {
  if (first >= grid.to) return null;
  const width = grid.step * 1000;
  const onGrid = downsampling === 'BUCKETS' ? Math.floor(first / width) * width : first;
  return Math.max(grid.from, onGrid);
}
