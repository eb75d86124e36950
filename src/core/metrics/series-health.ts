import type { Account } from '../accounts/account';
import type { Gap } from './gap';
import type { NoDataReason, Trouble } from './no-data';
import type { Series } from './series';
import type { SeriesState } from './series-state';

const HOUR_MS = 3_600_000;
/** A series that was asked for longer ago than this should have been asked for again. */
export const OVERDUE_MS = 15 * 60_000;

/** What is known of one series in one range. Instants are epoch ms. */
export interface HealthFacts {
  series: Pick<Series, 'period' | 'settleSeconds'>;
  state: SeriesState;
  /** Those of the series that touch the range. */
  gaps: readonly Gap[];
  /** Points of the range that are stored. */
  received: number;
  /** Why nothing is asked for at the moment, whatever the state says: the account is paused or broken, the series left out. */
  standstill: Trouble | null;
  from: number;
  to: number;
  now: number;
}

/** A hole: `from` ≤ period start < `to`. */
export interface HealthGap {
  from: number;
  to: number;
  reason: NoDataReason;
  /** CloudWatch still has it, and it will be asked for. */
  recoverable: boolean;
}

/** Why there is data, or none. */
export interface SeriesHealth {
  /**
   * Points that there should be: those received, and the periods whose answer is out. A period that CloudWatch answered to be
   * empty is no point that is missing, nor is one in which the resource publishes nothing.
   */
  expected: number;
  received: number;
  lastRequestedAt: number | null;
  lastReceivedAt: number | null;
  /** Null when every period of the range that is over has its point. */
  reason: NoDataReason | null;
  /** The fact that shows it, in a sentence. */
  evidence: string | null;
  /** Oldest first; periods that CloudWatch answered to be empty are none. */
  gaps: HealthGap[];
}

/** Why nothing of an account is asked for at all; null when it is collected. */
export function standstillOf(account?: Pick<Account, 'status' | 'statusReason'>): Trouble | null {
  switch (account?.status) {
    case 'PAUSED':
      return { reason: 'ACCOUNT_PAUSED', evidence: account.statusReason ?? 'The account is paused' };
    case 'REMOVED':
      return { reason: 'ACCOUNT_PAUSED', evidence: 'The account was removed' };
    case 'BROKEN':
    case 'INSECURE':
    case 'AWAITING_ROLE':
      return {
        reason: 'ACCOUNT_BROKEN',
        evidence: account.statusReason ?? `The account is ${account.status}`,
      };
    default:
      return null;
  }
}

/** A series that waits before it is tried again, or whose pace is stretched, is not left out as yet. */
const LEFT_OUT_MS = { atEase: 2 * HOUR_MS, inTrouble: 25 * HOUR_MS };

/**
 * Why a series is not asked for any more though its account is collected; null when it is. Its resource is gone, its metric,
 * plugin or period is chosen no more.
 */
export function leftOutOf(
  { period }: Pick<Series, 'period'>,
  { askedAt, trouble }: Pick<SeriesState, 'askedAt' | 'trouble'>,
  account?: Pick<Account, 'lastCollectedAt'>,
): Trouble | null {
  const lastCollectedAt = account?.lastCollectedAt ?? null;
  if (askedAt === null || lastCollectedAt === null) return null;
  const normal = Math.max(trouble ? LEFT_OUT_MS.inTrouble : LEFT_OUT_MS.atEase, 2 * period * 1000);
  if (lastCollectedAt <= askedAt + normal) return null;
  const evidence = `Its account is collected, but it is not among what is there and is chosen since ${iso(askedAt)}`;
  return { reason: 'RESOURCE_INACTIVE', evidence };
}

/** Nobody expects a point of a series that publishes nothing: the resource is stopped or gone, or CloudWatch lists none. */
export function isSilent({ reason }: { reason: NoDataReason }): boolean {
  return reason === 'RESOURCE_INACTIVE' || reason === 'NEVER_PUBLISHED' || reason === 'SPARSE';
}

