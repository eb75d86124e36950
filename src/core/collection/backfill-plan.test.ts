import fc from 'fast-check';
import type { Gap } from '../metrics/gap';
import type { Series } from '../metrics/series';
import { leftOf, planRound } from './backfill-plan';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 24, 12, 3, 20);
const TOP = Date.UTC(2026, 10, 24, 12);

const gap = (changes: Partial<Gap> = {}): Gap => ({
  ...{ id: 1, accountId: 1, region: 'eu-central-1', period: 300, block: 1, slots: [0, 1, 2] },
  ...{
    from: TOP - 3 * DAY,
    to: TOP - DAY,
    reason: 'GATEWAY_DOWN',
    evidence: 'none was at work',
    recoverable: true,
  },
  ...changes,
});
const seriesAt =
  (period = 300) =>
  (block: number, slot: number) =>
    ({
      ...{ id: block * 10_000 + slot, block, slot, period, region: 'eu-central-1', resourceId: slot },
      ...{ namespace: 'AWS/EC2', name: 'CPUUtilization', statistic: 'Average', dimensions: {} },
    }) as Series;
const plan = (gaps: Gap[], mostCalls = 3) =>
  planRound(gaps, seriesAt(gaps[0]!.period), { now: NOW, mostCalls });
const ids = (slots: number[], block = 1) => new Set(slots.map((slot) => block * 10_000 + slot));

describe('planRound', () => {
  it('asks the newest gap in one call', () => {
    const { calls } = plan([gap(), gap({ id: 2, from: TOP - 9 * DAY, to: TOP - 8 * DAY })]);
    expect(calls.map(({ from, to, series }) => [from, to, series.length])).toEqual([
      [TOP - 3 * DAY, TOP - DAY, 3],
    ]);
  });

  it('asks a series once a round, and one that waits not at all', () => {
    const gaps = [gap(), gap({ id: 2, block: 2, slots: [0] })];
    const round = planRound(gaps, (block, slot) => (slot === 1 ? null : seriesAt()(block, slot)), {
      ...{ now: NOW, mostCalls: 3 },
    });
    expect(round.calls.flatMap(({ series }) => series.map(({ id }) => id)).sort()).toEqual([
      10_000, 10_002, 20_000,
    ]);
  });

  it('takes no more calls than it may, and the gap keeps what is not asked', () => {
    // 4,032 points each: 25 queries an answer.
    const wide = gap({
      slots: Array.from({ length: 100 }, (_, slot) => slot),
      from: TOP - 14 * DAY,
      to: TOP,
    });
    const { calls, gaps } = plan([wide], 2);
    expect(calls.map(({ series }) => series.length)).toEqual([25, 25]);
    expect(gaps[0]!.asked.size).toBe(50);
    const left = leftOf(gaps[0]!, new Set([...gaps[0]!.asked.values()].map(({ id }) => id)))!;
    expect(left.map(({ slots }) => slots.length)).toEqual([50]);
  });

  it('finds an end to a gap that CloudWatch has nothing of any more, without a call', () => {
    const { calls, gaps } = plan([gap({ from: TOP - 480 * DAY, to: TOP - 470 * DAY })]);
    expect(calls).toEqual([]);
    expect(leftOf(gaps[0]!, new Set())).toEqual([
      expect.objectContaining({ slots: [0, 1, 2], recoverable: false, reason: 'OUTSIDE_RETENTION' }),
    ]);
  });
});

describe('leftOf', () => {
  it('is nothing of what was answered, and all of what was not', () => {
    const [planned] = plan([gap()]).gaps;
    expect(leftOf(planned!, ids([0, 1, 2]))).toEqual([]);
    expect(leftOf(planned!, ids([1]))).toEqual([
      expect.objectContaining({ slots: [0, 2], from: TOP - 3 * DAY }),
    ]);
    expect(leftOf(planned!, new Set())).toBeNull();
  });

  it('is what is older, for those that were answered', () => {
    const [planned] = plan([gap({ period: 60, from: TOP - 20 * DAY })]).gaps;
    const edge = TOP + 2 * HOUR - 15 * DAY;
    expect(leftOf(planned!, ids([0]))!.map(({ slots, from, to }) => ({ slots, from, to }))).toEqual([
      { slots: [1, 2], from: TOP - 20 * DAY, to: TOP - DAY },
      { slots: [0], from: TOP - 20 * DAY, to: edge },
    ]);
  });

  it('loses no minute of any series, whatever is answered in which round', () => {
    const arbitrary = fc.record({
      period: fc.constantFrom(60, 300),
      start: fc.integer({ min: 2, max: 480 * 288 }),
      length: fc.integer({ min: 1, max: 80 * 288 }),
      answers: fc.array(fc.array(fc.integer({ min: 0, max: 4 })), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ period, start, length, answers }) => {
        const from = TOP - start * 5 * MINUTE;
        const to = Math.min(TOP, from + length * 5 * MINUTE);
        let serial = 1;
        let open: Gap[] = [gap({ period, from, to, slots: [0, 1, 2, 3, 4] })];
        const lost: Gap[] = [];
        const had = new Map<number, number>();
        for (const answer of answers) {
          if (open.length === 0) break;
          const round = plan(open);
          const answered = ids(answer);
          for (const planned of round.gaps) {
            const left = leftOf(planned, answered);
            if (!left) continue;
            for (const [slot, { id }] of planned.asked) {
              const { asked } = planned.part;
              if (answered.has(id)) had.set(slot, (had.get(slot) ?? 0) + asked!.to - asked!.from);
            }
            open = open.filter(({ id }) => id !== planned.gap.id);
            for (const one of left) {
              const { accountId, region } = planned.gap;
              (one.recoverable ? open : lost).push({ ...one, id: ++serial, accountId, region, period });
            }
            open.sort((a, b) => b.to - a.to);
          }
        }
        for (let slot = 0; slot < 5; slot++) {
          const missing = [...open, ...lost].filter(({ slots }) => slots.includes(slot));
          const total = missing.reduce((sum, one) => sum + one.to - one.from, had.get(slot) ?? 0);
          expect(total).toBe(to - from);
        }
      }),
    );
  });
});
