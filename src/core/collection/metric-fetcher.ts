import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { answerTimeOf } from '../aws/answer-time';
import { timesOf } from '../aws/metric-data/metric-result';
import type { Points } from '../metrics/metric-store';
import type { Series } from '../metrics/series';
import { idOf, queriesOf } from './metric-queries';
import { MAX_POINTS_PER_CALL, type PlannedCall } from './planner';

/** What CloudWatch answered for one series. */
export interface SeriesAnswer {
  series: Series;
  /** Ascending, each timestamp once, on the grid of the period asked for, within the window. */
  points: Points;
  /** CloudWatch's StatusCode of the last page that names the series; null when none does. */
  status: string | null;
}

/** Points that CloudWatch answered and that are none of what was asked for: they are not stored. */
export interface DroppedPoints {
  /** At or after the end of the window, as predictive metrics have them, or before its start. */
  outside: number;
  offGrid: number;
  notFinite: number;
}

export interface FetchedCall {
  call: PlannedCall;
  /** In the order of the call's series. */
  answers: SeriesAnswer[];
  dropped: DroppedPoints;
  /** When CloudWatch gave its last answer, by AWS's clock (epoch ms); null where it did not say. */
  answeredAt: number | null;
  /** What kept a page after the first from coming; null when all came. */
  failure: unknown;
}

/** What was answered for one Id so far, over all pages. */
interface Merged {
  timestamps: number[];
  values: number[];
  status: string | null;
}

/**
 * Asks one planned call, all its pages. The same Id may come again on a later page, so results are merged by Id; the
 * StatusCode of the last page that names an Id is the one that counts. When a later page fails, what came before it is used.
 * @throws what the SDK throws after its retries when the first page fails
 */
export async function fetchMetricData(
  client: Pick<CloudWatchClient, 'send'>,
  call: PlannedCall,
): Promise<FetchedCall> {
  const merged = new Map<string, Merged>(
    call.series.map((_, index) => [idOf(index), { timestamps: [], values: [], status: null }]),
  );
  const queries = queriesOf(call.series, call.period);
  let nextToken: string | undefined;
  let failure: unknown = null;
  let answeredAt: number | null = null;
  do {
    const command = new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(call.from),
      EndTime: new Date(call.to),
      ScanBy: 'TimestampAscending',
      MaxDatapoints: MAX_POINTS_PER_CALL,
      NextToken: nextToken,
    });
    try {
      const page = await client.send(command);
      answeredAt = answerTimeOf(page);
      for (const result of page.MetricDataResults ?? []) merge(merged, result);
      nextToken = page.NextToken;
    } catch (error) {
      if (nextToken === undefined) throw error;
      failure = error;
      break;
    }
  } while (nextToken);
  const dropped = { outside: 0, offGrid: 0, notFinite: 0 };
  const answers = call.series.map((series, index) => {
    const { timestamps, values, status } = merged.get(idOf(index))!;
    return { series, status, points: judged({ timestamps, values }, call, dropped) };
  });
  return { call, answers, dropped, answeredAt, failure };
}

/** An Id that was not asked for is none of our business. */
function merge(merged: ReadonlyMap<string, Merged>, result: MetricDataResult): void {
  const held = merged.get(result.Id ?? '');
  if (!held) return;
  held.status = result.StatusCode ?? 'Complete';
  const timestamps = timesOf(result);
  const values = result.Values ?? [];
  // The ordinary answer comes on one page.
  if (held.timestamps.length === 0 && values.length === timestamps.length) {
    held.timestamps = timestamps;
    held.values = values;
    return;
  }
  for (let i = 0; i < timestamps.length; i++) {
    held.timestamps.push(timestamps[i]!);
    held.values.push(values[i] ?? NaN);
  }
}

/** The points that may be stored. Of two at one time the last one counts. */
function judged(raw: Points, call: PlannedCall, dropped: DroppedPoints): Points {
  const periodMs = call.period * 1000;
  const { timestamps, values } = raw;
  let isWhole = true;
  for (let i = 0; i < timestamps.length && isWhole; i++) {
    const at = timestamps[i]!;
    isWhole =
      at >= call.from &&
      at < call.to &&
      at % periodMs === 0 &&
      Number.isFinite(values[i]) &&
      (i === 0 || timestamps[i - 1]! < at);
  }
  // The ordinary answer is taken as it is.
  if (isWhole) return raw;
  const kept = new Map<number, number>();
  timestamps.forEach((at, index) => {
    const value = values[index]!;
    if (!(at >= call.from && at < call.to)) dropped.outside += 1;
    else if (at % periodMs !== 0) dropped.offGrid += 1;
    else if (!Number.isFinite(value)) dropped.notFinite += 1;
    else kept.set(at, value);
  });
  const ascending = [...kept].sort(([a], [b]) => a - b);
  return { timestamps: ascending.map(([at]) => at), values: ascending.map(([, value]) => value) };
}
