import type { Page, PageRequest } from '../paging';
import type { TenantScope } from './viewer';

/** A company, or an MSP with its customers below it. What is of one tenant is kept apart from all beside it. */
export interface Tenant {
  id: number;
  /** Null for the root alone: the gateway's own tenant. */
  parentId: number | null;
  /** Unique among those of one parent. */
  name: string;
  createdAt: number;
}

/** What a caller may read: its tenant and the tenants below. */
export interface TenantReads {
  find(id: number): Promise<Tenant | null>;
  /** In the order of `ids`; null where missing or foreign. */
  findMany(ids: readonly number[]): Promise<(Tenant | null)[]>;
  /** By name. */
  list(page: PageRequest): Promise<Page<Tenant>>;
}

/** How many tenants stand above each other at most, the root included. */
export const MAX_TENANT_DEPTH = 10;

/** Storage of tenants. Every change is one transaction. */
export interface TenantRepository {
  within(scope: TenantScope): TenantReads;
  /** The root, made when there is none; a later name changes nothing. */
  ensureRoot(root: Pick<Tenant, 'name' | 'createdAt'>): Promise<Tenant>;
  /** @throws ConflictError RC_TENANT_NAME_TAKEN, RC_TENANT_TOO_DEEP */
  createTenant(tenant: Omit<Tenant, 'id' | 'parentId'> & { parentId: number }): Promise<Tenant>;
  /**
   * A new parent takes all that is below the tenant along.
   * @throws ConflictError RC_TENANT_NAME_TAKEN, RC_TENANT_TOO_DEEP, RC_TENANT_CYCLE
   */
  updateTenant(id: number, change: { name?: string; parentId?: number }): Promise<Tenant>;
  /** Null on an empty database. */
  rootTenant(): Promise<Tenant | null>;
  /** By the names from below the root down to it; none: the root. Null where one is missing. */
  findByPath(names: readonly string[]): Promise<Tenant | null>;
  /** Every tenant, for the gateway's own work. */
  allTenants(): Promise<Tenant[]>;
}
