import fc from 'fast-check';
import { toBuckets, toLttb, toMinMax, type Aggregate } from './downsampling';
import type { Points } from './metric-store';

const PERIOD_MS = 300_000;

/** Points at distinct multiples of the period, with gaps; whole values, so that sums are exact. */
const somePoints: fc.Arbitrary<Points> = fc.uniqueArray(fc.nat(3_000), { maxLength: 400 }).chain((slots) =>
  fc.record({
    timestamps: fc.constant([...slots].sort((a, b) => a - b).map((slot) => slot * PERIOD_MS)),
    values: fc.array(fc.integer({ min: -1e6, max: 1e6 }), {
      minLength: slots.length,
      maxLength: slots.length,
    }),
  }),
);
const someStep = fc.integer({ min: 1, max: 40 }).map((periods) => periods * 300);

function gridOf(step: number) {
  return { from: 0, to: 3_001 * PERIOD_MS, step };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function isAscending(timestamps: readonly number[]): boolean {
  return timestamps.every((timestamp, index) => index === 0 || timestamps[index - 1] < timestamp);
}

/** Whether each chosen point is one of the points, with its own value. */
function areAmong(chosen: Points, points: Points): boolean {
  const known = new Map(points.timestamps.map((timestamp, index) => [timestamp, points.values[index]]));
  return chosen.timestamps.every((timestamp, index) => known.get(timestamp) === chosen.values[index]);
}

describe('toBuckets', () => {
  const points = { timestamps: [0, 300_000, 600_000, 1_800_000], values: [4, 1, 6, 2] };

  it.each<[Aggregate, number[]]>([
    ['AVERAGE', [11 / 3, 2]],
    ['SUM', [11, 2]],
    ['MINIMUM', [1, 2]],
    ['MAXIMUM', [6, 2]],
    ['COUNT', [3, 1]],
    ['LAST', [6, 2]],
  ])('gives the %s of each bucket, and none for an empty one', (aggregate, values) => {
    expect(toBuckets(points, gridOf(900), aggregate)).toEqual({ timestamps: [0, 1_800_000], values });
  });

  it('hands points on their own buckets back as they are', () => {
    expect(toBuckets(points, gridOf(300), 'AVERAGE')).toBe(points);
    expect(toBuckets(points, gridOf(300), 'COUNT').values).toEqual([1, 1, 1, 1]);
  });

  it('keeps order, counts and sums', () => {
    fc.assert(
      fc.property(somePoints, someStep, (given, step) => {
        const sums = toBuckets(given, gridOf(step), 'SUM');
        const counts = toBuckets(given, gridOf(step), 'COUNT');
        expect(total(sums.values)).toBe(total(given.values));
        expect(total(counts.values)).toBe(given.values.length);
        expect(isAscending(counts.timestamps)).toBe(true);
        expect(counts.timestamps.every((timestamp) => timestamp % (step * 1000) === 0)).toBe(true);
        expect(sums.timestamps).toEqual(counts.timestamps);
      }),
    );
  });

  it('has every average between minimum and maximum, and LAST among the points', () => {
    fc.assert(
      fc.property(somePoints, someStep, (given, step) => {
        const [low, mean, high, last] = (['MINIMUM', 'AVERAGE', 'MAXIMUM', 'LAST'] as const).map(
          (aggregate) => toBuckets(given, gridOf(step), aggregate).values,
        );
        expect(mean.every((value, index) => low[index] <= value && value <= high[index])).toBe(true);
        expect(last.every((value) => given.values.includes(value))).toBe(true);
      }),
    );
  });
});

describe('toMinMax', () => {
  it('takes both ends of each bucket in the order of time', () => {
    const points = { timestamps: [0, 1, 2, 3, 1000], values: [5, 9, 1, 4, 7] };
    expect(toMinMax(points, gridOf(1))).toEqual({ timestamps: [1, 2, 1000], values: [9, 1, 7] });
  });

  it('keeps the peaks and chooses at most two points a bucket', () => {
    fc.assert(
      fc.property(somePoints, someStep, (given, step) => {
        const chosen = toMinMax(given, gridOf(step));
        const buckets = toBuckets(given, gridOf(step), 'COUNT').values.length;
        expect(areAmong(chosen, given) && isAscending(chosen.timestamps)).toBe(true);
        expect(chosen.values.length).toBeLessThanOrEqual(2 * buckets);
        for (const peak of ['MINIMUM', 'MAXIMUM'] as const) {
          expect(toBuckets(chosen, gridOf(step), peak)).toEqual(toBuckets(given, gridOf(step), peak));
        }
      }),
    );
  });
});

describe('toLttb', () => {
  it('chooses exactly `limit` of more points, the first and the last among them', () => {
    fc.assert(
      fc.property(somePoints, fc.integer({ min: 2, max: 450 }), (given, limit) => {
        const chosen = toLttb(given, limit);
        const count = given.values.length;
        expect(chosen.values.length).toBe(Math.min(count, limit));
        expect(areAmong(chosen, given) && isAscending(chosen.timestamps)).toBe(true);
        expect(chosen.timestamps[0]).toBe(given.timestamps[0]);
        expect(chosen.timestamps.at(-1)).toBe(given.timestamps.at(-1));
      }),
    );
  });

  it('keeps a spike on a flat line', () => {
    const timestamps = Array.from({ length: 1_000 }, (_, index) => index * PERIOD_MS);
    const values = timestamps.map((_, index) => (index === 617 ? 100 : 1));
    const chosen = toLttb({ timestamps, values }, 20);
    expect(chosen.timestamps[chosen.values.indexOf(100)]).toBe(617 * PERIOD_MS);
  });

  it('takes the largest triangle of each part', () => {
    // Parts {1,2} and {3,4}: 2 (height 9) beats 1; from there to the last point 4 (−8) beats 3.
    const points = { timestamps: [0, 1, 2, 3, 4, 5], values: [0, 1, 9, 0, -8, 0] };
    expect(toLttb(points, 4)).toEqual({ timestamps: [0, 2, 4, 5], values: [0, 9, -8, 0] });
  });

  it('hands few points back as they are', () => {
    const points = { timestamps: [0, 1], values: [1, 2] };
    expect(toLttb(points, 2)).toBe(points);
  });
});
