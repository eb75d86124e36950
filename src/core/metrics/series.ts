import type { TenantScope } from '../access/viewer';
import type { TagFilter } from '../accounts/account';
import type { Fence } from '../collection/leases';
import type { Page, PageRequest } from '../paging';
import type { SeriesLocation } from './metric-store';

/** One CloudWatch metric of one resource with one statistic. */
export interface SeriesSpec {
  resourceId: number;
  region: string;
  plugin: string;
  namespace: string;
  name: string;
  /** As CloudWatch writes it: Average, Sum, p99, … */
  statistic: string;
  unit: string | null;
  /** Seconds between points: 60, 300, 3,600 or 86,400. */
  period: number;
  dimensions: Record<string, string>;
  /** Points younger than this may still be revised by CloudWatch. */
  settleSeconds: number;
}

export interface Series extends SeriesSpec {
  id: number;
  tenantId: number;
  accountId: number;
  /** Where its points lie in the head: up to 1,000 series of one account, Region and period share a block. */
  block: number;
  slot: number;
}

/** Where the points of a series lie, and when they have settled. */
export interface SettlingSeries extends SeriesLocation {
  accountId: number;
  settleSeconds: number;
}

export interface SeriesFilter {
  ids?: number[];
  exceptIds?: number[];
  accountIds?: number[];
  /** Of these tenants alone, not of those below them. */
  tenantIds?: number[];
  resourceIds?: number[];
  /** Resource types, such as ec2:instance. */
  types?: string[];
  namespaces?: string[];
  names?: string[];
  statistics?: string[];
  regions?: string[];
  /** Tags of the resource; all must match. */
  tags?: TagFilter[];
  /** Case-insensitive part of the metric's name or of the resource's name. */
  search?: string;
}

/** What a caller may read: the series of its tenant and of the tenants below. */
export interface SeriesReads {
  /** In the order of `ids`; null where missing or foreign. */
  findMany(ids: readonly number[]): Promise<(Series | null)[]>;
  /** In the order of `resourceIds`: the series of each, by name and statistic. */
  ofResources(resourceIds: readonly number[]): Promise<Series[][]>;
  /** By id, ascending; `position.sort` is null. */
  list(filter: SeriesFilter, page: PageRequest): Promise<Page<Series>>;
  /** Where the points lie of at most `limit` that match and whose id is beyond `after`, by id, ascending; for hundreds of thousands. */
  locations(filter: SeriesFilter, after: number, limit: number): Promise<SeriesLocation[]>;
  /** The accounts that may be seen; of the filter, `accountIds` and `tenantIds` alone count. */
  accountIds(filter: Pick<SeriesFilter, 'accountIds' | 'tenantIds'>): Promise<number[]>;
}

/** Storage of what series there are. */
export interface SeriesCatalog {
  within(scope: TenantScope): SeriesReads;
  /**
   * The series of these specs, made where missing (a series is one by resource, namespace, name, statistic, period and dimensions).
   * In the order of `specs`. One fenced transaction. @throws StaleLeaseError
   */
  ensure(fence: Fence, tenantId: number, specs: readonly SeriesSpec[]): Promise<Series[]>;
  /** Every series of the account, by id: for the gateway's own work, and for callers who may see the account. */
  ofAccount(accountId: number): Promise<SettlingSeries[]>;
}
