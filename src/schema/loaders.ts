import DataLoader from 'dataloader';
import type { Tenant } from '../core/access/tenant-repository';
import type { ApiToken } from '../core/access/token-repository';
import type { Viewer } from '../core/access/viewer';
import type { AuditEntry } from '../core/audit/audit-repository';
import type { Account } from '../core/accounts/account';
import type { AccountCost } from '../core/cost/account-costs';
import type { CollectionRun } from '../core/collection/collection-run';
import type { Resource } from '../core/inventory/resource';
import type { LatestPoint, ReadOptions, ReadResult, ReadSeries } from '../core/metrics/metric-reader';
import type { Series } from '../core/metrics/series';
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
