import type { TenantScope } from '../../core/access/viewer';
import type { ResourceFilter, ResourceOrder } from '../../core/inventory/resource';
import { Conditions } from '../conditions';

/** What orders a list of resources. */
export const RESOURCE_SORT: Record<ResourceOrder['field'], string> = {
  NAME: 'resource.name COLLATE NOCASE',
  TYPE: 'resource.type',
  REGION: 'resource.region',
  FIRST_SEEN_AT: 'resource.first_seen_at',
  LAST_SEEN_AT: 'resource.last_seen_at',
};

/** The WHERE clause of a caller's list of resources. */
export function resourceConditions(scope: TenantScope, filter: ResourceFilter): Conditions {
  const conditions = new Conditions()
    .within('resource.tenant_id', scope)
    .in('resource.id', filter.ids)
    .in('resource.tenant_id', filter.tenantIds)
    .in('resource.account_id', filter.accountIds)
    .in('resource.plugin', filter.plugins)
    .in('resource.type', filter.types)
    .in('resource.region', filter.regions)
    .tags('resource.tags', filter.tags)
    .contains(['resource.name', 'resource.arn', 'resource.key'], filter.search);
  return filter.includeGone ? conditions : conditions.and('resource.gone_at IS NULL');
}
