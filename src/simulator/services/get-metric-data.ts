import type { FaultRule } from '../faults';
import { findMetricSource } from '../metrics/catalogue';
import { findSeries } from '../metrics/oracle';
import type { ResultTree } from '../protocol/protocol';
import { invalidNextToken, validationError } from './cloudwatch-errors';
import { readMetricDataRequest, type MetricDataRequest, type MetricQuery } from './metric-data-request';
import type { Call, JsonParameters } from './service';

/** Points older than this are gone. */
const retentionMs = 455 * 86_400_000;

/** Where a page begins, and as of when all pages of a call are told. */
interface Position {
  query: number;
  point: number;
  asOf: number;
}

/** The points of one query in the order asked for. */
interface QueryPoints {
  timestamps: number[];
  values: number[];
}

/**
 * GetMetricData. Periods are laid from StartTime (rounded down as CloudWatch does), so an unaligned window gives shifted
 * periods; a period belongs to the window when its start does, and is told whole. A query whose points do not fit on the
 * page goes on, under the same Id, on the next.
 */
export function getMetricData(call: Call<JsonParameters>): ResultTree {
  const request = readMetricDataRequest(call.parameters, call.now);
  refuseMetrics(call, request);
  const late = call.faults.find((fault) => fault.kind === 'latePoints');
  const position = readPosition(request, call.now - (late ? late.lateSeconds * 1000 : 0));
  const results: ResultTree[] = [];
  const pageSize = call.faults.find((fault) => fault.kind === 'pageSize');
  let room = Math.min(request.maxDatapoints, pageSize?.points ?? Infinity);
  for (let index = position.query; index < request.queries.length; index++) {
    const query = request.queries[index];
    const points = pointsOf(call, request, query, position.asOf);
    const from = index === position.query ? position.point : 0;
    const to = Math.min(points.values.length, from + room);
    const isWhole = to === points.values.length;
    if (query.returnsData) {
      results.push({
        Id: query.id,
        Label: query.label,
        StatusCode: isWhole ? 'Complete' : 'PartialData',
        Timestamps: points.timestamps.slice(from, to),
        Values: points.values.slice(from, to),
      });
    }
    room -= to - from;
    if (!isWhole || (room === 0 && index + 1 < request.queries.length)) {
      const next = isWhole ? { query: index + 1, point: 0 } : { query: index, point: to };
      return answer(call, request, results, writePosition({ ...next, asOf: position.asOf }));
    }
  }
  return answer(call, request, results);
}

/** Throws CloudWatch's ValidationError for a request with a metric that a fault has it refuse. */
function refuseMetrics({ faults }: Call<JsonParameters>, { queries }: MetricDataRequest): void {
  for (const fault of faults) {
    if (fault.kind !== 'rejectMetric') continue;
    const index = queries.findIndex(({ metricName }) => metricName === fault.metricName);
    if (index < 0) continue;
    throw validationError(`The parameter MetricDataQueries.member.${index + 1}.MetricStat is not valid.`);
  }
}

function answer(
  call: Call<JsonParameters>,
  request: MetricDataRequest,
  results: ResultTree[],
  nextToken?: string,
): ResultTree {
  for (const fault of call.faults) {
    for (const result of results) {
      const query = request.queries.find(({ id }) => id === result.Id)!;
      if (fault.kind === 'partialData' && (fault.metricName ?? query.metricName) === query.metricName) {
        spoil(result, fault, call.random);
      }
      if (fault.kind === 'futurePoints')
        addFuturePoints(result, request.end / 1000, query.period, fault.count);
      if (fault.kind === 'offGridPoints') {
        result.Timestamps = (result.Timestamps as number[]).map((seconds) => seconds + fault.shiftSeconds);
      }
    }
  }
  return { MetricDataResults: results, Messages: [], NextToken: nextToken };
}

/** An incomplete result: half of the values for PartialData, none for the other codes. */
function spoil(
  result: ResultTree,
  { share = 1, statusCode = 'PartialData' }: Extract<FaultRule, { kind: 'partialData' }>,
  random: () => number,
): void {
  if (random() >= share) return;
  const values = result.Values as number[];
  const kept = statusCode === 'PartialData' ? Math.floor(values.length / 2) : 0;
  result.StatusCode = statusCode;
  result.Timestamps = (result.Timestamps as number[]).slice(0, kept);
  result.Values = values.slice(0, kept);
}

/** Forecasts, as predictive scaling publishes them: the last value goes on. */
function addFuturePoints(result: ResultTree, end: number, period: number, count: number): void {
  const { Timestamps, Values } = result as { Timestamps: number[]; Values: number[] };
  if (Values.length === 0) return;
  const newest = Timestamps.indexOf(Math.max(...Timestamps));
  for (let i = 0; i < count; i++) {
    Timestamps.push(end + i * period);
    Values.push(Values[newest]);
  }
}

function pointsOf(
  { world, caller, region, now }: Call<JsonParameters>,
  { start, end, isAscending }: MetricDataRequest,
  query: MetricQuery,
  asOf: number,
): QueryPoints {
  const points: QueryPoints = { timestamps: [], values: [] };
  const series = findSeries(world, { ...query, accountId: caller.account.id, region });
  if (!series) return points;
  const { statistic, period, unit } = query;
  const unitAt = findMetricSource(world.resources(caller.account.id, region), {
    ...query,
    accountId: caller.account.id,
    region,
  })?.unitAt;
  const step = period * 1000;
  const first = start + Math.max(0, Math.ceil((now - retentionMs - start) / step)) * step;
  const last = Math.min(end, asOf);
  for (let timestamp = first; timestamp < last; timestamp += step) {
    const value = series.value({ statistic, period, timestamp, asOf });
    if (value === null || (unit !== undefined && unitAt && unitAt(timestamp) !== unit)) continue;
    points.timestamps.push(timestamp / 1000);
    points.values.push(value);
  }
  if (!isAscending) {
    points.timestamps.reverse();
    points.values.reverse();
  }
  return points;
}

function readPosition({ nextToken, queries }: MetricDataRequest, asOf: number): Position {
  if (nextToken === undefined) return { query: 0, point: 0, asOf };
  const match = /^(\d+),(\d+),(\d+)$/.exec(Buffer.from(nextToken, 'base64url').toString());
  const [query, point, tokenAsOf] = match ? match.slice(1).map(Number) : [];
  if (query === undefined || query >= queries.length) throw invalidNextToken();
  return { query, point, asOf: tokenAsOf };
}

function writePosition({ query, point, asOf }: Position): string {
  return Buffer.from(`${query},${point},${Math.floor(asOf)}`).toString('base64url');
}
