import type { Gap, NewGap } from '../metrics/gap';
import type { Series } from '../metrics/series';
import { MAX_POINTS_PER_CALL, packCalls, type Ask, type PlannedCall } from './planner';
import { recoverablePart, type Recoverable } from './retention-tiers';

/** A gap of which a round asks for the newest part. */
export interface PlannedGap {
  gap: Gap;
  part: Recoverable;
  /** The series that the round asks for, by slot. */
  asked: Map<number, Series>;
}

/** So many calls that their answers are held in memory at once and stored in one transaction. */
export interface BackfillRound {
  calls: PlannedCall[];
  gaps: PlannedGap[];
}

/**
 * The next calls of a backfill: newest gaps first, each series once, at the finest period that CloudWatch still has.
 * @param gaps newest first
 * @param seriesAt null for a series that waits, or that there is no more
 */
export function planRound(
  gaps: readonly Gap[],
  seriesAt: (block: number, slot: number) => Series | null,
  { now, mostCalls }: { now: number; mostCalls: number },
): BackfillRound {
  const planned: PlannedGap[] = [];
  const asks: Ask[] = [];
  const taken = new Set<number>();
  let points = 0;
  for (const gap of gaps) {
    if (points >= mostCalls * MAX_POINTS_PER_CALL) break;
    const part = recoverablePart(gap, gap.period, now);
    const asked = new Map<number, Series>();
    for (const slot of part.asked ? gap.slots : []) {
      const series = seriesAt(gap.block, slot);
      if (!series || taken.has(series.id)) continue;
      taken.add(series.id);
      asked.set(slot, series);
      asks.push({ series, ...part.asked! });
      points += (part.asked!.to - part.asked!.from) / (part.asked!.period * 1000);
    }
    if (asked.size > 0 || !part.asked) planned.push({ gap, part, asked });
  }
  asks.sort((a, b) => b.to - a.to || a.series.resourceId - b.series.resourceId || a.series.id - b.series.id);
  const calls = packCalls(asks).slice(0, mostCalls);
  const called = new Set(calls.flatMap(({ series }) => series.map(({ id }) => id)));
  for (const { asked } of planned) {
    for (const [slot, { id }] of asked) if (!called.has(id)) asked.delete(slot);
  }
  return { calls, gaps: planned.filter(({ asked, part }) => asked.size > 0 || !part.asked) };
}

/**
 * What is left of a gap. Slots that were not answered keep it as it is; the others keep what is older, and what they have
 * lost for good.
 * @returns null when nothing changed
 */
export function leftOf({ gap, part, asked }: PlannedGap, answered: ReadonlySet<number>): NewGap[] | null {
  const isDone = (slot: number) => !part.asked || (asked.has(slot) && answered.has(asked.get(slot)!.id));
  const done = gap.slots.filter(isDone);
  if (done.length === 0) return null;
  const { block, from, to, reason, evidence } = gap;
  const open = gap.slots.filter((slot) => !isDone(slot));
  const left: NewGap[] = [];
  if (open.length > 0) left.push({ block, slots: open, from, to, reason, evidence, recoverable: true });
  if (part.rest) left.push({ block, slots: done, ...part.rest, reason, evidence, recoverable: true });
  for (const lost of part.lost) {
    left.push({
      ...{ block, slots: done, ...lost, reason: 'OUTSIDE_RETENTION' as const, recoverable: false },
      evidence: `CloudWatch had no points of ${gap.period} s any more when it could be asked; before that: ${evidence}`,
    });
  }
  return left;
}
