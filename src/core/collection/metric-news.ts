import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import type { Bus, MetricsStored } from '../live/bus';
import type { MetricEventLog } from '../metrics/metric-events';
import type { Fence } from './leases';

/** Tells of points that were stored: numbers them in the sequence of events, then puts them on the live bus. */
export class MetricNews {
  constructor(
    private readonly options: { events: Pick<MetricEventLog, 'publish'>; bus: Bus; clock: Clock },
  ) {}

  /** @throws StaleLeaseError */
  async publish({ id, tenantId }: Account, fence: Fence, series: MetricsStored['series']): Promise<void> {
    if (series.length === 0) return;
    const { events, bus, clock } = this.options;
    const collectedAt = clock.now();
    await events.publish(fence, collectedAt);
    bus.publish({ kind: 'metricsStored', tenantId, accountId: id, collectedAt, merged: 0, series });
  }
}
