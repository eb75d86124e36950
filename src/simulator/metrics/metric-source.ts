import type { Dimension } from './dimensions';

/** How often a metric is published, in seconds. */
export type NativePeriod = 60 | 300 | 86_400;

/** Something that publishes metrics under one set of dimensions. */
export interface MetricSource {
  namespace: string;
  dimensions: Dimension[];
  /** Metric names with their native periods. */
  metrics: ReadonlyMap<string, NativePeriod>;
  /** Whether it publishes now: a stopped instance stays listed for a while but has no points. */
  isActive: boolean;
  /** The unit of its points at an instant, where it is known. */
  unitAt?: (timestamp: number) => string;
}

/** Where and under which dimensions to look for a source. */
export interface MetricSourceQuery {
  accountId: string;
  region: string;
  namespace: string;
  dimensions: readonly Dimension[];
}

/** Metric names with one period. */
export function atPeriod(period: NativePeriod, ...lists: string[][]): Array<[string, NativePeriod]> {
  return lists.flat().map((name) => [name, period]);
}

// Sources are made for every query of every call, their metric lists only once a kind.
const metricMaps = new Map<string, ReadonlyMap<string, NativePeriod>>();

/** The metrics of a kind of source; `entries` is asked once a kind. */
export function metricMap(
  kind: string,
  entries: () => Array<[string, NativePeriod]>,
): ReadonlyMap<string, NativePeriod> {
  let map = metricMaps.get(kind);
  if (!map) metricMaps.set(kind, (map = new Map(entries())));
  return map;
}
