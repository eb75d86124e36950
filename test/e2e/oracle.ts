import type { GraphqlClient } from '../support/graphql-client';
import type { Simulator } from '../../src/simulator';
import { StoredSeries } from './operations.graphql';

/** The difference between what is stored and the truth, over a range in epoch ms. */
export interface Comparison {
  series: number;
  /** Stored points that equal the oracle. */
  equal: number;
  wrong: string[];
  /** Points that the oracle has and the store has not. */
  missing: string[];
}

/** Compares every stored point of every series of the accounts with the simulator's oracle. */
export async function compareWithOracle(
  client: GraphqlClient,
  { oracle }: Simulator,
  { accountIds, from, to }: { accountIds: string[]; from: number; to: number },
): Promise<Comparison> {
  const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const { metricData } = await client.execute(StoredSeries, { filter: { accountIds }, range });
  if (metricData.truncated) throw new Error(`${metricData.totalSeries} series are more than one read holds`);
  if (metricData.series.length === 0) throw new Error('There is no series to compare');
  const comparison: Comparison = { series: metricData.series.length, equal: 0, wrong: [], missing: [] };
  for (const { metric, columns } of metricData.series) {
    const stored = new Map(columns.timestamps.map((timestamp, index) => [timestamp, columns.values[index]]));
    for (let timestamp = from; timestamp < to; timestamp += metric.period * 1000) {
      const truth = oracle.metricValue({
        accountId: metric.resource.account.awsAccountId!,
        region: metric.resource.region,
        namespace: metric.namespace,
        metricName: metric.name,
        dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({
          Name,
          Value: String(Value),
        })),
        statistic: metric.statistic,
        period: metric.period,
        timestamp,
      });
      const found = stored.get(timestamp) ?? null;
      const where = `${metric.name} ${metric.statistic} at ${new Date(timestamp).toISOString()}`;
      if (found === truth) comparison.equal += truth === null ? 0 : 1;
      else if (found === null) comparison.missing.push(where);
      else comparison.wrong.push(`${where}: ${found}, not ${truth}`);
    }
  }
  return comparison;
}
