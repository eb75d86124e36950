import type { TenantScope } from '../../core/access/viewer';
import type { SeriesFilter } from '../../core/metrics/series';
import { Conditions } from '../conditions';

/** FROM and WHERE of a caller's list of series; the resource is joined only where the filter asks about it. */
export function seriesSelection(
  scope: TenantScope,
  filter: SeriesFilter,
): { from: string; where: Conditions } {
  const { types, tags, search } = filter;
  const asksResource = types !== undefined || tags !== undefined || search !== undefined;
  // The + keeps SQLite from walking all series of the scope where a few resources are named.
  const tenantId = filter.resourceIds ? '+series.tenant_id' : 'series.tenant_id';
  const where = new Conditions()
    .within(tenantId, scope)
    .in('series.id', filter.ids)
    .notIn('series.id', filter.exceptIds)
    .in('series.tenant_id', filter.tenantIds)
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
