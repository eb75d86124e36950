import type { NoDataReason } from './no-data';

/** A hole in the points of some series of one block: `from` ≤ period start < `to` (epoch ms, on the grid of the period). */
export interface NewGap {
  block: number;
  /** The series by their slots in the block. */
  slots: number[];
  from: number;
  to: number;
  reason: NoDataReason;
  /** The fact that shows the reason. */
  evidence: string;
  /** CloudWatch may still have it: a backfill will ask. False is the end of it. */
  recoverable: boolean;
}

export interface Gap extends NewGap {
  id: number;
  accountId: number;
  /** Of the block. */
  region: string;
  /** Seconds, of the block. */
  period: number;
}

/** What a transaction changes in the gaps of its account: those removed are answered, or replaced by what is left of them. */
export interface GapChange {
  removed: readonly number[];
  added: readonly NewGap[];
}

/** The holes that are known. They change with the points, in `MetricStore.append`. */
export interface Gaps {
  /** Of the account, recoverable ones alone, the newest (by `to`) first. */
  recoverable(accountId: number, limit: number): Promise<Gap[]>;
  /** Those of one series that touch [from, to), oldest first. */
  ofSeries(series: { block: number; slot: number }, from: number, to: number): Promise<Gap[]>;
  /** Of the account that touch [from, to). */
  ofAccount(accountId: number, from: number, to: number): Promise<Gap[]>;
}
