import { coarseHours } from './coarse-hours';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const points = { timestamps: [HOUR, HOUR + 5 * MINUTE, 3 * HOUR], values: [10, 30, 60] };

describe('coarseHours', () => {
  it.each(['Sum', 'SampleCount'])('shares a %s out among the points that it is made of', (statistic) => {
    expect(coarseHours(points, statistic, 5)).toEqual({
      hours: [HOUR, 3 * HOUR],
      minimum: [2, 12],
      maximum: [6, 12],
      sum: [40, 60],
      count: [10, 5],
    });
  });

  it.each(['Average', 'Maximum', 'Minimum', 'p99'])(
    'counts a %s as the value of each of them',
    (statistic) => {
      expect(coarseHours(points, statistic, 5)).toEqual({
        hours: [HOUR, 3 * HOUR],
        minimum: [10, 60],
        maximum: [30, 60],
        sum: [200, 300],
        count: [10, 5],
      });
    },
  );

  it('takes an hourly value as it is', () => {
    const hourly = coarseHours({ timestamps: [HOUR], values: [24] }, 'Sum', 12);
    expect(hourly).toEqual({ hours: [HOUR], minimum: [2], maximum: [2], sum: [24], count: [12] });
  });
});
