import type { Gaps } from '../../core/metrics/gap';
import type { MetricEventLog } from '../../core/metrics/metric-events';
import type { MetricMaintenance } from '../../core/metrics/metric-maintenance';
import type { MetricStore } from '../../core/metrics/metric-store';
import type { SeriesStates } from '../../core/metrics/series-state';
import { BlobGaps } from './blob-gaps';
import { BlobMetricEvents } from './blob-metric-events';
import { BlobMetricMaintenance } from './blob-metric-maintenance';
import { BlobMetricStore } from './blob-metric-store';
import { BlobSeriesStates } from './blob-series-states';
import type { DamageLog } from './damage';
import type { MetricTables } from './metric-tables';

/** All that the core asks of points, over the tables of one database. */
export function metricStorage(
  tables: MetricTables,
  onDamage: DamageLog,
): {
  metrics: MetricStore;
  seriesStates: SeriesStates;
  gaps: Gaps;
  metricEvents: MetricEventLog;
  metricMaintenance: MetricMaintenance;
} {
  return {
    metrics: new BlobMetricStore(tables, onDamage),
    seriesStates: new BlobSeriesStates(tables, onDamage),
    gaps: new BlobGaps(tables),
    metricEvents: new BlobMetricEvents(tables),
    metricMaintenance: new BlobMetricMaintenance(tables, onDamage),
  };
}
