import DataLoader from 'dataloader';
import type { Tenant } from '../core/access/access-repository';
import type { Viewer } from '../core/access/viewer';
import type { Account } from '../core/accounts/account';
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

/** Reads by id, batched and cached within one operation and one tenant. A foreign id loads as null. */
export class Loaders {
  readonly accounts: DataLoader<number, Account | null>;
  readonly resources: DataLoader<number, Resource | null>;
  readonly series: DataLoader<number, Series | null>;
  readonly seriesOfResource: DataLoader<number, Series[]>;
  readonly runs: DataLoader<number, CollectionRun | null>;
  readonly latestPoints: DataLoader<Series, LatestPoint | null>;
  readonly tenants: DataLoader<number, Tenant | null>;
  private readonly points = new Map<string, DataLoader<Series, LoadedPoints>>();

  constructor(
    private readonly services: SchemaServices,
    viewer: Viewer,
    private readonly signal: AbortSignal,
  ) {
    this.accounts = this.loader((ids) => services.accountRepository.findMany(viewer, ids));
    this.resources = this.loader((ids) => services.resourceRepository.findMany(viewer, ids));
    this.series = this.loader((ids) => services.seriesCatalog.findMany(viewer, ids));
    this.seriesOfResource = this.loader((ids) => services.seriesCatalog.ofResources(viewer, ids));
    this.runs = this.loader((ids) => services.runRepository.findMany(viewer, ids));
    this.latestPoints = this.loader((series) => services.metricReader.latest(series));
    this.tenants = this.loader((ids) =>
      Promise.all(
        ids.map((id) => (id === viewer.tenantId ? services.accessRepository.findTenant(id) : null)),
      ),
    );
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
