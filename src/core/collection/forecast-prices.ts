import type { Account } from '../accounts/account';
import { canonicalJson } from '../canonical-json';
import type { Clock } from '../clock';
import { added } from '../cost/budget';
import type { UsdBounds } from '../cost/prices';
import type { ActivityPreview } from './activity/metric-activity';
import {
  historyCost,
  listingCost,
  monthlyMetricsCost,
  monthlyProofCost,
  type PricedSeries,
} from './collection-cost';

const HOURS_A_MONTH = 30 * 24;

/** What series cost, as this gateway collects them. */
export class ForecastPrices {
  constructor(private readonly options: { intervalMs: number; backfillDays: number; clock: Clock }) {}

  /** A month of asking for metrics that are active. */
  metricsCost({ partition }: Account, active: readonly PricedSeries[]): UsdBounds {
    return monthlyMetricsCost(active, { partition, intervalMs: this.options.intervalMs });
  }

  /** The same, with the listings and the daily proof. */
  monthlyCost(
    account: Account,
    active: readonly PricedSeries[],
    { pagesAnHour }: ActivityPreview,
  ): UsdBounds {
    const { partition } = account;
    const listings = listingCost(pagesAnHour * HOURS_A_MONTH, partition);
    return [listings, monthlyProofCost(partition)].reduce(added, this.metricsCost(account, active));
  }

  /** Of series that the account has not had. */
  historyCost(
    subject: Account,
    active: readonly PricedSeries[],
    current: readonly PricedSeries[],
  ): UsdBounds {
    const { backfillDays, clock } = this.options;
    const known = new Set(current.map(keyOf));
    return historyCost(
      active.filter((one) => !known.has(keyOf(one))),
      { partition: subject.partition, backfillDays, now: clock.now() },
    );
  }
}

function keyOf({ region, namespace, name, statistic, period, dimensions }: PricedSeries): string {
  return canonicalJson([region, namespace, name, statistic, period, dimensions]);
}
