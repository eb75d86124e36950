import type { Account } from '../../accounts/account';
import type { CallCounter } from '../../aws/aws-clients';
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
