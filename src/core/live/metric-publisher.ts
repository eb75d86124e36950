import pLimit from 'p-limit';
import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import type { Fence } from '../collection/leases';
import type { MetricEventLog } from '../metrics/metric-events';
import type { Bus, ChangedPoints } from './bus';
import { mergeChanges } from './merge-changes';

/**
 * Gives what was stored its number in the event log and tells the bus, one account after the other, so that the bus has
 * events in the order of the log.
 */
export class MetricPublisher {
  private readonly inTurn = pLimit(1);

  constructor(private readonly options: { events: MetricEventLog; bus: Bus; clock: Clock }) {}

  /**
   * @param changes what the appends of a run answered, oldest first; none is told of when it turns out that a run before
   * this one was cut off between storing and telling: the subscribers then read from the log what both stored.
   * @throws StaleLeaseError
   */
  publish(
    account: Pick<Account, 'id' | 'tenantId'>,
    fence: Fence,
    changes: readonly ChangedPoints[],
  ): Promise<void> {
    return this.inTurn(async () => {
      const { events, bus, clock } = this.options;
      const collectedAt = clock.now();
      const published = await events.publish(fence, collectedAt);
      if (!published) return;
      const { sequence } = published;
      const series = mergeChanges(changes);
      const isWhole = countPoints(series) === (await this.pointsOf(account.id, sequence));
      bus.publish({
        kind: 'metricsStored',
        ...{ tenantId: account.tenantId, accountId: account.id, collectedAt },
        ...{ sequence, after: sequence - 1, series: isWhole ? series : null },
      });
    });
  }

  /** How many points the log has in the event; none when it cannot be read, for the subscribers then try. */
  private async pointsOf(accountId: number, sequence: number): Promise<number | null> {
    try {
      const [event] = await this.options.events.since([accountId], sequence - 1, sequence, 1);
      return event ? countPoints(event.changes) : null;
    } catch {
      return null;
    }
  }
}

function countPoints(series: readonly { timestamps: number[] }[]): number {
  return series.reduce((total, { timestamps }) => total + timestamps.length, 0);
}
