import type { Clock } from '../clock';
import type { SettleTimes } from '../collection/settle-times';
import type { SeriesDemand } from '../cost/series-demand';
import type { LatestPoint } from './latest-point';
import type { MetricStore, Points } from './metric-store';
import { fineSince, resolutionOf, splitRange, valuesIn } from './resolution';
import type { Series } from './series';
import { downsample, type DownsamplingOptions } from './stored-downsampling';
import { eachStored } from './stored-reads';
import { summarise, type Summary } from './summary';
import { bucketCount, resolveGrid, resolveTimeRange, type Grid, type TimeRangeInput } from './time-range';

/** What to read, and how to thin it out. */
export interface ReadOptions extends DownsamplingOptions {
  range: TimeRangeInput;
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

/** How far back `latest` looks: two days more than the slowest (daily) metrics of CloudWatch need. */
const LATEST_LOOKBACK_MS = 3 * 86_400_000;

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
    await eachStored(
      this.metrics,
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
    await eachStored(
      this.metrics,
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

/** A bucket is provisional as soon as one of its points is. */
function provisionalFrom(first: number, grid: Grid, { downsampling }: DownsamplingOptions): number | null {
  if (first >= grid.to) return null;
  const width = grid.step * 1000;
  const onGrid = downsampling === 'BUCKETS' ? Math.floor(first / width) * width : first;
  return Math.max(grid.from, onGrid);
}
