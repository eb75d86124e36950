import type { LimitedCall } from './call-limits';

/** A page holds no more. */
const MAX_POINTS_A_PAGE = 100_800;

interface MetricDataInput {
  MetricDataQueries?: readonly { MetricStat?: { Period?: number }; Period?: number }[];
  StartTime?: Date;
  EndTime?: Date;
  MaxDatapoints?: number;
}

/** What a request asks of AWS's quota of data points, by its input: they count whether there are such points or not. */
export function requestedPoints(
  action: string,
  input: object = {},
): Pick<LimitedCall, 'points' | 'startTime'> {
  if (action !== 'cloudwatch:GetMetricData') return { points: 0, startTime: null };
  const { MetricDataQueries = [], StartTime, EndTime, MaxDatapoints } = input as MetricDataInput;
  if (!StartTime || !EndTime) return { points: 0, startTime: null };
  const seconds = (EndTime.getTime() - StartTime.getTime()) / 1000;
  let points = 0;
  for (const { MetricStat, Period } of MetricDataQueries) {
    points += Math.ceil(seconds / (MetricStat?.Period ?? Period ?? 60));
  }
  return {
    points: Math.min(points, MaxDatapoints ?? MAX_POINTS_A_PAGE),
    startTime: StartTime.getTime(),
  };
}
