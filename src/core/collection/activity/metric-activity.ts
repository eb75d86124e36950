import type { Account } from '../../accounts/account';
import type { CallCounter } from '../../aws/call-counter';
import type { SeriesSpec } from '../../metrics/series';

/** What is looked at of a series. */
export type WantedSeries = Pick<
  SeriesSpec,
  'region' | 'namespace' | 'name' | 'dimensions' | 'period' | 'settleSeconds'
>;

/** Knows which series CloudWatch has no data for, so that nobody pays for asking. What is not known counts as active. */
export interface MetricActivity {
  /**
   * Learns what is due to be learned of the series that an account's run is about to ask for. Never throws, and never takes
   * long: what cannot be had is asked for again later.
   */
  refresh(
    account: Account,
    wanted: readonly WantedSeries[],
    calls: CallCounter,
    signal: AbortSignal,
  ): Promise<void>;
  /** Whether to ask for it. */
  isActive(accountId: number, series: WantedSeries): boolean;
}

/** What is asked for, and what it costs to know that. */
export interface ActivityPreview {
  isActive(series: WantedSeries): boolean;
  /** Of ListMetrics. */
  pagesAnHour: number;
}

/** Foresees what MetricActivity will say, for a forecast. */
export interface ForeseenActivity {
  /** Lists once, and says what would be left out if it stayed so. Learns nothing. @throws what AWS answers */
  preview(
    account: Account,
    wanted: readonly WantedSeries[],
    calls: CallCounter,
    signal: AbortSignal,
  ): Promise<ActivityPreview>;
  /** What is known of an account that is collected, without asking AWS. */
  present(accountId: number): ActivityPreview;
}
