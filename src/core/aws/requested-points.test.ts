import { requestedPoints } from './requested-points';

const startTime = Date.UTC(2026, 0, 1);
const input = (queries: number, seconds: number, period: number, more: object = {}) => ({
  MetricDataQueries: Array.from({ length: queries }, () => ({ MetricStat: { Period: period } })),
  StartTime: new Date(startTime),
  EndTime: new Date(startTime + seconds * 1000),
  ...more,
});

it.each([
  ['queries times periods', input(500, 3_600, 300), 6_000],
  ['a period that is begun', input(1, 301, 300), 2],
  ['no more than a page holds', input(500, 86_400, 60), 100_800],
  ['no more than is asked for', input(500, 3_600, 300, { MaxDatapoints: 500 }), 500],
  ['an expression by its own period', { ...input(0, 3_600, 60), MetricDataQueries: [{ Period: 300 }] }, 12],
])('GetMetricData: %s', (_what, asked, points) => {
  expect(requestedPoints('cloudwatch:GetMetricData', asked)).toEqual({ points, startTime });
});

it('nothing for other calls, and for one that AWS will refuse', () => {
  const none = { points: 0, startTime: null };
  expect(requestedPoints('cloudwatch:ListMetrics', {})).toEqual(none);
  expect(requestedPoints('cloudwatch:GetMetricData', {})).toEqual(none);
  expect(requestedPoints('cloudwatch:GetMetricData')).toEqual(none);
});
