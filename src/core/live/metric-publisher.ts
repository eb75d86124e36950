import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import type { Fence } from '../collection/leases';
import type { MetricEventLog } from '../metrics/metric-events';
import type { Bus, ChangedPoints } from './bus';
import { mergeChanges } from './merge-changes';

/** Gives what was stored its number in the event log and tells the bus, which so has events in the order of the log. */
export class MetricPublisher {
  constructor(private readonly options: { events: MetricEventLog; bus: Bus; clock: Clock }) {}

  /**
   * @param changes what the appends of a run answered, oldest first; none is told of when it turns out that a run before
   * this one was cut off between storing and telling: the subscribers then read from the log what both stored.
   * @throws StaleLeaseError
   */
  async publish(
    account: Pick<Account, 'id' | 'tenantId'>,
    fence: Fence,
    changes: readonly ChangedPoints[],
  ): Promise<void> {
    const { events, bus, clock } = this.options;
    const collectedAt = clock.now();
    const published = await events.publish(fence, collectedAt);
    if (!published) return;
    // Nothing is waited for from here on: that would lose the order.
    const { sequence, points } = published;
    bus.publish({
      kind: 'metricsStored',
      ...{ tenantId: account.tenantId, accountId: account.id, collectedAt },
      ...{ sequence, after: sequence - 1 },
      series: countPoints(changes) === points ? mergeChanges(changes) : null,
    });
  }
}

function countPoints(series: readonly ChangedPoints[]): number {
  return series.reduce((total, { timestamps }) => total + timestamps.length, 0);
}
