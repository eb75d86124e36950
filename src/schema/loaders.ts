import DataLoader from 'dataloader';
import type { Tenant } from '../core/access/tenant-repository';
import type { ApiToken } from '../core/access/token-repository';
import type { Viewer } from '../core/access/viewer';
import type { AuditEntry } from '../core/audit/audit-repository';
import type { Account } from '../core/accounts/account';
import type { AccountCost } from '../core/cost/account-costs';
import type { CollectionRun } from '../core/collection/collection-run';
import type { Resource } from '../core/inventory/resource';
import type { LatestPoint } from '../core/metrics/latest-point';
import type { ReadOptions, ReadResult, ReadSeries } from '../core/metrics/metric-reader';
import type { Series } from '../core/metrics/series';
import type { SeriesHealth } from '../core/metrics/series-health';
import type { Summary } from '../core/metrics/summary';
import type { TimeRangeInput } from '../core/metrics/time-range';
import type { SchemaServices } from './services';

const MAX_BATCH = 500;

/** One series of a read, with the grid that it stands on. */
export interface LoadedPoints extends ReadSeries {
  result: ReadResult;
}

/** Reads by id, batched and cached within one operation and its caller's scope. A foreign id loads as null. */
export class Loaders {
  readonly accounts: DataLoader<number, Account | null>;
  readonly accountCosts: DataLoader<Account, AccountCost>;
  readonly resources: DataLoader<number, Resource | null>;
  readonly series: DataLoader<number, Series | null>;
  readonly seriesOfResource: DataLoader<number, Series[]>;
  readonly runs: DataLoader<number, CollectionRun | null>;
  readonly latestPoints: DataLoader<Series, LatestPoint | null>;
  readonly tenants: DataLoader<number, Tenant | null>;
  readonly apiTokens: DataLoader<number, ApiToken | null>;
  readonly auditEntries: DataLoader<number, AuditEntry | null>;
  private readonly points = new Map<string, DataLoader<Series, LoadedPoints>>();
  private readonly health = new Map<string, DataLoader<Series, SeriesHealth>>();
  private readonly summaries = new Map<string, DataLoader<Series, Summary>>();

  constructor(
    private readonly services: SchemaServices,
    viewer: Viewer,
    private readonly signal: AbortSignal,
  ) {
    this.accounts = this.loader((ids) => services.accountRepository.within(viewer).findMany(ids));
    this.accountCosts = this.loader((accounts) => services.accountCosts.of(accounts));
    this.resources = this.loader((ids) => services.resourceRepository.within(viewer).findMany(ids));
    this.series = this.loader((ids) => services.seriesCatalog.within(viewer).findMany(ids));
    this.seriesOfResource = this.loader((ids) => services.seriesCatalog.within(viewer).ofResources(ids));
    this.runs = this.loader((ids) => services.runRepository.within(viewer).findMany(ids));
    this.latestPoints = this.loader((series) => services.metricReader.latest(series));
    this.tenants = this.loader((ids) => services.tenantRepository.within(viewer).findMany(ids));
    this.apiTokens = this.loader((ids) => services.tokenRepository.within(viewer).findMany(ids));
    this.auditEntries = this.loader((ids) => services.audit.within(viewer).findMany(ids));
  }

  /** Points of many series that are asked for alike are read together. Series of one period share a grid. */
  pointsOf(series: Series, options: ReadOptions): Promise<LoadedPoints> {
    const key = JSON.stringify([series.period, options]);
    let loader = this.points.get(key);
    if (!loader) {
      loader = this.loader<Series, LoadedPoints>(async (batch) => {
        const result = await this.services.metricReader.read(batch, options);
        return result.series.map((read) => ({ ...read, result }));
      });
      this.points.set(key, loader);
    }
    return loader.load(series);
  }

  /** Of many series over one range, together; null is the last day. */
  healthOf(series: Series, range: TimeRangeInput | null): Promise<SeriesHealth> {
    const key = JSON.stringify(range);
    let loader = this.health.get(key);
    if (!loader) {
      loader = this.loader<Series, SeriesHealth>(async (batch) => {
        const accounts = await this.accountsOf(batch);
        return this.services.metricHealth.ofSeries(batch, accounts, range);
      });
      this.health.set(key, loader);
    }
    return loader.load(series);
  }

  /** Summaries over one range are read together. */
  summaryOf(series: Series, range: TimeRangeInput): Promise<Summary> {
    const key = JSON.stringify(range);
    let loader = this.summaries.get(key);
    if (!loader) {
      loader = this.loader((batch) => this.services.metricReader.summaries(batch, range));
      this.summaries.set(key, loader);
    }
    return loader.load(series);
  }

  private async accountsOf(series: readonly Series[]): Promise<Map<number, Account>> {
    const ids = [...new Set(series.map(({ accountId }) => accountId))];
    const accounts = await Promise.all(ids.map((id) => this.accounts.load(id)));
    return new Map(accounts.flatMap((account) => (account ? [[account.id, account]] : [])));
  }

  private loader<K, V>(read: (keys: readonly K[]) => Promise<V[]>): DataLoader<K, V> {
    return new DataLoader<K, V>(
      (keys) => {
        this.signal.throwIfAborted();
        return read(keys);
      },
      { maxBatchSize: MAX_BATCH },
    );
  }
}
