import { StaleLeaseError, type Fence } from '../../src/core/collection/leases';
import { addPoint, hourlyOf, noAggregates } from '../../src/core/metrics/aggregates';
import type { Gap, Gaps } from '../../src/core/metrics/gap';
import type { MetricEvent, MetricEventLog } from '../../src/core/metrics/metric-events';
import type {
  AppendOptions,
  AppendResult,
  HourlyPoints,
  MetricStore,
  Points,
  SeriesHours,
  SeriesLocation,
  SeriesPoints,
} from '../../src/core/metrics/metric-store';
import type { SeriesState, SeriesStates } from '../../src/core/metrics/series-state';
import { newestOf } from './newest-points';

const HOUR = 3_600_000;
const NEW: SeriesState = {
  watermark: null,
  askedAt: null,
  answeredAt: null,
  receivedAt: null,
  trouble: null,
};

/**
 * A MetricStore in memory with what belongs to it, for tests of what uses one. `holds` answers whether a fence is still
 * good, `blocks` where a block lies (by default eu-central-1, 300 s).
 */
export class MemoryMetricStore implements MetricStore {
  readonly #points = new Map<number, Map<number, number>>();
  readonly #coarse = new Map<number, Map<number, [min: number, max: number, sum: number, count: number]>>();
  readonly #states = new Map<number, SeriesState>();
  readonly #changed = new Map<number, AppendResult['changes']>();
  #gaps: Gap[] = [];
  #nextGap = 1;
  #events: MetricEvent[] = [];
  #sequence = 0;

  constructor(
    private readonly holds: (fence: Fence) => boolean,
    private readonly blocks: (block: number) => { region: string; period: number } = () => ({
      ...{ region: 'eu-central-1', period: 300 },
    }),
  ) {}

