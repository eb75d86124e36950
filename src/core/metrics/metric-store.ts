import type { Fence } from '../collection/leases';

/** What the store needs to find a series' points. */
export interface SeriesLocation {
  id: number;
  block: number;
  slot: number;
  /** Seconds. */
  period: number;
}

/** Points in columns, ascending by time. Timestamps are epoch ms at the start of each period. */
export interface Points {
  timestamps: number[];
  values: number[];
}

export interface SeriesPoints extends Points {
  series: SeriesLocation;
  /** Moves the series' watermark (never back); null leaves it. */
  watermark: number | null;
}

export interface AppendResult {
  /** Points that were not there before. */
  added: number;
  /** Points whose value changed: the last value wins. */
  revised: number;
  /** Of `added`, those that the caller's `isRecovered` accepts; 0 without one. */
  recovered: number;
  /** Exactly the added and revised points, for the live bus. Series without any are left out. */
  changes: { seriesId: number; timestamps: number[]; values: number[] }[];
}

/**
 * Points of all series. Appending is idempotent: the same points again change nothing.
 * `describeMetricStore` (test/contracts) is its contract; every implementation passes it.
 */
export interface MetricStore {
  /**
   * Points and watermarks move together, in one transaction that carries the fence.
   * All series belong to the fence's account. @throws StaleLeaseError when the fence is old: nothing is stored.
   * @param isRecovered which points (by timestamp) to count as recovered when they are added
   */
  append(
    fence: Fence,
    batch: readonly SeriesPoints[],
    isRecovered?: (timestamp: number) => boolean,
  ): Promise<AppendResult>;
  /** Points with `from` ≤ timestamp < `to`, in the order of `series`. */
  read(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]>;
  /** The newest point of each that is not older than `since`; null where there is none. In the order of `series`. */
  latest(
    series: readonly SeriesLocation[],
    since: number,
  ): Promise<({ timestamp: number; value: number } | null)[]>;
}
