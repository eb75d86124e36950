import { And, In, IsNull, Not, type EntityManager } from 'typeorm';
import {
  MAX_TENANT_DEPTH,
  type TenantRepository,
  type Tenant,
  type TenantReads,
} from '../../core/access/tenant-repository';
import type { TenantScope } from '../../core/access/viewer';
import { ConflictError } from '../../core/errors';
import type { Page, PageRequest } from '../../core/paging';
import { Conditions } from '../conditions';
import { TenantEntity } from '../entities/tenant-entity';
import { inOrder } from '../in-order';
import { keysetPage, loadPage } from '../keyset-page';
import type { SqliteConnection } from '../sqlite-connection';
import { addToScopes, moveInScopes, ofScope } from '../tenant-scope';
import type { EntityTransaction, EntityWriter } from '../transactions';

/** Tenants, and who of them sees whom. */
export class SqliteTenantRepository implements TenantRepository {
  constructor(
    private readonly writer: EntityWriter,
    private readonly entities: EntityManager,
    private readonly reader: SqliteConnection,
  ) {}

  within(scope: TenantScope): TenantReads {
    return {
      find: async (id) => (await this.#findMany(scope, [id]))[0],
      findMany: (ids) => this.#findMany(scope, ids),
      list: (page) => this.#list(scope, page),
    };
  }

  ensureRoot(root: Pick<Tenant, 'name' | 'createdAt'>): Promise<Tenant> {
    return this.writer.transaction(async (transaction) => {
      const present = await transaction.manager.findOneBy(TenantEntity, { parentId: IsNull() });
      return present ? { ...present } : insertTenant(transaction, { ...root, parentId: null });
    });
  }

  createTenant(tenant: Omit<Tenant, 'id' | 'parentId'> & { parentId: number }): Promise<Tenant> {
    return this.writer.transaction(async (transaction) => {
      await requireNameFree(transaction, tenant);
      await requireDepth(transaction, tenant.parentId, 1);
      return insertTenant(transaction, tenant);
    });
  }

  updateTenant(id: number, { name, parentId }: { name?: string; parentId?: number }): Promise<Tenant> {
    return this.writer.transaction(async (transaction) => {
      const { manager } = transaction;
      const before = await manager.findOneByOrFail(TenantEntity, { id });
      const after = { ...before, name: name ?? before.name, parentId: parentId ?? before.parentId };
      await requireNameFree(transaction, after);
      if (after.parentId !== null && after.parentId !== before.parentId) {
        await requireNoCycle(transaction, id, after.parentId);
        await requireDepth(transaction, after.parentId, await heightOf(transaction, id));
        await moveInScopes(transaction, id, after.parentId);
      }
      await manager.update(TenantEntity, { id }, { name: after.name, parentId: after.parentId });
      return after;
    });
  }

  async rootTenant(): Promise<Tenant | null> {
    const root = await this.entities.findOneBy(TenantEntity, { parentId: IsNull() });
    return root && { ...root };
  }

  async findByPath(names: readonly string[]): Promise<Tenant | null> {
    let found = await this.rootTenant();
    for (const name of names) {
      found &&= await this.entities.findOneBy(TenantEntity, { parentId: found.id, name });
    }
    return found && { ...found };
  }

  async allTenants(): Promise<Tenant[]> {
    return (await this.entities.find(TenantEntity, { order: { id: 'ASC' } })).map((tenant) => ({
      ...tenant,
    }));
  }

  async #findMany(scope: TenantScope, ids: readonly number[]): Promise<(Tenant | null)[]> {
    const found = await this.entities.findBy(TenantEntity, { id: And(In(ids), ofScope(scope)) });
    return inOrder(
      ids,
      found.map((tenant) => ({ ...tenant })),
    );
  }

  async #list(scope: TenantScope, page: PageRequest): Promise<Page<Tenant>> {
    const query = {
      from: 'tenant',
      where: new Conditions().within('tenant.id', scope),
      id: 'tenant.id',
      sort: 'tenant.name COLLATE NOCASE',
      direction: 'ASC' as const,
    };
    return loadPage(await keysetPage(this.reader, query, page), (ids) => this.#findMany(scope, ids));
  }
}

async function insertTenant(transaction: EntityTransaction, tenant: Omit<Tenant, 'id'>): Promise<Tenant> {
  const { identifiers } = await transaction.manager.insert(TenantEntity, { ...tenant });
  const id = identifiers[0].id as number;
  await addToScopes(transaction, id, tenant.parentId);
  return { ...tenant, id };
}

/** @throws ConflictError RC_TENANT_NAME_TAKEN */
async function requireNameFree(
  { manager }: EntityTransaction,
  { id, name, parentId }: Partial<Tenant> & Pick<Tenant, 'name' | 'parentId'>,
): Promise<void> {
  if (parentId === null) return;
  const isTaken = await manager.existsBy(TenantEntity, { name, parentId, ...(id && { id: Not(id) }) });
  if (!isTaken) return;
  throw new ConflictError('RC_TENANT_NAME_TAKEN', `There is a tenant ${name} below that parent already`, {
    path: ['input', 'name'],
  });
}

/** @throws ConflictError RC_TENANT_CYCLE */
async function requireNoCycle({ all }: EntityTransaction, id: number, parentId: number): Promise<void> {
  const below = await all('SELECT 1 FROM tenant_scope WHERE scope_id = ? AND tenant_id = ?', [id, parentId]);
  if (below.length === 0) return;
  throw new ConflictError('RC_TENANT_CYCLE', 'A tenant cannot go below itself', {
    path: ['input', 'parentId'],
  });
}

/** @throws ConflictError RC_TENANT_TOO_DEEP when `levels` more do not fit below the parent */
async function requireDepth({ all }: EntityTransaction, parentId: number, levels: number): Promise<void> {
  const [{ depth }] = await all<{ depth: number }>(
    'SELECT count(*) AS depth FROM tenant_scope WHERE tenant_id = ?',
    [parentId],
  );
  if (depth + levels <= MAX_TENANT_DEPTH) return;
  throw new ConflictError('RC_TENANT_TOO_DEEP', `That tenant would stand on level ${depth + levels}`, {
    path: ['input', 'parentId'],
  });
}

/** Levels of the tenant and what is below it: 1 for a tenant alone. */
async function heightOf({ all }: EntityTransaction, id: number): Promise<number> {
  const [{ height }] = await all<{ height: number }>(
    `SELECT max(depth) - min(depth) + 1 AS height FROM (
      SELECT count(*) AS depth FROM tenant_scope
      WHERE tenant_id IN (SELECT tenant_id FROM tenant_scope WHERE scope_id = ?) GROUP BY tenant_id
    )`,
    [id],
  );
  return height;
}
