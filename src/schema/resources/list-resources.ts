import type { Resource, ResourceFilter, ResourceOrder } from '../../core/inventory/resource';
import type { OperationContext } from '../context';
import { connection, type Connection } from '../relay/connection';
import type { PageArguments } from '../relay/page-arguments';

const BY_NAME: ResourceOrder = { field: 'NAME', direction: 'ASC' };

/** A page of resources, by name when no order is given. */
export function listResources(
  context: OperationContext,
  filter: ResourceFilter,
  order: ResourceOrder | null,
  page: PageArguments,
): Promise<Connection<Resource>> {
  const by = order ?? BY_NAME;
  return connection<Resource>(context, {
    ...page,
    list: `resources:${by.field}:${by.direction}`,
    read: (request) => context.services.resourceRepository.within(context.viewer).list(filter, by, request),
  });
}
