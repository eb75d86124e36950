import { offsetInInterval } from './due-time';

const HOUR_MS = 3_600_000;
/** A series seen for the first time starts this far back. */
const FIRST_LOOK_BACK_MS = 3 * HOUR_MS;
/**
 * Once an hour a live call looks this far back from the last whole answer: a wider window costs nothing, and what CloudWatch
 * delivers later than anybody has seen as yet is found by it.
 */
const LATE_LOOK_BACK_MS = 3 * HOUR_MS;
/** The largest hole that a live call heals: 500 queries × 201 periods are one answer of CloudWatch's. */
const MOST_PERIODS = 200;
/** From this period on (seconds) points come so seldom and so late that a call a period, further back, is enough. */
const SPARSE_PERIOD = 3_600;
const SPARSE_LOOK_BACK_PERIODS = 4;
/** An hour, less what cycles are apart. */
const ASKED_AGAIN_MS = 50 * 60_000;

/** A range of whole periods, epoch ms on the UTC grid; `to` exclusive. */
export interface Window {
  from: number;
  to: number;
}

/** How far a series is, as far as windows need to know. */
export interface Progress {
  /** Seconds. */
  period: number;
  /** Points younger than this may still be revised, or come at all. */
  settleSeconds: number;
  watermark: number | null;
  /** Of a metric of an hour or more: when it was asked for last. */
  askedAt?: number | null;
  /** Look back to here (epoch ms) for what came very late, too; null: no further than what may be revised. */
  lateSince?: number | null;
}

/**
 * Since when a live call looks for what came very late: null in most cycles. Each account has its own hour, so that they
 * spread; after a time without answers it is three hours before the last one, and not before now.
 */
export function lateSince(accountId: number, lastAnswer: number | null, now: number): number | null {
  const offset = offsetInInterval(accountId, HOUR_MS);
  const hourOf = (instant: number) => Math.floor((instant - offset) / HOUR_MS);
  if (lastAnswer === null || hourOf(lastAnswer) === hourOf(now)) return null;
  return Math.min(lastAnswer, now) - LATE_LOOK_BACK_MS;
}

/** Whether a series is asked for once a period, and not in every cycle. */
export function isSparse({ period }: Pick<Progress, 'period'>): boolean {
  return period >= SPARSE_PERIOD;
}

/** End of the last period (seconds) that has closed. */
export function lastClosed(period: number, now: number): number {
  return Math.floor(now / (period * 1000)) * period * 1000;
}

/**
 * What a live call asks for a series: from its watermark, or further back where late data may still revise what is stored, to
 * the end of the last closed period. A watermark that lies further back than a live call reaches is not waited for: what is
 * before the window is a gap. Null when there is nothing to ask.
 */
export function liveWindow(
  { period, settleSeconds, watermark, askedAt = null, lateSince = null }: Progress,
  now: number,
): Window | null {
  const periodMs = period * 1000;
  const to = lastClosed(period, now);
  if (isSparse({ period }) && watermark !== null) {
    if (watermark >= to) return null;
    const dueAt = to + settledWithin({ period, settleSeconds });
    const isBehind = watermark < to - periodMs;
    if (now < dueAt && !isBehind) return null;
    if (askedAt !== null && askedAt >= (isBehind ? to : dueAt) && now - askedAt < ASKED_AGAIN_MS) return null;
  }
  const wanted = Math.min(
    lookBack({ period, settleSeconds }, now),
    watermark ?? now - FIRST_LOOK_BACK_MS,
    lateSince ?? Infinity,
  );
  const onGrid = Math.floor(wanted / periodMs) * periodMs;
  const from = Math.max(onGrid, furthestBack({ period, settleSeconds }, now));
  return from < to ? { from, to } : null;
}

/** How long after its end a period of a metric of an hour or more is asked for: later where it takes periods to settle. */
function settledWithin({ period, settleSeconds }: Pick<Progress, 'period' | 'settleSeconds'>): number {
  return (settleSeconds * 1000) % (period * 1000);
}

/**
 * How long after its end the period of such a metric is asked for again, hourly, while its point is not there: that of a daily
 * metric which should have come by then.
 */
export function patienceOf(series: Pick<Progress, 'period' | 'settleSeconds'>): number {
  const { period, settleSeconds } = series;
  const isAwaited = period > SPARSE_PERIOD && settleSeconds < period;
  return settledWithin(series) + (isAwaited ? (period * 1000) / 6 : 0);
}

/** Where the largest window begins that a live call asks for a series: what is missing before it is a gap. */
export function furthestBack(series: Pick<Progress, 'period' | 'settleSeconds'>, now: number): number {
  const periodMs = series.period * 1000;
  // What may still be revised is looked at, however long a metric takes to settle.
  const reach = Math.min(lookBack(series, now), lastClosed(series.period, now) - MOST_PERIODS * periodMs);
  return Math.floor(reach / periodMs) * periodMs;
}

/** Where that begins which may still be revised, or come. */
function lookBack(
  { period, settleSeconds }: Pick<Progress, 'period' | 'settleSeconds'>,
  now: number,
): number {
  const periodMs = period * 1000;
  const settling = now - settleSeconds * 1000 - periodMs;
  if (!isSparse({ period })) return settling;
  return Math.min(settling, lastClosed(period, now) - SPARSE_LOOK_BACK_PERIODS * periodMs);
}
