import type { Fence } from '../../core/collection/leases';
import { addPoint, hourlyOf, noAggregates } from '../../core/metrics/aggregates';
import type {
  AppendOptions,
  AppendResult,
  HourlyPoints,
  MetricStore,
  Points,
  SeriesAggregates,
  SeriesLocation,
  SeriesPoints,
} from '../../core/metrics/metric-store';
import { batchOf } from './append-batch';
import { Append } from './append';
import type { DamageLog } from './damage';
import type { MetricTables } from './metric-tables';
import { MetricReads } from './metric-reads';

/** Points as blobs, laid out as `head-layout.ts` and `codec/` say, in the tables of whichever database. */
export class BlobMetricStore implements MetricStore {
  readonly #reads: MetricReads;

  constructor(
    private readonly tables: MetricTables,
    private readonly onDamage: DamageLog,
  ) {
    this.#reads = new MetricReads(tables, onDamage);
  }

  async append(
    fence: Fence,
    batch: readonly SeriesPoints[],
    options: AppendOptions = {},
  ): Promise<AppendResult> {
    const points = batchOf(batch);
    return this.tables.transaction((transaction) =>
      new Append(transaction, this.onDamage, fence, options).run(batch, points),
    );
  }

  read(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]> {
    return this.#reads.points(series, from, to);
  }

  async readHourly(series: readonly SeriesLocation[], from: number, to: number): Promise<HourlyPoints[]> {
    return (await this.read(series, from, to)).map(hourlyOf);
  }

  async aggregate(series: readonly SeriesLocation[], from: number, to: number): Promise<SeriesAggregates> {
    const aggregates = noAggregates(series.length);
    const points = await this.read(series, from, to);
    points.forEach(({ timestamps, values }, index) =>
      timestamps.forEach((timestamp, at) => addPoint(aggregates, index, timestamp, values[at]!)),
    );
    return aggregates;
  }

  latest(
    series: readonly SeriesLocation[],
    since: number,
  ): Promise<({ timestamp: number; value: number } | null)[]> {
    return this.#reads.latest(series, since);
  }
}
