import { paginateListMetrics, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { metricKey } from './metric-key';
import type { WantedPlace } from './wanted-places';

const HOUR_MS = 3_600_000;
/** Between two listings of a namespace, and where a listing is not worth its price. */
export const LISTED_EVERY_MS = HOUR_MS;
export const UNPAID_EVERY_MS = 6 * HOUR_MS;
/** 200,000 metrics of one namespace, Region and account: more cost more than they tell. */
const MAX_PAGES = 400;
/** A listing that costs no more than this share of what asking costs is worth being early with what falls silent. */
const CHEAP_SHARE = 0.01;

/** What one listing of a place told. */
export interface MetricListing {
  /** Keys of the wanted metrics that it did not name. */
  missing: ReadonlySet<number>;
  pages: number;
}

/** Reads pages until every wanted metric was named. */
export async function listMetrics(
  client: CloudWatchClient,
  { namespace, metrics }: WantedPlace,
): Promise<MetricListing> {
  const missing = new Set(metrics.keys());
  let pages = 0;
  const listing = paginateListMetrics({ client }, { Namespace: namespace, RecentlyActive: 'PT3H' });
  for await (const { Metrics = [] } of listing) {
    pages += 1;
    for (const { MetricName = '', Dimensions = [] } of Metrics) {
      missing.delete(
        metricKey(
          MetricName,
          Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]),
        ),
      );
    }
    if (missing.size === 0 || pages === MAX_PAGES) break;
  }
  return { missing, pages };
}

/** Whether a listing saves more than it costs, and when to list again. */
export function worthOf(
  { missing, pages }: MetricListing,
  { metrics }: WantedPlace,
  intervalMs: number,
): { isPaid: boolean; every: number } {
  const asks = HOUR_MS / intervalMs;
  const isPaid = asks * seriesIn(metrics, missing) > pages && pages < MAX_PAGES;
  const isCheap = pages <= CHEAP_SHARE * asks * seriesIn(metrics, metrics.keys());
  return { isPaid, every: isPaid || isCheap ? LISTED_EVERY_MS : UNPAID_EVERY_MS };
}

function seriesIn(metrics: ReadonlyMap<number, number>, keys: Iterable<number>): number {
  let count = 0;
  for (const key of keys) count += metrics.get(key)!;
  return count;
}
