import { In, IsNull, type EntityManager } from 'typeorm';
import type { TenantScope } from '../../core/access/viewer';
import type { Fence } from '../../core/collection/leases';
import type { Resource, ResourceChange, ResourceFilter, ResourceOrder } from '../../core/inventory/resource';
import type {
  DiscoveryResult,
  ResourceReads,
  ResourceRepository,
} from '../../core/inventory/resource-repository';
import type { Page, PageRequest } from '../../core/paging';
import { ResourceEntity } from '../entities/resource-entity';
import { requireLease } from '../fence';
import { inOrder } from '../in-order';
import { keysetPage, loadPage } from '../keyset-page';
import type { SqliteConnection } from '../sqlite-connection';
import { ofScope } from '../tenant-scope';
import type { EntityWriter } from '../transactions';
import { normalize } from './resource-changes';
import { RESOURCE_SORT, resourceConditions } from './resource-filter';
import { storeDiscovery, storeDropped } from './store-discovery';

/** Resources. */
export class SqliteResourceRepository implements ResourceRepository {
  constructor(
    private readonly writer: EntityWriter,
    private readonly entities: EntityManager,
    private readonly reader: SqliteConnection,
  ) {}

  within(scope: TenantScope): ResourceReads {
    return {
      findMany: (ids) => this.#findMany(scope, ids),
      list: (filter, order, page) => this.#list(scope, filter, order, page),
    };
  }

  /** @returns the present resources in the order found, and APPEARED before CHANGED before GONE. */
  sync(fence: Fence, result: DiscoveryResult): Promise<{ resources: Resource[]; changes: ResourceChange[] }> {
    const found = normalize(result.found);
    return this.writer.transaction(async (transaction) => {
      await requireLease(transaction, fence);
      return storeDiscovery(transaction, fence.accountId, result, found);
    });
  }

  dropOutside(
    fence: Fence,
    kept: readonly { plugin: string; region: string }[],
    at: number,
  ): Promise<ResourceChange[]> {
    return this.writer.transaction(async (transaction) => {
      await requireLease(transaction, fence);
      return storeDropped(transaction, fence.accountId, kept, at);
    });
  }

  async present(accountId: number, plugin: string, region: string): Promise<Resource[]> {
    const found = await this.entities.find(ResourceEntity, {
      where: { accountId, plugin, region, goneAt: IsNull() },
      order: { id: 'ASC' },
    });
    return found.map((resource) => ({ ...resource }));
  }

  async #findMany(scope: TenantScope, ids: readonly number[]): Promise<(Resource | null)[]> {
    const found = await this.entities.findBy(ResourceEntity, { tenantId: ofScope(scope), id: In(ids) });
    return inOrder(
      ids,
      found.map((resource) => ({ ...resource })),
    );
  }

  async #list(
    scope: TenantScope,
    filter: ResourceFilter,
    order: ResourceOrder,
    page: PageRequest,
  ): Promise<Page<Resource>> {
    const query = {
      from: 'resource',
      where: resourceConditions(scope, filter),
      id: 'resource.id',
      sort: RESOURCE_SORT[order.field],
      direction: order.direction,
    };
    return loadPage(await keysetPage(this.reader, query, page), (ids) => this.#findMany(scope, ids));
  }
}
