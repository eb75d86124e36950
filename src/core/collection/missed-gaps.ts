import type { NewGap } from '../metrics/gap';
import type { Trouble } from '../metrics/no-data';
import type { Series } from '../metrics/series';
import type { SeriesState } from '../metrics/series-state';
import { instantText } from './trouble';

/** So many cycles are within what is normal: a pause as short is told from nothing. */
const CYCLES = 2;

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
  const absence = absenceSince(state.askedAt, facts);
  const { trouble, askedAt } = state;
  if (!trouble || askedAt === null) return [{ from, to, ...absence }];
  const periodMs = series.period * 1000;
  const lastAsk = Math.ceil(askedAt / periodMs) * periodMs;
  const normal = CYCLES * Math.max(facts.intervalMs, periodMs);
  if (to - lastAsk <= normal) return [{ from, to, ...trouble }];
  if (lastAsk - from <= normal) return [{ from, to, ...absence }];
  return [
    { from, to: lastAsk, ...trouble },
    { from: lastAsk, to, ...absence },
  ];
}

/** Why a series was not asked for: by what happened to its account meanwhile. */
function absenceSince(askedAt: number | null, facts: AbsenceFacts): Trouble {
  const { now, dueAt, lastCollectedAt, intervalMs } = facts;
  const normal = CYCLES * intervalMs;
  const since = askedAt === null ? '' : ` since ${instantText(askedAt)}`;
  if (lastCollectedAt !== null && askedAt !== null && lastCollectedAt > askedAt + normal) {
    const evidence = `Its account was collected, but it was not among what publishes and is chosen${since}`;
    return { reason: 'RESOURCE_INACTIVE', evidence };
  }
  if (dueAt < now - normal) {
    const evidence = `The account was due at ${instantText(dueAt)}, and no gateway collected it until ${instantText(now)}`;
    return { reason: 'GATEWAY_DOWN', evidence };
  }
  const evidence = `The account was off the schedule${since}: paused, or its role was found open`;
  return { reason: 'ACCOUNT_PAUSED', evidence };
}
