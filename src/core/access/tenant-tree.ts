import type { TenantRepository } from './tenant-repository';

/** Who is told of what happens in a tenant. */
export interface TenantPaths {
  /** The tenant and those above it, as last read; null for one that was not there then. */
  pathOf(tenantId: number): readonly number[] | null;
  /** Reads all tenants again: other processes make some too. */
  refresh(): Promise<void>;
}

/** The tree of tenants in memory, for what cannot wait for the database. */
export class TenantTree implements TenantPaths {
  private parents: ReadonlyMap<number, number | null> = new Map();
  private readsBegun = 0;
  private newestRead = 0;

  constructor(private readonly tenants: Pick<TenantRepository, 'allTenants'>) {}

  pathOf(tenantId: number): readonly number[] | null {
    if (!this.parents.has(tenantId)) return null;
    const path: number[] = [];
    for (let id: number | null = tenantId; id !== null; id = this.parents.get(id) ?? null) path.push(id);
    return path;
  }

  /** What was read before and arrives later changes nothing. */
  async refresh(): Promise<void> {
    const read = ++this.readsBegun;
    const tenants = await this.tenants.allTenants();
    if (read < this.newestRead) return;
    this.newestRead = read;
    this.parents = new Map(tenants.map(({ id, parentId }) => [id, parentId]));
  }
}
