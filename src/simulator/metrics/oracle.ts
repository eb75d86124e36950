import type { World } from '../world/world';
import { findMetricSource } from './catalogue';
import { quietTimesOf } from './quiet-times';
import { parseStatistic } from './statistics';
import { MetricSeries, type SeriesIdentity } from './values';

/** Which true value to tell. */
export interface MetricValueQuery extends SeriesIdentity {
  /** `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount` or `pNN`. */
  statistic: string;
  /** Seconds, a multiple of 60. */
  period: number;
  /** Start of the period: milliseconds since the epoch or a Date; rounded down to the minute. */
  timestamp: number | Date;
  /** Milliseconds since the epoch: only what was published by then. Left out: the final value. */
  asOf?: number;
}

/** Knows the true value of every metric at every time. */
export interface Oracle {
  /** The true value, or null where nothing is published. Throws on a statistic that CloudWatch does not know. */
  metricValue(query: MetricValueQuery): number | null;
}

/** The series of an identity in a world; undefined when nothing publishes it. */
export function findSeries(world: World, identity: SeriesIdentity): MetricSeries | undefined {
  const { accountId, region, metricName, dimensions } = identity;
  if (!world.account(accountId)) return undefined;
  const source = findMetricSource(world.resources(accountId, region), identity);
  const nativePeriod = source?.isActive ? source.metrics.get(metricName) : undefined;
  if (nativePeriod === undefined) return undefined;
  const incident = world.incidents.find(
    (candidate) =>
      candidate.accountId === accountId &&
      candidate.region === region &&
      dimensions.some(({ Value }) => Value === candidate.resource),
  );
  return new MetricSeries(identity, nativePeriod, incident, quietTimesOf(world, identity));
}

/** The oracle of a world; it follows every change of the world. */
export function createOracle(world: World): Oracle {
  return {
    metricValue(query) {
      const statistic = parseStatistic(query.statistic);
      if (!statistic) throw new Error(`Unknown statistic: ${query.statistic}`);
      const timestamp = Math.floor(Number(query.timestamp) / 60_000) * 60_000;
      const { period, asOf = Infinity } = query;
      return findSeries(world, query)?.value({ statistic, period, timestamp, asOf }) ?? null;
    },
  };
}
