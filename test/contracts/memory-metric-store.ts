import { StaleLeaseError, type Fence } from '../../src/core/collection/leases';
import { addPoint, hourlyOf, noAggregates } from '../../src/core/metrics/aggregates';
import type {
  AppendOptions,
  AppendResult,
  MetricStore,
  Points,
  SeriesLocation,
  SeriesPoints,
} from '../../src/core/metrics/metric-store';

/** A MetricStore in memory, for tests of what uses one. `holds` answers whether a fence is still good. */
export class MemoryMetricStore implements MetricStore {
  readonly watermarks = new Map<number, number>();
  readonly #points = new Map<number, Map<number, number>>();

  constructor(private readonly holds: (fence: Fence) => boolean) {}

  async append(
    fence: Fence,
    batch: readonly SeriesPoints[],
    { isRecovered = () => false }: AppendOptions = {},
  ): Promise<AppendResult> {
    for (const { series, timestamps, values } of batch) {
      if (values.length !== timestamps.length || !values.every(Number.isFinite))
        throw new RangeError('value');
      if (timestamps.some((timestamp) => timestamp % (series.period * 1_000) !== 0))
        throw new RangeError('time');
    }
    if (!this.holds(fence)) throw new StaleLeaseError(fence);
    const before = new Map([...this.#points].map(([id, points]) => [id, new Map(points)]));
    for (const { series, timestamps, values, watermark } of batch) {
      const points = this.#of(series.id);
      timestamps.forEach((timestamp, index) => points.set(timestamp, values[index]!));
      if (watermark === null) continue;
      this.watermarks.set(series.id, Math.max(watermark, this.watermarks.get(series.id) ?? watermark));
    }
    return difference(before, this.#points, isRecovered);
  }

  async read(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]> {
    return series.map(({ id }) => columns([...this.#of(id)].filter(([time]) => time >= from && time < to)));
  }

  async readHourly(series: readonly SeriesLocation[], from: number, to: number) {
    return (await this.read(series, from, to)).map(hourlyOf);
  }

  async aggregate(series: readonly SeriesLocation[], from: number, to: number) {
    const aggregates = noAggregates(series.length);
    (await this.read(series, from, to)).forEach(({ timestamps, values }, index) =>
      timestamps.forEach((timestamp, at) => addPoint(aggregates, index, timestamp, values[at]!)),
    );
    return aggregates;
  }

  async latest(series: readonly SeriesLocation[], since: number) {
    const points = await this.read(series, since, Infinity);
    return points.map(({ timestamps, values }) =>
      timestamps.length > 0 ? { timestamp: timestamps.at(-1)!, value: values.at(-1)! } : null,
    );
  }

  #of(id: number): Map<number, number> {
    let points = this.#points.get(id);
    if (!points) this.#points.set(id, (points = new Map()));
    return points;
  }
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
