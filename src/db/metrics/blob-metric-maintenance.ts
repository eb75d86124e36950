import type { MetricCheck, MetricMaintenance } from '../../core/metrics/metric-maintenance';
import type { DamageLog } from './damage';
import type { MetricTables } from './metric-tables';

export class BlobMetricMaintenance implements MetricMaintenance {
  constructor(
    readonly tables: MetricTables,
    readonly onDamage: DamageLog,
  ) {}

  async seal(): Promise<number> {
    return 0;
  }

  async prune(): Promise<void> {}

  async check(): Promise<MetricCheck> {
    return { blobs: 0, damaged: [] };
  }
}
