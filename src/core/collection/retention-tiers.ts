const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long CloudWatch keeps points of a period (seconds), and so by what age of StartTime which period may be asked for
 * (CloudWatch user guide, metrics retention).
 */
const TIERS = [
  { period: 60, maxAgeMs: 15 * DAY_MS },
  { period: 300, maxAgeMs: 63 * DAY_MS },
  { period: 3_600, maxAgeMs: 455 * DAY_MS },
] as const;

/** A call must not pass a tier's edge while it is under way, waits for its turn, or is tried again. */
const MARGIN_MS = HOUR_MS;

/** Start of the oldest hour that may be asked for at this period (seconds), or a multiple of it. */
function oldestHour(maxAgeMs: number, now: number): number {
  return Math.ceil((now - maxAgeMs + MARGIN_MS) / HOUR_MS) * HOUR_MS;
}

/** What of a hole in the points of a series can be asked for in one query, and what cannot be had any more. */
export interface Recoverable {
  /** The newest part of the hole that one period can be asked for; null when there is none. */
  asked: { from: number; to: number; period: number } | null;
  /** Parts that CloudWatch has no more at a period that is of use: they can never be filled. */
  lost: { from: number; to: number }[];
  /** What is older than `asked`, to be asked for another time. */
  rest: { from: number; to: number } | null;
}

/**
 * Looks for the newest part of [from, to) that CloudWatch still has, at the finest period that its age allows. Coarser points
 * than the series' own are had by whole hours: a part of an hour at either end is lost.
 * @param period of the series, in seconds; `from` and `to` lie on its grid
 */
export function recoverablePart(
  { from, to }: { from: number; to: number },
  period: number,
  now: number,
): Recoverable {
  const periodMs = period * 1000;
  // CloudWatch has the series' own period for as long as the coarsest tier lasts that divides it.
  const fineTier = TIERS.findLast((tier) => period % tier.period === 0);
  for (const tier of TIERS) {
    const isFine = tier === fineTier;
    if (!isFine && tier.period <= period) continue;
    const edge = Math.ceil(oldestHour(tier.maxAgeMs, now) / periodMs) * periodMs;
    if (edge >= to) continue;
    const start = Math.max(from, edge);
    const rest = start > from ? { from, to: start } : null;
    if (isFine) return { asked: { from: start, to, period }, lost: [], rest };
    const firstHour = Math.ceil(start / HOUR_MS) * HOUR_MS;
    const lastHour = Math.floor(to / HOUR_MS) * HOUR_MS;
    if (firstHour >= lastHour) return { asked: null, lost: [{ from: start, to }], rest };
    const lost = [
      { from: start, to: firstHour },
      { from: lastHour, to },
    ].filter((part) => part.from < part.to);
    return { asked: { from: firstHour, to: lastHour, period: tier.period }, lost, rest };
  }
  return { asked: null, lost: [{ from, to }], rest: null };
}

/** Start of the oldest hour that CloudWatch can still be asked for. */
export function oldestKept(now: number): number {
  return oldestHour(TIERS.at(-1)!.maxAgeMs, now);
}
