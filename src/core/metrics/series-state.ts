import type { Fence } from '../collection/leases';
import type { SeriesLocation } from './metric-store';
import type { Trouble } from './no-data';

/** How far a series is collected, and what became of asking for it. Instants are epoch ms; null before the first. */
export interface SeriesState {
  /** End of the last period that CloudWatch answered Complete, empty or not. What lies before it is stored, or in a gap. */
  watermark: number | null;
  /** When CloudWatch was last asked for it, or would have been. */
  askedAt: number | null;
  /** When CloudWatch last answered it whole. */
  answeredAt: number | null;
  /** When an answer last held a point of it. */
  receivedAt: number | null;
  /** What kept the last ask from a whole answer; null when nothing did. */
  trouble: Trouble | null;
}

/** The state of each series: one blob a block, so that a cycle writes a few bytes for each series. */
export interface SeriesStates {
  /** In the order of `series`. */
  statesOf(series: readonly SeriesLocation[]): Promise<SeriesState[]>;
  /**
   * Writes down what kept series from being asked or answered at all; watermarks and points stay. One fenced transaction.
   * @throws StaleLeaseError
   */
  note(
    fence: Fence,
    troubles: readonly { series: SeriesLocation; trouble: Trouble }[],
    at: number,
  ): Promise<void>;
}
