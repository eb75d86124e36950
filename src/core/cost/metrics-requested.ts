import type { SeriesSpec } from '../metrics/series';
import { GET_METRIC_DATA, STATISTICS_OF_ONE_PRICE } from './prices';
import type { Usage } from './usage';

type Asked = Pick<SeriesSpec, 'plugin' | 'region' | 'namespace' | 'name' | 'dimensions'>;

/** The metrics that queries in one request are billed as, each query one statistic of a metric. */
export function metricsRequested(series: readonly Asked[]): { lower: number; upper: number } {
  const statistics = new Map<string, number>();
  for (const { region, namespace, name, dimensions } of series) {
    let metric = `${region}\0${namespace}\0${name}`;
    for (const dimension in dimensions) metric += `\0${dimension}\0${dimensions[dimension]}`;
    statistics.set(metric, (statistics.get(metric) ?? 0) + 1);
  }
  let lower = 0;
  for (const count of statistics.values()) lower += Math.ceil(count / STATISTICS_OF_ONE_PRICE);
  return { lower, upper: series.length };
}

/**
 * The metrics that one GetMetricData call asks for, by plugin; its requests are counted where they are sent.
 * @param requests that AWS may have served for it: the upper bound counts the metrics of each, the lower those of one
 */
export function usageOfRequest(region: string, series: readonly Asked[], requests = 1): Usage[] {
  const byPlugin = new Map<string, Asked[]>();
  for (const one of series) {
    const held = byPlugin.get(one.plugin);
    if (held) held.push(one);
    else byPlugin.set(one.plugin, [one]);
  }
  return [...byPlugin].map(([plugin, asked]) => {
    const { lower, upper } = metricsRequested(asked);
    return {
      ...{ plugin, region, api: GET_METRIC_DATA, calls: 0, throttled: 0 },
      ...{ metricsRequested: upper * requests, metricsRequestedLowerBound: lower },
    };
  });
}
