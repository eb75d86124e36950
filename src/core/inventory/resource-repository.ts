import type { TenantScope } from '../access/viewer';
import type { Fence } from '../collection/leases';
import type { Page, PageRequest } from '../paging';
import type { FoundResource, Resource, ResourceChange, ResourceFilter, ResourceOrder } from './resource';

/** The whole result of one successful discovery: what is not in `found` is gone. */
export interface DiscoveryResult {
  tenantId: number;
  plugin: string;
  region: string;
  found: FoundResource[];
  at: number;
}

/** What a caller may read: the resources of its tenant and of the tenants below. */
export interface ResourceReads {
  /** In the order of `ids`; null where missing or foreign. */
  findMany(ids: readonly number[]): Promise<(Resource | null)[]>;
  list(filter: ResourceFilter, order: ResourceOrder, page: PageRequest): Promise<Page<Resource>>;
}

/** Storage of resources. */
export interface ResourceRepository {
  within(scope: TenantScope): ResourceReads;
  /**
   * Makes the stored resources of (account, plugin, Region) equal to `found`, in one fenced transaction.
   * Unchanged rows get `lastSeenAt` alone. A gone one that is found again is the same row (APPEARED).
   * @throws StaleLeaseError when the fence is old: nothing is stored.
   */
  sync(fence: Fence, result: DiscoveryResult): Promise<{ resources: Resource[]; changes: ResourceChange[] }>;
  /**
   * What is present outside these plugins and Regions is gone: they are collected no more, or not enabled any more.
   * One fenced transaction. @throws StaleLeaseError
   */
  dropOutside(
    fence: Fence,
    kept: readonly { plugin: string; region: string }[],
    at: number,
  ): Promise<ResourceChange[]>;
  /** Present (not gone) resources of the account, for the planner where a discovery failed. */
  present(accountId: number, plugin: string, region: string): Promise<Resource[]>;
}
