import type { TenantScope } from '../../core/access/viewer';
import type { SeriesFilter } from '../../core/metrics/series';
import { Conditions } from '../conditions';

/** FROM and WHERE of a tenant's list of series; the resource is joined only where the filter asks about it. */
export function seriesSelection(
  scope: TenantScope,
  filter: SeriesFilter,
): { from: string; where: Conditions } {
  const { types, tags, search } = filter;
  const asksResource = types !== undefined || tags !== undefined || search !== undefined;
  const where = new Conditions()
    .and('series.tenant_id = ?', scope.tenantId)
    .in('series.id', filter.ids)
    .in('series.account_id', filter.accountIds)
    .in('series.resource_id', filter.resourceIds)
    .in('series.namespace', filter.namespaces)
    .in('series.name', filter.names)
    .in('series.statistic', filter.statistics)
    .in('series.region', filter.regions)
    .in('resource.type', types)
    .tags('resource.tags', tags)
    .contains(['series.name', 'resource.name'], search);
  return {
    from: asksResource ? 'series JOIN resource ON resource.id = series.resource_id' : 'series',
    where,
  };
}