/** Judges a series by what became of asking for it. */
export function healthOf(facts: HealthFacts): SeriesHealth {
  const { state, received } = facts;
  const step = facts.series.period * 1000;
  const open = openTail(facts, step);
  const known = facts.gaps.map((gap) => clipped(gap, facts)).filter(({ from, to }) => from < to);
  const gaps = [...known, ...open].sort((a, b) => a.from - b.from);
  const missing = gaps.filter((hole) => !isSilent(hole));
  const unanswered = missing.reduce((total, { from, to }) => total + (to - from) / step, 0);
  // An answer that was not whole may have points where the rest is still out.
  const expected = Math.max(received, Math.min(received + unanswered, closedPeriods(facts, step)));
  const verdict = reasonOf(facts, gaps, step);
  return {
    expected,
    received,
    lastRequestedAt: state.askedAt,
    lastReceivedAt: state.receivedAt,
    reason: verdict?.reason ?? null,
    evidence: verdict?.evidence ?? null,
    gaps: gaps.map(({ from, to, reason, recoverable }) => ({ from, to, reason, recoverable })),
  };
}

/** Points received of those expected, 0 to 1; null where none is expected. */
export function completenessOf(health: readonly SeriesHealth[]): number | null {
  const expected = health.reduce((total, one) => total + one.expected, 0);
  return expected === 0 ? null : health.reduce((total, one) => total + one.received, 0) / expected;
}

interface Hole extends HealthGap {
  evidence: string;
}

/**
 * Periods after the watermark that have settled, and are not answered. What has settled since an ask that went well is not
 * missing before the next one is overdue.
 */
function openTail(facts: HealthFacts, step: number): Hole[] {
  const { state, now } = facts;
  if (state.watermark === null) return [];
  const trouble = troubleOf(facts);
  if (!trouble && state.askedAt !== null && now - state.askedAt < Math.max(OVERDUE_MS, step)) return [];
  const from = Math.max(state.watermark, onGrid(facts.from, step));
  const to = Math.min(settledEnd(facts, step), onGrid(facts.to, step));
  if (from >= to) return [];
  return [{ from, to, recoverable: true, ...(trouble ?? notDue(facts)) }];
}

/** End of the last period that has settled. */
function settledEnd({ series, now }: HealthFacts, step: number): number {
  return Math.floor((now - series.settleSeconds * 1000) / step) * step;
}

function troubleOf({ standstill, state }: HealthFacts): Trouble | null {
  return standstill ?? state.trouble;
}

function notDue({ state }: HealthFacts): Trouble {
  const asked =
    state.askedAt === null ? 'It was never asked for' : `It was last asked for at ${iso(state.askedAt)}`;
  return { reason: 'NOT_DUE', evidence: `${asked}; a coming collection asks again` };
}

function clipped({ from, to, reason, evidence, recoverable }: Gap, facts: HealthFacts): Hole {
  const step = facts.series.period * 1000;
  return {
    from: Math.max(from, onGrid(facts.from, step)),
    to: Math.min(to, onGrid(facts.to, step)),
    ...{ reason, evidence, recoverable },
  };
}

/** The newest hole tells first; then what is not there as yet; then what CloudWatch never had. */
function reasonOf(facts: HealthFacts, gaps: readonly Hole[], step: number): Trouble | null {
  const { state, received, now } = facts;
  const periods = closedPeriods(facts, step);
  if (received >= periods) return null;
  const hole = gaps.at(-1);
  if (hole) return { reason: hole.reason, evidence: hole.evidence };
  const trouble = troubleOf(facts);
  if (trouble) return trouble;
  if (state.answeredAt === null || state.watermark === null) return notDue(facts);
  const answered = `CloudWatch answered at ${iso(state.answeredAt)}`;
  if (state.receivedAt === null) {
    return { reason: 'NEVER_PUBLISHED', evidence: `${answered} that it has no point, and never had one` };
  }
  const settled = settledEnd(facts, step);
  const out =
    Math.min(onGrid(facts.to, step), Math.floor(now / step) * step) - Math.min(settled, state.watermark);
  if (received >= periods - Math.max(0, out) / step) {
    if (state.watermark < settled) return notDue(facts);
    return {
      reason: 'NOT_SETTLED',
      evidence: `CloudWatch delivers it up to ${facts.series.settleSeconds} s late; it was last asked at ${iso(state.askedAt ?? now)}`,
    };
  }
  return { reason: 'SPARSE', evidence: `${answered} that the other periods hold no point` };
}

/** Periods of the range that are over. */
function closedPeriods({ from, to, now }: HealthFacts, step: number): number {
  const closed = Math.min(onGrid(to, step), Math.floor(now / step) * step);
  return Math.max(0, closed - onGrid(from, step)) / step;
}

function onGrid(instant: number, step: number): number {
  return Math.ceil(instant / step) * step;
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
