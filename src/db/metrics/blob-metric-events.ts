import { StaleLeaseError, type Fence } from '../../core/collection/leases';
import type { MetricEvent, MetricEventLog, PublishedEvent } from '../../core/metrics/metric-events';
import { isHeld } from './append-group';
import { countChanges, decodeChanges } from './codec/changed-points';
import type { ChangeRow, MetricTables, MetricTransaction } from './metric-tables';
import { TransactionQueue, type Outcome } from './transaction-queue';

/** Events that are published together. */
const EVENTS_AT_ONCE = 256;

interface PublishJob {
  fence: Fence;
  at: number;
}

/** The sequence of what changed. An event is all that an account's appends wrote down since its last one. */
export class BlobMetricEvents implements MetricEventLog {
  readonly #jobs: TransactionQueue<PublishJob, PublishedEvent | null>;

  constructor(private readonly tables: MetricTables) {
    this.#jobs = new TransactionQueue(tables, publishAll, () => 1, EVENTS_AT_ONCE);
  }

  publish(fence: Fence, at: number): Promise<PublishedEvent | null> {
    return this.#jobs.run({ fence, at });
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

async function publishAll(
  transaction: MetricTransaction,
  jobs: readonly PublishJob[],
): Promise<Outcome<PublishedEvent | null>[]> {
  const fences = jobs.map(({ fence }) => fence);
  const { held } = await transaction.loadForAppend({ fences, blocks: [], days: [], heads: [] });
  const wanted = new Map<number, number>();
  for (const { fence, at } of jobs) {
    if (isHeld(fence, held) && !wanted.has(fence.accountId)) wanted.set(fence.accountId, at);
  }
  const published = await transaction.publishChanges(
    [...wanted].map(([accountId, at]) => ({ accountId, at })),
  );
  const events = new Map(published.map((event) => [event.accountId, event]));
  return jobs.map(({ fence }) => {
    if (!isHeld(fence, held)) return { error: new StaleLeaseError(fence) };
    const event = events.get(fence.accountId);
    // The second of two for one account has nothing left to tell of.
    events.delete(fence.accountId);
    if (!event) return { result: null };
    const points = event.changes.reduce((sum, data) => sum + countChanges(data), 0);
    return { result: { sequence: event.sequence, points } };
  });
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
