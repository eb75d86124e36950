import fc from 'fast-check';
import { recoverablePart } from './retention-tiers';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 24, 12, 3, 20);
const TOP = Date.UTC(2026, 10, 24, 12);
/** An hour inside the tier's edge, so that the call may take its time. */
const edge = (days: number) => TOP + 2 * HOUR - days * DAY;

describe('recoverablePart', () => {
  it('asks a young hole at the period of the series, whole', () => {
    const hole = { from: TOP - 3 * DAY, to: TOP - DAY + MINUTE };
    expect(recoverablePart(hole, 60, NOW)).toEqual({ asked: { ...hole, period: 60 }, lost: [], rest: null });
  });

  it.each([
    [60, 15],
    [300, 63],
  ])('leaves what is beyond the edge of %i s points, %i days, for another call', (period, days) => {
    const hole = { from: edge(days) - DAY, to: edge(days) + DAY };
    expect(recoverablePart(hole, period, NOW)).toEqual({
      asked: { from: edge(days), to: hole.to, period },
      lost: [],
      rest: { from: hole.from, to: edge(days) },
    });
  });

  it('asks at 300 s, then at an hour, what 60 s points are gone of', () => {
    const at = (age: number) =>
      recoverablePart({ from: NOW - age - (NOW % HOUR), to: NOW - age + DAY - (NOW % HOUR) }, 60, NOW);
    expect(at(20 * DAY).asked!.period).toBe(300);
    expect(at(100 * DAY).asked!.period).toBe(3_600);
  });

  it('loses the parts of an hour at either end of what comes coarser', () => {
    const from = TOP - 30 * DAY + 10 * MINUTE;
    const to = from + 3 * HOUR;
    expect(recoverablePart({ from, to }, 60, NOW)).toEqual({
      asked: { from: from + 50 * MINUTE, to: from + 170 * MINUTE, period: 300 },
      lost: [
        { from, to: from + 50 * MINUTE },
        { from: from + 170 * MINUTE, to },
      ],
      rest: null,
    });
  });

  it('loses what CloudWatch keeps no more', () => {
    const hole = { from: TOP - 500 * DAY, to: TOP - 460 * DAY };
    for (const period of [60, 300, 3_600]) {
      expect(recoverablePart(hole, period, NOW)).toEqual({ asked: null, lost: [hole], rest: null });
    }
  });

  it('takes a hole to pieces without losing or doubling any, and crosses no edge while a call is under way', () => {
    const arbitrary = fc.record({
      period: fc.constantFrom(60, 300, 3_600, 86_400),
      start: fc.integer({ min: 1, max: 520 * 1440 }),
      length: fc.integer({ min: 1, max: 60 * 1440 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ period, start, length }) => {
        const periodMs = period * 1000;
        const floor = (at: number) => Math.floor(at / periodMs) * periodMs;
        const from = floor(NOW - start * MINUTE);
        let hole: { from: number; to: number } | null = {
          from,
          to: Math.min(floor(NOW), from + Math.ceil((length * MINUTE) / periodMs) * periodMs),
        };
        if (hole.from >= hole.to) return;
        const whole = { ...hole };
        const pieces: { from: number; to: number }[] = [];
        while (hole) {
          const { asked, lost, rest } = recoverablePart(hole, period, NOW);
          pieces.push(...(asked ? [asked] : []), ...lost);
          if (asked) {
            const age = NOW + 30 * MINUTE - asked.from;
            const finest = age <= 15 * DAY ? 60 : age <= 63 * DAY ? 300 : 3_600;
            expect(asked.period % finest).toBe(0);
            expect(age).toBeLessThanOrEqual(455 * DAY);
            if (asked.period > period) expect([asked.from % HOUR, asked.to % HOUR]).toEqual([0, 0]);
          }
          hole = rest;
        }
        pieces.sort((a, b) => a.from - b.from);
        expect(pieces[0]!.from).toBe(whole.from);
        expect(pieces.at(-1)!.to).toBe(whole.to);
        pieces.slice(1).forEach((piece, index) => expect(piece.from).toBe(pieces[index]!.to));
      }),
    );
  });
});
