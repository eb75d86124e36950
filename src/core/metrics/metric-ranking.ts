import type { Clock } from '../clock';
import type { SeriesDemand } from '../cost/series-demand';
import { InvalidInputError } from '../errors';
import type { Aggregate } from './downsampling';
import type { MetricStore, SeriesAggregates, SeriesLocation } from './metric-store';
import { fineSince } from './resolution';
import type { Series, SeriesFilter, SeriesReads } from './series';
import { resolveTimeRange, type TimeRange, type TimeRangeInput } from './time-range';

/** Series whose aggregates are held at once. */
const SERIES_AT_ONCE = 10_000;

/** The most that a ranking names. */
const MAX_RANKED = 100;

export interface RankingOptions {
  filter: SeriesFilter;
  range: TimeRangeInput;
  by: Aggregate;
  direction: 'ASC' | 'DESC';
  /** 1 to 100. */
  limit: number;
}

export interface RankedSeries {
  series: Series;
  value: number;
}

/** What a ranking costs and when it is given up. */
export interface RankingBounds {
  /** Told of how many periods are about to be read; throws when that is too much. */
  take(periods: number): void;
  signal: AbortSignal;
}

interface Ranked {
  id: number;
  value: number;
}

/** Finds the series with the highest or lowest aggregate: of any number, some at a time, and only the first are loaded. */
export class MetricRanking {
  private readonly metrics: Pick<MetricStore, 'aggregate'>;
  private readonly clock: Clock;
  private readonly fineRetentionDays: number;
  private readonly demand: Pick<SeriesDemand, 'note'> | undefined;

  constructor(dependencies: {
    metrics: Pick<MetricStore, 'aggregate'>;
    clock: Clock;
    fineRetentionDays: number;
    /** Is told of every series that is named; those that were only compared with them nobody has seen. */
    demand?: Pick<SeriesDemand, 'note'>;
  }) {
    this.metrics = dependencies.metrics;
    this.clock = dependencies.clock;
    this.fineRetentionDays = dependencies.fineRetentionDays;
    this.demand = dependencies.demand;
  }

  /**
   * The first by value, equal ones by id; a series without a point in the range is left out.
   * @throws InvalidInputError RC_PAGE_INVALID, RC_RANGE_INVALID also for a range before what fine points are kept
   */
  async top(catalog: SeriesReads, options: RankingOptions, bounds: RankingBounds): Promise<RankedSeries[]> {
    const { filter, by, direction, limit } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_RANKED) {
      throw new InvalidInputError('RC_PAGE_INVALID', `limit is ${limit}; it must be 1 to ${MAX_RANKED}`, {
        path: ['limit'],
      });
    }
    const range = this.keptRange(options.range);
    const before = direction === 'DESC' ? descending : ascending;
    let best: Ranked[] = [];
    for (let after = 0; ;) {
      bounds.signal.throwIfAborted();
      const locations = await catalog.locations(filter, after, SERIES_AT_ONCE);
      if (locations.length > 0) {
        bounds.take(periodsOf(locations, range));
        const aggregates = await this.metrics.aggregate(locations, range.from, range.to);
        best = bestOf(best, locations, aggregates, { by, before, limit });
      }
      if (locations.length < SERIES_AT_ONCE) break;
      after = locations.at(-1)!.id;
    }
    const series = await catalog.findMany(best.map(({ id }) => id));
    this.demand?.note(series.filter((one) => one !== null));
    return best.flatMap(({ value }, index) => {
      const one = series[index];
      return one ? [{ series: one, value }] : [];
    });
  }

  private keptRange(input: TimeRangeInput): TimeRange {
    const now = this.clock.now();
    const range = resolveTimeRange(input, now);
    if (range.from >= fineSince(this.fineRetentionDays, now)) return range;
    throw new InvalidInputError(
      'RC_RANGE_INVALID',
      `Series are ranked by fine points, which are kept for ${this.fineRetentionDays} days.`,
      { path: ['range'] },
    );
  }
}

function periodsOf(locations: readonly SeriesLocation[], { from, to }: TimeRange): number {
  return Math.ceil(locations.reduce((sum, { period }) => sum + (to - from) / 1000 / period, 0));
}

/** The first of `best` and of these together. Most series are worse than those, and are never put in order. */
function bestOf(
  best: readonly Ranked[],
  locations: readonly SeriesLocation[],
  aggregates: SeriesAggregates,
  { by, before, limit }: { by: Aggregate; before: (a: Ranked, b: Ranked) => number; limit: number },
): Ranked[] {
  const first = (some: readonly Ranked[]) => [...some].sort(before).slice(0, limit);
  let kept = first(best);
  let worst = kept[limit - 1];
  locations.forEach(({ id }, index) => {
    if (aggregates.count[index] === 0) return;
    const one = { id, value: AGGREGATE_OF[by](aggregates, index) };
    if (worst && before(one, worst) > 0) return;
    kept.push(one);
    if (kept.length < 2 * limit) return;
    kept = first(kept);
    worst = kept[limit - 1];
  });
  return first(kept);
}

const AGGREGATE_OF: Record<Aggregate, (aggregates: SeriesAggregates, index: number) => number> = {
  AVERAGE: ({ sum, count }, index) => sum[index] / count[index],
  SUM: ({ sum }, index) => sum[index],
  MINIMUM: ({ minimum }, index) => minimum[index],
  MAXIMUM: ({ maximum }, index) => maximum[index],
  COUNT: ({ count }, index) => count[index],
  LAST: ({ last }, index) => last[index],
};

function descending(a: Ranked, b: Ranked): number {
  return b.value - a.value || a.id - b.id;
}

function ascending(a: Ranked, b: Ranked): number {
  return a.value - b.value || a.id - b.id;
}
