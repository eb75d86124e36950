import type { SeriesSpec } from '../metrics/series';
import { usdPerMetricRequested } from '../cost/prices';

const MONTH_MS = 30 * 24 * 3_600_000;
/** AWS may bill up to five statistics of a metric in one call as one metric; its documents do not settle it. */
const STATISTICS_OF_ONE_PRICE = 5;

export interface MonthlyCost {
  usd: number;
  /** Each statistic of a metric counted as a metric. */
  upperBoundUsd: number;
}

/** What collecting these series costs in a month of 30 days, each asked for once an interval. */
export function monthlyCost(
  series: readonly Omit<SeriesSpec, 'resourceId'>[],
  intervalMs: number,
): MonthlyCost {
  const statistics = new Map<string, number>();
  for (const { region, namespace, name, dimensions } of series) {
    const metric = JSON.stringify([region, namespace, name, dimensions]);
    statistics.set(metric, (statistics.get(metric) ?? 0) + 1);
  }
  const metrics = [...statistics.values()].reduce(
    (total, count) => total + Math.ceil(count / STATISTICS_OF_ONE_PRICE),
    0,
  );
  const usdPerMetric = (MONTH_MS / intervalMs) * usdPerMetricRequested('AWS');
  return { usd: metrics * usdPerMetric, upperBoundUsd: series.length * usdPerMetric };
}
