import type { Partition } from '../accounts/account';
import { added } from '../cost/budget';
import { metricsRequested } from '../cost/metrics-requested';
import { GET_METRIC_DATA, LIST_METRICS, usd, type UsdBounds } from '../cost/prices';
import { DAY_MS } from '../cost/utc-days';
import type { SeriesSpec } from '../metrics/series';
import { PROOF_INTERVAL_MS } from '../trust/trust-watch';
import { recoverablePart } from './retention-tiers';
import { lastClosed, liveWindow } from './windows';

const MONTH_DAYS = 30;
const FREE: UsdBounds = { lower: 0, upper: 0 };

/** What is priced of a series. */
export type PricedSeries = Omit<SeriesSpec, 'resourceId'>;

/** What asking for these series costs in a month of 30 days, each as often as the planner asks for it. */
export function monthlyMetricsCost(
  series: readonly PricedSeries[],
  { partition, intervalMs }: { partition: Partition; intervalMs: number },
): UsdBounds {
  const asksADay = new Map<string, number>();
  const byAsks = new Map<number, PricedSeries[]>();
  for (const one of series) {
    const key = `${one.period} ${one.settleSeconds}`;
    const asks = asksADay.get(key) ?? countAsks(one, intervalMs);
    asksADay.set(key, asks);
    grouped(byAsks, asks, one);
  }
  // The statistics of a metric share its period, and so a call.
  return [...byAsks].reduce(
    (sum, [asks, asked]) => added(sum, metricsCost(asked, asks * MONTH_DAYS, partition)),
    FREE,
  );
}

/**
 * What the history of series that are new costs, once.
 * @param backfillDays how far back it goes; 0: none is asked for
 */
export function historyCost(
  series: readonly PricedSeries[],
  { partition, backfillDays, now }: { partition: Partition; backfillDays: number; now: number },
): UsdBounds {
  if (backfillDays === 0) return FREE;
  const byPeriod = new Map<number, PricedSeries[]>();
  for (const one of series) grouped(byPeriod, one.period, one);
  return [...byPeriod].reduce((sum, [period, asked]) => {
    const to = liveWindow({ ...asked[0]!, watermark: null }, now)?.from ?? now;
    const parts = countParts({ from: lastClosed(period, now - backfillDays * DAY_MS), to }, period, now);
    return added(sum, metricsCost(asked, parts, partition));
  }, FREE);
}

/** Pages of ListMetrics, so many a month. */
export function listingCost(pages: number, partition: Partition): UsdBounds {
  const none = { metricsRequested: 0, metricsRequestedLowerBound: 0, throttled: 0 };
  return usd({ ...none, api: LIST_METRICS, calls: pages }, partition);
}

/** The daily proof asks for one metric and one page of ListMetrics, to see that it may. */
export function monthlyProofCost(partition: Partition): UsdBounds {
  const proofs = (MONTH_DAYS * DAY_MS) / PROOF_INTERVAL_MS;
  const metrics = { api: GET_METRIC_DATA, calls: proofs, throttled: 0 };
  const asked = { metricsRequested: proofs, metricsRequestedLowerBound: proofs };
  return added(usd({ ...metrics, ...asked }, partition), listingCost(proofs, partition));
}

function metricsCost(series: readonly PricedSeries[], times: number, partition: Partition): UsdBounds {
  const { lower, upper } = metricsRequested(series);
  return usd(
    {
      ...{ api: GET_METRIC_DATA, calls: 0, throttled: 0 },
      ...{ metricsRequested: upper * times, metricsRequestedLowerBound: lower * times },
    },
    partition,
  );
}

/** How often a series is asked for on a quiet day, by the planner's windows. */
function countAsks({ period, settleSeconds }: PricedSeries, intervalMs: number): number {
  const days = Math.ceil((period * 1000) / DAY_MS);
  // Any day will do, since all begin on the grid of every period.
  const start = 1_000 * DAY_MS;
  let watermark = lastClosed(period, start) - period * 1000;
  let askedAt: number | null = null;
  let asks = 0;
  for (let now = start; now < start + days * DAY_MS; now += intervalMs) {
    const window = liveWindow({ period, settleSeconds, watermark, askedAt }, now);
    if (!window) continue;
    asks += 1;
    askedAt = now;
    watermark = window.to;
  }
  return asks / days;
}

/** Queries that a hole needs: one for each retention tier that it reaches into. */
function countParts(hole: { from: number; to: number }, period: number, now: number): number {
  let parts = 0;
  let rest: { from: number; to: number } | null = hole;
  while (rest && rest.from < rest.to) {
    const part = recoverablePart(rest, period, now);
    if (!part.asked) break;
    parts += 1;
    rest = part.rest;
  }
  return parts;
}

function grouped(groups: Map<number, PricedSeries[]>, key: number, one: PricedSeries): void {
  const group = groups.get(key);
  if (group) group.push(one);
  else groups.set(key, [one]);
}
