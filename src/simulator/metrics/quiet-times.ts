import type { QuietTime } from '../world/types';
import type { World } from '../world/world';
import type { SeriesIdentity } from './values';

const minuteMs = 60_000;
/** What RecentlyActive looks back at. */
const recentMs = 180 * minuteMs;
/** A metric is listed so long after its first point at the latest. */
const listedAfterMs = 15 * minuteMs;

/** When a series publishes nothing. */
export function quietTimesOf(world: World, identity: SeriesIdentity): readonly QuietTime[] {
  const { accountId, region, namespace, metricName, dimensions } = identity;
  return world.quietTimes.filter(
    (quiet) =>
      quiet.accountId === accountId &&
      quiet.region === region &&
      quiet.namespace === namespace &&
      (quiet.metricName === undefined || quiet.metricName === metricName) &&
      (quiet.resource === undefined || dimensions.some(({ Value }) => Value === quiet.resource)),
  );
}

/** Whether ListMetrics with RecentlyActive=PT3H leaves out a series with these quiet times. */
export function isLongQuiet(quietTimes: readonly QuietTime[], now: number): boolean {
  return quietTimes.some(({ from, to }) => from <= now - recentMs && to > now - listedAfterMs);
}
