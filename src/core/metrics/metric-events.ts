import type { Fence } from '../collection/leases';

/** What changed in the points of one account: pointers, never values; a reader takes the values as they are by then. */
export interface MetricEvent {
  /** Grows by one with each event of the database, in the order in which they were published. */
  sequence: number;
  accountId: number;
  /** When it was published (epoch ms). */
  at: number;
  /** New, late and revised points alike; each series once, by id ascending; timestamps (epoch ms) ascending. */
  changes: { seriesId: number; timestamps: number[] }[];
}

export interface PublishedEvent {
  sequence: number;
  /** New and revised points of the appends behind the event; a point that two of them changed counts twice. */
  points: number;
}

/**
 * The sequence of what changed, kept for some hours. `MetricStore.append` writes down what changed in its own transaction;
 * `publish` gives it a number. A crash between the two loses nothing: the next `publish` of the account takes it along.
 */
export interface MetricEventLog {
  /**
   * Numbers what the account's appends changed since the last time, as one event. @returns null when that is nothing.
   * Answers in the order of the numbers. @throws StaleLeaseError
   */
  publish(fence: Fence, at: number): Promise<PublishedEvent | null>;
  /** The sequence numbers that are kept: `oldest` to `newest`; both 0 when there was never one. The newest is always kept. */
  bounds(): Promise<{ oldest: number; newest: number }>;
  /** Events with `after` < sequence ≤ `upTo` of these accounts (null: of all), ascending, at most `limit`. */
  since(
    accountIds: readonly number[] | null,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<MetricEvent[]>;
}
