import type { Fence } from '../collection/leases';
import type { GapChange } from './gap';
import type { Trouble } from './no-data';

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
  /** What kept the answer from being whole. */
  trouble?: Trouble | null;
}

/** Hourly values in columns, ascending by hour (epoch ms at its start). `count` is the number of fine points behind them. */
export interface HourlyPoints {
  hours: number[];
  minimum: number[];
  maximum: number[];
  sum: number[];
  count: number[];
}

/** Hourly values that CloudWatch had when the fine points were gone. They never overwrite hours with fine points. */
export interface SeriesHours extends HourlyPoints {
  series: SeriesLocation;
}

/** What moves in the same transaction as the points. */
export interface AppendOptions {
  /** Which points (by timestamp) to count as recovered when they are added. */
  isRecovered?: (timestamp: number) => boolean;
  /** When CloudWatch was asked (epoch ms): into the state of every series of the batch. */
  askedAt?: number;
  hourly?: readonly SeriesHours[];
  gaps?: GapChange;
}

/** Aggregates of many series over one range, in columns in the order asked for. NaN (count: 0) where there is no point. */
export interface SeriesAggregates {
  count: Float64Array;
  sum: Float64Array;
  minimum: Float64Array;
  maximum: Float64Array;
  /** The newest point. */
  last: Float64Array;
  lastTimestamp: Float64Array;
}

/** The newest point of each of many series, in columns in the order asked for. NaN where there is none. */
export interface NewestPoints {
  timestamps: Float64Array;
  values: Float64Array;
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
   * Points, watermarks, states, gaps and the note of what changed move together, in one transaction that carries the fence.
   * Late points go into sealed days as into open ones.
   * All series belong to the fence's account. @throws StaleLeaseError when the fence is old: nothing is stored.
   */
  append(fence: Fence, batch: readonly SeriesPoints[], options?: AppendOptions): Promise<AppendResult>;
  /** Points with `from` ≤ timestamp < `to`, in the order of `series`. */
  read(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]>;
  /**
   * Hours with `from` ≤ start < `to` of each, from rollups where the days are sealed and from fine points where not.
   * Hours that only CloudWatch's coarse answers cover are among them.
   */
  readHourly(series: readonly SeriesLocation[], from: number, to: number): Promise<HourlyPoints[]>;
  /** Of the fine points with `from` ≤ timestamp < `to`, without making an object a point: top lists, counts, summaries. */
  aggregate(series: readonly SeriesLocation[], from: number, to: number): Promise<SeriesAggregates>;
  /** The newest point of each that is not older than `since`. */
  latest(series: readonly SeriesLocation[], since: number): Promise<NewestPoints>;
}
