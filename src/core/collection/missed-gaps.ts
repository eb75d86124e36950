import type { NewGap } from '../metrics/gap';
import type { Trouble } from '../metrics/no-data';
import type { Series } from '../metrics/series';
import type { SeriesState } from '../metrics/series-state';
import { instantText } from './trouble';

/** So many cycles are within what is normal. */
const CYCLES = 2;
const LONGEST_PACE_MS = 3_600_000;

/** A series that was answered whole, with what was known of it before. */
export interface Answered {
  series: Series;
  state: Pick<SeriesState, 'watermark' | 'askedAt' | 'trouble'>;
  /** Where the answer begins (epoch ms). */
  from: number;
}

/** What is known of why nobody asked. Instants are epoch ms. */
export interface AbsenceFacts {
  now: number;
  /** When the account was due: long ago where no gateway was at work. */
  dueAt: number;
  /** The account's last collection before this one. */
  lastCollectedAt: number | null;
  /** Between two collections of an account. */
  intervalMs: number;
  /** Where the history of a new series is to begin; null for none. */
  historyFrom: number | null;
}

/**
 * The holes that lie before what was answered, which the watermark is about to leave behind: those that a live call cannot
 * heal, and the history of series that were never answered before. Each with its reason, by block.
 */
export function gapsBefore(answered: readonly Answered[], facts: AbsenceFacts): NewGap[] {
  const gaps = new Map<number, NewGap[]>();
  for (const { series, state, from } of answered) {
    const holes =
      state.watermark === null ? historyOf(series, from, facts) : missedOf(series, state, from, facts);
    for (const hole of holes) {
      let ofBlock = gaps.get(series.block);
      if (!ofBlock) gaps.set(series.block, (ofBlock = []));
      // Those that stand next to each other mostly miss the same.
      const gap = ofBlock.findLast((one) => isSame(one, hole));
      if (gap) gap.slots.push(series.slot);
      else ofBlock.push({ ...hole, block: series.block, slots: [series.slot], recoverable: true });
    }
  }
  return [...gaps.values()].flat();
}

type Hole = Trouble & { from: number; to: number };

function isSame(a: Hole, b: Hole): boolean {
  return a.from === b.from && a.to === b.to && a.reason === b.reason && a.evidence === b.evidence;
}

function historyOf(series: Series, to: number, { historyFrom }: AbsenceFacts): Hole[] {
  if (historyFrom === null) return [];
  const periodMs = series.period * 1000;
  const from = Math.ceil(historyFrom / periodMs) * periodMs;
  if (from >= to) return [];
  return [
    {
      from,
      to,
      reason: 'NOT_DUE',
      evidence: 'The history of before the first collection is not asked for yet',
    },
  ];
}

/** First what the last ask met, for as long as there were asks; then why there was none. */
function missedOf(series: Series, state: Answered['state'], to: number, facts: AbsenceFacts): Hole[] {
  const from = state.watermark!;
  if (from >= to) return [];
  const { trouble, askedAt } = state;
  if (!trouble || askedAt === null) return absencesOf(series, askedAt, { from, to }, facts);
  const periodMs = series.period * 1000;
  const lastAsk = Math.ceil(askedAt / periodMs) * periodMs;
  const normal = normalPause(series, facts);
  if (to - lastAsk <= normal) return [{ from, to, ...trouble }];
  if (lastAsk - from <= normal) return absencesOf(series, askedAt, { from, to }, facts);
  return [{ from, to: lastAsk, ...trouble }, ...absencesOf(series, askedAt, { from: lastAsk, to }, facts)];
}

/** A series that was not asked for: first while its account was collected without it, then while nobody collected that. */
function absencesOf(
  series: Series,
  askedAt: number | null,
  { from, to }: { from: number; to: number },
  facts: AbsenceFacts,
): Hole[] {
  const { lastCollectedAt } = facts;
  const whole = { from, to, ...standstillSince(askedAt, facts) };
  if (askedAt === null || lastCollectedAt === null) return [whole];
  // One that nobody reads may be asked for once an hour.
  const normal = Math.max(normalPause(series, facts), LONGEST_PACE_MS * CYCLES);
  if (lastCollectedAt <= askedAt + normal) return [whole];
  const evidence = `Its account was collected, but it was not among what publishes and is chosen since ${instantText(askedAt)}`;
  const without: Trouble = { reason: 'RESOURCE_INACTIVE', evidence };
  const periodMs = series.period * 1000;
  const end = Math.ceil(lastCollectedAt / periodMs) * periodMs;
  if (to - end <= normal) return [{ from, to, ...without }];
  return [
    { from, to: end, ...without },
    { from: end, to, ...standstillSince(lastCollectedAt, facts) },
  ];
}

/** A pause as short is told from nothing. */
export function normalPause({ period }: Pick<Series, 'period'>, { intervalMs }: AbsenceFacts): number {
  return CYCLES * Math.max(intervalMs, period * 1000);
}

/** Why an account was not collected. */
function standstillSince(at: number | null, { now, dueAt, intervalMs }: AbsenceFacts): Trouble {
  if (dueAt < now - CYCLES * intervalMs) {
    const evidence = `The account was due at ${instantText(dueAt)}, and no gateway collected it until ${instantText(now)}`;
    return { reason: 'GATEWAY_DOWN', evidence };
  }
  const since = at === null ? '' : ` since ${instantText(at)}`;
  const evidence = `The account was off the schedule${since}: paused, or its role was found open`;
  return { reason: 'ACCOUNT_PAUSED', evidence };
}
