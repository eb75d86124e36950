import fc from 'fast-check';
import { InvalidInputError } from '../errors';
import {
  bucketCount,
  MAX_POINTS,
  MAX_RANGE_SECONDS,
  resolveGrid,
  resolveTimeRange,
  type GridOptions,
} from './time-range';

const NOW = Date.UTC(2026, 0, 15, 12, 2, 30);
const HOUR = 3_600_000;

function grid(span: { from: number; to: number }, options: Partial<GridOptions> = {}) {
  return resolveGrid(span, { step: null, periods: [300], maxPoints: 500, pointsPerBucket: 1, ...options });
}

function thrownBy(action: () => unknown): InvalidInputError {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown');
}

describe('resolveTimeRange', () => {
  it.each([
    ['the last hour', { last: 3600 }, { from: NOW - HOUR, to: NOW }],
    ['from up to now', { from: NOW - HOUR }, { from: NOW - HOUR, to: NOW }],
    ['from and to', { from: 5, to: 7 }, { from: 5, to: 7 }],
    ['nulls as left out', { from: null, to: null, last: 60 }, { from: NOW - 60_000, to: NOW }],
    ['455 days', { last: MAX_RANGE_SECONDS }, { from: NOW - MAX_RANGE_SECONDS * 1000, to: NOW }],
  ])('takes %s', (_name, input, expected) => {
    expect(resolveTimeRange(input, NOW)).toEqual(expected);
  });

  it.each([
    ['nothing', {}, ['range']],
    ['both forms', { from: 1, last: 60 }, ['range']],
    ['`to` and `last`', { to: 1, last: 60 }, ['range']],
    ['`to` alone', { to: NOW }, ['range']],
    ['an empty range', { from: 5, to: 5 }, ['range']],
    ['a range turned round', { from: 7, to: 5 }, ['range']],
    ['a start in the future', { from: NOW + 1 }, ['range']],
    ['zero seconds', { last: 0 }, ['range', 'last']],
    ['seconds before now', { last: -60 }, ['range', 'last']],
    ['half a second', { last: 0.5 }, ['range', 'last']],
    ['not a number', { from: Number.NaN }, ['range', 'from']],
    ['a time after 9999', { from: 1, to: 1e15 }, ['range', 'to']],
    ['more than 455 days', { last: MAX_RANGE_SECONDS + 1 }, ['range']],
  ])('refuses %s', (_name, input, path) => {
    expect(thrownBy(() => resolveTimeRange(input, NOW))).toMatchObject({ code: 'RC_RANGE_INVALID', path });
  });
});

describe('resolveGrid', () => {
  it('moves the ends of the range outwards to the grid', () => {
    expect(grid({ from: NOW - HOUR, to: NOW })).toEqual({
      from: Date.UTC(2026, 0, 15, 11, 0),
      to: Date.UTC(2026, 0, 15, 12, 5),
      step: 300,
    });
  });

  it('chooses by the coarsest series', () => {
    expect(grid({ from: NOW - HOUR, to: NOW }, { periods: [60, 300, 60] }).step).toBe(300);
    expect(grid({ from: NOW - HOUR, to: NOW }, { periods: [] }).step).toBe(300);
  });

  it('chooses the smallest multiple of the period, beyond an hour of hours, that is within maxPoints', () => {
    const anyRange = fc.record({
      from: fc.integer({ min: 0, max: NOW }),
      span: fc.integer({ min: 1, max: MAX_RANGE_SECONDS * 1000 }),
      period: fc.constantFrom(60, 300, 3600),
      maxPoints: fc.integer({ min: 2, max: MAX_POINTS }),
      pointsPerBucket: fc.constantFrom<1 | 2>(1, 2),
    });
    fc.assert(
      fc.property(anyRange, ({ from, span, period, maxPoints, pointsPerBucket }) => {
        const range = { from, to: from + span };
        const chosen = grid(range, { periods: [period], maxPoints, pointsPerBucket });
        const unit = chosen.step > 3600 ? 3600 : period;
        expect(chosen.step % unit).toBe(0);
        expect(bucketCount(chosen) * pointsPerBucket).toBeLessThanOrEqual(maxPoints);
        expect(chosen.from % (chosen.step * 1000)).toBe(0);
        expect(chosen.from <= range.from && range.to <= chosen.to).toBe(true);
        if (chosen.step > period) {
          const width = (chosen.step - unit) * 1000;
          const finer = Math.ceil(range.to / width) - Math.floor(range.from / width);
          expect(finer * pointsPerBucket).toBeGreaterThan(maxPoints);
        }
      }),
    );
  });

  it('covers any range with one bucket when there may be but one point', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: NOW }),
        fc.integer({ min: 1, max: MAX_RANGE_SECONDS * 1000 }),
        (from, span) => {
          const chosen = grid({ from, to: from + span }, { maxPoints: 1 });
          expect(bucketCount(chosen)).toBe(1);
          expect(chosen.from <= from && from + span <= chosen.to).toBe(true);
        },
      ),
    );
  });

  it('takes a step that the caller names, past maxPoints', () => {
    expect(bucketCount(grid({ from: 0, to: 10_000 * 300_000 }, { step: 300 }))).toBe(MAX_POINTS);
    expect(grid({ from: 0, to: HOUR }, { step: 60, periods: [300, 60] }).step).toBe(60);
  });

  it.each<[string, Partial<GridOptions>, string[]]>([
    ['a step of nothing', { step: 0 }, ['step']],
    ['a step backwards', { step: -300 }, ['step']],
    ['a part of a second', { step: 300.5 }, ['step']],
    ['a step finer than every series', { step: 299 }, ['step']],
    ['more than 10,000 points', { step: 300 }, ['step']],
    ['room for nothing', { maxPoints: 0 }, ['maxPoints']],
    ['room for half a point', { maxPoints: 1.5 }, ['maxPoints']],
    ['more points than there may be', { maxPoints: MAX_POINTS + 1 }, ['maxPoints']],
  ])('refuses %s', (_name, options, path) => {
    const range = { from: 0, to: 10_001 * 300_000 };
    expect(thrownBy(() => grid(range, options))).toMatchObject({ code: 'RC_STEP_INVALID', path });
  });
});