  async append(
    fence: Fence,
    batch: readonly SeriesPoints[],
    { isRecovered = () => false, askedAt, hourly = [], gaps }: AppendOptions = {},
  ): Promise<AppendResult> {
    for (const { series, timestamps, values } of batch) {
      if (values.length !== timestamps.length || !values.every(Number.isFinite))
        throw new RangeError('value');
      if (timestamps.some((timestamp) => timestamp % (series.period * 1_000) !== 0))
        throw new RangeError('time');
    }
    this.#require(fence);
    const before = new Map([...this.#points].map(([id, points]) => [id, new Map(points)]));
    for (const entry of batch) {
      const points = this.#of(entry.series.id);
      entry.timestamps.forEach((timestamp, index) => points.set(timestamp, entry.values[index]!));
      this.#states.set(entry.series.id, answered(this.#stateOf(entry.series), entry, askedAt));
    }
    for (const hours of hourly) this.#keepHours(hours);
    if (gaps) {
      this.#gaps = this.#gaps.filter(
        ({ id, accountId }) => accountId !== fence.accountId || !gaps.removed.includes(id),
      );
      for (const gap of gaps.added) {
        const id = this.#nextGap++;
        this.#gaps.push({ ...gap, ...this.blocks(gap.block), id, accountId: fence.accountId });
      }
    }
    const result = difference(before, this.#points, isRecovered);
    this.#changed.set(fence.accountId, [...(this.#changed.get(fence.accountId) ?? []), ...result.changes]);
    return result;
  }

  async read(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]> {
    return series.map(({ id }) => columns([...this.#of(id)].filter(([time]) => time >= from && time < to)));
  }

  async readHourly(series: readonly SeriesLocation[], from: number, to: number): Promise<HourlyPoints[]> {
    return series.map(({ id }) => {
      const fine = hourlyOf(columns([...this.#of(id)]));
      const hours = new Map(this.#coarse.get(id));
      fine.hours.forEach((hour, at) => {
        hours.set(hour, [fine.minimum[at]!, fine.maximum[at]!, fine.sum[at]!, fine.count[at]!]);
      });
      const chosen = [...hours].filter(([hour]) => hour >= from && hour < to).sort(([a], [b]) => a - b);
      const column = (at: number) => chosen.map(([, values]) => values[at]!);
      return {
        hours: chosen.map(([hour]) => hour),
        ...{ minimum: column(0), maximum: column(1), sum: column(2), count: column(3) },
      };
    });
  }

  async aggregate(series: readonly SeriesLocation[], from: number, to: number) {
    const aggregates = noAggregates(series.length);
    (await this.read(series, from, to)).forEach(({ timestamps, values }, index) =>
      timestamps.forEach((timestamp, at) => addPoint(aggregates, index, timestamp, values[at]!)),
    );
    return aggregates;
  }

  async latest(series: readonly SeriesLocation[], since: number) {
    return newestOf(await this.read(series, since, Infinity));
  }

  readonly states: SeriesStates = {
    statesOf: async (series) => series.map((one) => this.#stateOf(one)),
    note: async (fence, troubles, at) => {
      this.#require(fence);
      for (const { series, trouble } of troubles) {
        this.#states.set(series.id, { ...this.#stateOf(series), askedAt: at, trouble });
      }
    },
  };

  readonly gaps: Gaps = {
    recoverable: async (accountId, limit) =>
      this.#gaps
        .filter((gap) => gap.accountId === accountId && gap.recoverable)
        .sort((a, b) => b.to - a.to || b.id - a.id)
        .slice(0, limit),
    ofSeries: async ({ block, slot }, from, to) =>
      this.#touching(from, to).filter((gap) => gap.block === block && gap.slots.includes(slot)),
    ofAccount: async (accountId, from, to) =>
      this.#touching(from, to).filter((gap) => gap.accountId === accountId),
  };

  readonly events: MetricEventLog = {
    publish: async (fence, at) => {
      this.#require(fence);
      const changed = this.#changed.get(fence.accountId) ?? [];
      if (changed.length === 0) return null;
      this.#changed.delete(fence.accountId);
      const sequence = ++this.#sequence;
      this.#events.push({ sequence, accountId: fence.accountId, at, changes: pointers(changed) });
      const points = changed.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
      return { sequence, points };
    },
    bounds: async () => {
      const oldest = this.#events[0]?.sequence ?? (this.#sequence === 0 ? 0 : this.#sequence + 1);
      return { oldest, newest: this.#sequence };
    },
    since: async (accountIds, after, upTo, limit) =>
      this.#events
        .filter(({ sequence, accountId }) => {
          return sequence > after && sequence <= upTo && (accountIds?.includes(accountId) ?? true);
        })
        .slice(0, limit),
  };

  #require(fence: Fence): void {
    if (!this.holds(fence)) throw new StaleLeaseError(fence);
  }

  #touching(from: number, to: number): Gap[] {
    return this.#gaps
      .filter((gap) => gap.to > from && gap.from < to)
      .sort((a, b) => a.from - b.from || a.id - b.id);
  }

  #keepHours({ series, hours, minimum, maximum, sum, count }: SeriesHours): void {
    const kept = this.#coarse.get(series.id) ?? new Map();
    this.#coarse.set(series.id, kept);
    const fine = new Set([...this.#of(series.id).keys()].map((time) => Math.floor(time / HOUR) * HOUR));
    hours.forEach((hour, at) => {
      if (!fine.has(hour)) kept.set(hour, [minimum[at]!, maximum[at]!, sum[at]!, count[at]!]);
    });
  }

  #stateOf({ id }: SeriesLocation): SeriesState {
    return this.#states.get(id) ?? NEW;
  }

  #of(id: number): Map<number, number> {
    let points = this.#points.get(id);
    if (!points) this.#points.set(id, (points = new Map()));
    return points;
  }
}

function answered(
  state: SeriesState,
  { timestamps, watermark, trouble }: SeriesPoints,
  askedAt: number | undefined,
): SeriesState {
  const whole = watermark !== null;
  return {
    watermark: whole ? Math.max(watermark, state.watermark ?? watermark) : state.watermark,
    askedAt: askedAt ?? state.askedAt,
    answeredAt: whole ? (askedAt ?? state.answeredAt) : state.answeredAt,
    receivedAt: timestamps.length > 0 ? (askedAt ?? state.receivedAt) : state.receivedAt,
    trouble: trouble !== undefined ? trouble : whole ? null : state.trouble,
  };
}

function pointers(changes: AppendResult['changes']): MetricEvent['changes'] {
  const bySeries = new Map<number, Set<number>>();
  for (const { seriesId, timestamps } of changes) {
    bySeries.set(seriesId, new Set([...(bySeries.get(seriesId) ?? []), ...timestamps]));
  }
  return [...bySeries]
    .sort(([a], [b]) => a - b)
    .map(([seriesId, timestamps]) => ({ seriesId, timestamps: [...timestamps].sort((a, b) => a - b) }));
}

function columns(points: [number, number][]): Points {
  const ascending = points.sort(([a], [b]) => a - b);
  return { timestamps: ascending.map(([time]) => time), values: ascending.map(([, value]) => value) };
}

function difference(
  before: ReadonlyMap<number, ReadonlyMap<number, number>>,
  after: ReadonlyMap<number, ReadonlyMap<number, number>>,
  isRecovered: (timestamp: number) => boolean,
): AppendResult {
  const result: AppendResult = { added: 0, revised: 0, recovered: 0, changes: [] };
  for (const [seriesId, points] of after) {
    const old = before.get(seriesId);
    const changed = [...points].filter(([time, value]) => old?.get(time) !== value);
    const revised = changed.filter(([time]) => old?.has(time)).length;
    result.revised += revised;
    result.added += changed.length - revised;
    result.recovered += changed.filter(([time]) => !old?.has(time) && isRecovered(time)).length;
    if (changed.length > 0) result.changes.push({ seriesId, ...columns(changed) });
  }
  return result;
}
