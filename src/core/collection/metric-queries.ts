import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Series } from '../metrics/series';

/** The Id of the query at this place of a call. */
export const idOf = (index: number) => `q${index}`;

/** One query a series, with the Ids of their places. @param period asked for, in seconds */
export function queriesOf(series: readonly Series[], period: number): MetricDataQuery[] {
  return series.map((one, index) => ({
    Id: idOf(index),
    MetricStat: {
      Metric: {
        Namespace: one.namespace,
        MetricName: one.name,
        Dimensions: Object.entries(one.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: period,
      Stat: one.statistic,
    },
  }));
}
