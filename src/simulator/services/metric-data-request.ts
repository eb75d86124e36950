import type { Dimension } from '../metrics/dimensions';
import { parseStatistic, type Statistic } from '../metrics/statistics';
import { validationError } from './cloudwatch-errors';
import type { JsonParameters } from './service';

/** Limits of GetMetricData's model. */
const maxQueries = 500;
const maxDatapoints = 100_800;
const maxDimensions = 30;

const dayMs = 86_400_000;
/** By the age of StartTime: periods must be a multiple of `period` seconds, and StartTime is rounded down to it. */
const resolutions = [
  { maxAgeMs: 15 * dayMs, period: 60 },
  { maxAgeMs: 63 * dayMs, period: 300 },
  { maxAgeMs: Infinity, period: 3_600 },
];

/** One MetricStat query. */
export interface MetricQuery {
  id: string;
  label: string;
  namespace: string;
  metricName: string;
  dimensions: Dimension[];
  /** Seconds. */
  period: number;
  statistic: Statistic;
  /** Only points of this unit; undefined for those of any. */
  unit: string | undefined;
  returnsData: boolean;
}

/** A GetMetricData request that has passed all checks; instants are milliseconds since the epoch. */
export interface MetricDataRequest {
  queries: MetricQuery[];
  /** Inclusive, already rounded. */
  start: number;
  /** Exclusive. */
  end: number;
  isAscending: boolean;
  maxDatapoints: number;
  nextToken: string | undefined;
}

/** Reads and checks the parameters; throws CloudWatch's ValidationError. */
export function readMetricDataRequest(parameters: JsonParameters, now: number): MetricDataRequest {
  const startTime = readTime(parameters, 'StartTime');
  const end = readTime(parameters, 'EndTime');
  if (startTime >= end)
    throw validationError('The parameter StartTime must be less than the parameter EndTime.');
  const scanBy = parameters.ScanBy ?? 'TimestampDescending';
  if (scanBy !== 'TimestampDescending' && scanBy !== 'TimestampAscending') {
    throw validationError('The parameter ScanBy must be TimestampDescending or TimestampAscending.');
  }
  const resolution = resolutions.find(({ maxAgeMs }) => now - startTime <= maxAgeMs)!.period;
  return {
    queries: readQueries(parameters.MetricDataQueries, resolution),
    start: Math.floor(startTime / (resolution * 1000)) * resolution * 1000,
    end,
    isAscending: scanBy === 'TimestampAscending',
    maxDatapoints: readMaxDatapoints(parameters.MaxDatapoints),
    nextToken: parameters.NextToken as string | undefined,
  };
}

/** JSON 1.0 tells times in seconds since the epoch. */
function readTime(parameters: JsonParameters, name: string): number {
  const seconds = parameters[name];
  if (typeof seconds !== 'number') throw validationError(`The parameter ${name} is required.`);
  return seconds * 1000;
}

function readMaxDatapoints(value: unknown): number {
  if (value === undefined) return maxDatapoints;
  if (typeof value !== 'number' || value < 1 || value > maxDatapoints) {
    throw validationError(`The parameter MaxDatapoints must be between 1 and ${maxDatapoints}.`);
  }
  return value;
}

function readQueries(value: unknown, resolution: number): MetricQuery[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw validationError('The collection MetricDataQueries must not be empty.');
  }
  if (value.length > maxQueries) {
    throw validationError(
      `The collection MetricDataQueries must not have a size greater than ${maxQueries}.`,
    );
  }
  const queries = value.map((query, index) =>
    readQuery(query, `MetricDataQueries.member.${index + 1}`, resolution),
  );
  if (new Set(queries.map(({ id }) => id)).size < queries.length) {
    throw validationError('The values for parameter id in MetricDataQueries are not unique.');
  }
  return queries;
}

interface WireQuery {
  Id?: string;
  Label?: string;
  Expression?: string;
  ReturnData?: boolean;
  MetricStat?: {
    Metric?: { Namespace?: string; MetricName?: string; Dimensions?: Dimension[] };
    Period?: number;
    Stat?: string;
    Unit?: string;
  };
}

/** How much a request asks for, valid or not. */
export function sizeOfMetricDataRequest({ MetricDataQueries, StartTime, EndTime }: JsonParameters): {
  queries?: number;
  points?: number;
} {
  if (!Array.isArray(MetricDataQueries)) return {};
  const seconds = Math.max(0, Number(EndTime) - Number(StartTime));
  const points = (MetricDataQueries as WireQuery[]).reduce(
    (sum, { MetricStat }) => sum + Math.ceil(seconds / (MetricStat?.Period ?? 60)),
    0,
  );
  return { queries: MetricDataQueries.length, ...(Number.isFinite(points) && { points }) };
}

function readQuery(query: WireQuery, path: string, resolution: number): MetricQuery {
  const { Id: id = '', MetricStat: metricStat } = query;
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(id) || id.length > 255) {
    throw validationError(
      `The value ${id} for parameter ${path}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  if (query.Expression !== undefined || !metricStat) {
    throw validationError(
      `The parameter ${path}.MetricStat is required: the simulator evaluates no expressions.`,
    );
  }
  const {
    Namespace: namespace,
    MetricName: metricName,
    Dimensions: dimensions = [],
  } = metricStat.Metric ?? {};
  if (!namespace || !metricName)
    throw validationError(`The parameter ${path}.MetricStat.Metric is incomplete.`);
  if (dimensions.length > maxDimensions) {
    throw validationError(
      `The collection ${path}.MetricStat.Metric.Dimensions must not have a size greater than ${maxDimensions}.`,
    );
  }
  const period = metricStat.Period ?? 0;
  if (!Number.isInteger(period) || period < resolution || period % resolution !== 0) {
    throw validationError(
      `The parameter ${path}.MetricStat.Period must be a multiple of ${resolution} for the requested StartTime.`,
    );
  }
  const statistic = parseStatistic(metricStat.Stat ?? '');
  if (!statistic)
    throw validationError(
      `The value ${metricStat.Stat} for parameter ${path}.MetricStat.Stat is not supported.`,
    );
  return {
    id,
    label: query.Label ?? metricName,
    namespace,
    metricName,
    dimensions,
    period,
    statistic,
    unit: metricStat.Unit,
    returnsData: query.ReturnData !== false,
  };
}
