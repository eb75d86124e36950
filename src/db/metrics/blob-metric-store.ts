import type { Fence } from '../../core/collection/leases';
import { addPoint, noAggregates } from '../../core/metrics/aggregates';
import type {
  AppendOptions,
  AppendResult,
  HourlyPoints,
  MetricStore,
  NewestPoints,
  Points,
  SeriesAggregates,
  SeriesLocation,
  SeriesPoints,
} from '../../core/metrics/metric-store';
import { AppendGroup, appendJob, ROWS_AT_ONCE, type AppendJob } from './append-group';
import type { DamageLog } from './damage';
import type { MetricTables } from './metric-tables';
import { HourlyReads } from './hourly-reads';
import { LatestPoints } from './latest-points';
import { PointScan } from './point-scan';
import { TransactionQueue } from './transaction-queue';

/** Points as blobs, laid out as `head-layout.ts` and `codec/` say, in the tables of whichever database. */
export class BlobMetricStore implements MetricStore {
  readonly #appends: TransactionQueue<AppendJob, AppendResult>;
  readonly #scan: PointScan;
  readonly #hourly: HourlyReads;
  readonly #latest: LatestPoints;

  constructor(tables: MetricTables, onDamage: DamageLog) {
    this.#appends = new TransactionQueue(
      tables,
      (transaction, jobs) => new AppendGroup(transaction, onDamage).run(jobs),
      ({ heads }) => heads.length,
      ROWS_AT_ONCE,
    );
    this.#scan = new PointScan(tables, onDamage);
    this.#hourly = new HourlyReads(tables, this.#scan, onDamage);
    this.#latest = new LatestPoints(tables, onDamage);
  }

  async append(
    fence: Fence,
    batch: readonly SeriesPoints[],
    options: AppendOptions = {},
  ): Promise<AppendResult> {
    return this.#appends.run(appendJob(fence, batch, options));
  }

  async read(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]> {
    const points = series.map((): Points => ({ timestamps: [], values: [] }));
    await this.#scan.scan(series, from, to, (index, timestamp, value) => {
      const { timestamps, values } = points[index]!;
      timestamps.push(timestamp);
      values.push(value);
    });
    return points;
  }

  readHourly(series: readonly SeriesLocation[], from: number, to: number): Promise<HourlyPoints[]> {
    return this.#hourly.read(series, from, to);
  }

  async aggregate(series: readonly SeriesLocation[], from: number, to: number): Promise<SeriesAggregates> {
    const aggregates = noAggregates(series.length);
    await this.#scan.scan(series, from, to, (index, timestamp, value) =>
      addPoint(aggregates, index, timestamp, value),
    );
    return aggregates;
  }

  latest(series: readonly SeriesLocation[], since: number): Promise<NewestPoints> {
    return this.#latest.find(series, since);
  }
}
