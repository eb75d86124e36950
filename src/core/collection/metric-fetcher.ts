import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { timesOf } from '../aws/metric-data/metric-result';
import type { SeriesPoints } from '../metrics/metric-store';
import type { Series } from '../metrics/series';
import { MAX_POINTS_PER_CALL, type PlannedCall } from './planner';

export interface FetchedCall {
  points: SeriesPoints[];
  /** Series that CloudWatch refused to answer (StatusCode Forbidden). */
  forbidden: Series[];
  /** Series whose answer is not whole (PartialData or InternalError to the end): their watermark stays. */
  incomplete: Series[];
}

/**
 * Asks one planned call, all its pages. The same Id may come again on a later page, so results are merged by Id; the
 * StatusCode of the last page that names an Id is the one that counts.
 * @throws what the SDK throws after its retries.
 */
export async function fetchMetricData(client: CloudWatchClient, call: PlannedCall): Promise<FetchedCall> {
  const merged = new Map<string, { timestamps: number[]; values: number[]; status: string }>();
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: call.series.map(queryOf),
        StartTime: new Date(call.from),
        EndTime: new Date(call.to),
        ScanBy: 'TimestampAscending',
        MaxDatapoints: MAX_POINTS_PER_CALL,
        NextToken: nextToken,
      }),
    );
    for (const result of page.MetricDataResults ?? []) merge(merged, result);
    nextToken = page.NextToken;
  } while (nextToken);
  return assess(call, merged);
}

function queryOf(series: Series, index: number): MetricDataQuery {
  return {
    Id: idOf(index),
    MetricStat: {
      Metric: {
        Namespace: series.namespace,
        MetricName: series.name,
        Dimensions: Object.entries(series.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: series.period,
      Stat: series.statistic,
    },
  };
}

const idOf = (index: number) => `q${index}`;

function merge(
  merged: Map<string, { timestamps: number[]; values: number[]; status: string }>,
  result: MetricDataResult,
): void {
  const id = result.Id ?? '';
  const held = merged.get(id) ?? { timestamps: [], values: [], status: '' };
  merged.set(id, held);
  held.status = result.StatusCode ?? 'Complete';
  const timestamps = timesOf(result);
  const values = result.Values ?? [];
  for (let i = 0; i < timestamps.length; i++) {
    held.timestamps.push(timestamps[i]!);
    held.values.push(values[i]!);
  }
}

function assess(
  call: PlannedCall,
  merged: Map<string, { timestamps: number[]; values: number[]; status: string }>,
): FetchedCall {
  const fetched: FetchedCall = { points: [], forbidden: [], incomplete: [] };
  call.series.forEach((series, index) => {
    const result = merged.get(idOf(index));
    if (result?.status === 'Forbidden') return fetched.forbidden.push(series);
    const complete = result?.status === 'Complete';
    if (!complete) fetched.incomplete.push(series);
    return fetched.points.push({
      series,
      timestamps: result?.timestamps ?? [],
      values: result?.values ?? [],
      watermark: complete ? call.to : null,
    });
  });
  return fetched;
}
