import type { Series, SeriesSpec } from '../../core/metrics/series';
import { canonicalJson } from '../../core/canonical-json';

/** A series as `SELECT_SERIES` answers it. */
export type SeriesRow = Omit<Series, 'dimensions'> & { dimensions: string };

/** Selects series; add WHERE and ORDER BY. */
export const SELECT_SERIES = `SELECT series.id, series.tenant_id AS tenantId, series.account_id AS accountId,
  series.resource_id AS resourceId, series.region, series.plugin, series.namespace, series.name, series.statistic,
  series.unit, series.period, series.dimensions, series.settle_seconds AS settleSeconds, series.block, series.slot
  FROM series`;

/** The series of a row. */
export function seriesOf(row: SeriesRow): Series {
  return { ...row, dimensions: JSON.parse(row.dimensions) as Record<string, string> };
}

/** What makes a series one. */
export function identityOf(
  spec: Pick<SeriesSpec, 'resourceId' | 'namespace' | 'name' | 'statistic' | 'period'>,
  dimensions: string,
): string {
  return JSON.stringify([
    spec.resourceId,
    spec.namespace,
    spec.name,
    spec.statistic,
    spec.period,
    dimensions,
  ]);
}

/** Dimensions as they are stored and compared: their order has no meaning. */
export function dimensionsText(dimensions: Record<string, string>): string {
  // One, as most have, is in order.
  return Object.keys(dimensions).length < 2 ? JSON.stringify(dimensions) : canonicalJson(dimensions);
}
