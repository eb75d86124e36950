import type { Fence } from '../../core/collection/leases';
import type { MetricEvent, MetricEventLog } from '../../core/metrics/metric-events';
import { decodeChanges } from './codec/changed-points';
import type { ChangeRow, MetricTables } from './metric-tables';

/** The sequence of what changed. An event is all that an account's appends wrote down since its last one. */
export class BlobMetricEvents implements MetricEventLog {
  constructor(private readonly tables: MetricTables) {}

  publish(fence: Fence, at: number): Promise<{ sequence: number } | null> {
    return this.tables.transaction(async (transaction) => {
      await transaction.requireLease(fence);
      const sequence = await transaction.publishChanges(fence.accountId, at);
      return sequence === null ? null : { sequence };
    });
  }

  bounds(): Promise<{ oldest: number; newest: number }> {
    return this.tables.changeBounds();
  }

  async since(
    accountIds: readonly number[] | null,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<MetricEvent[]> {
    const events = new Map<number, ChangeRow[]>();
    for (const row of await this.tables.changes(accountIds, after, upTo, limit)) {
      const rows = events.get(row.sequence);
      if (rows) rows.push(row);
      else events.set(row.sequence, [row]);
    }
    return [...events.values()].map(eventOf);
  }
}

function eventOf(rows: ChangeRow[]): MetricEvent {
  const [{ sequence, accountId, at }] = rows as [ChangeRow];
  const changed = new Map<number, Set<number>>();
  for (const { data } of rows) {
    for (const { timestamp, seriesIds } of decodeChanges(data)) {
      for (const id of seriesIds) {
        const timestamps = changed.get(id);
        if (timestamps) timestamps.add(timestamp);
        else changed.set(id, new Set([timestamp]));
      }
    }
  }
  const changes = [...changed]
    .sort(([a], [b]) => a - b)
    .map(([seriesId, timestamps]) => ({ seriesId, timestamps: [...timestamps].sort((a, b) => a - b) }));
  return { sequence, accountId, at, changes };
}
