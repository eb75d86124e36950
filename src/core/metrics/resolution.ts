import type { Aggregate, Downsampling } from './downsampling';
import type { Grid, TimeRange } from './time-range';

const HOUR_MS = 3_600_000;
const HOUR_SECONDS = 3_600;

/** What of a range is read as hourly values and what, behind it, as fine points; null for none. */
export interface Resolution {
  hours: TimeRange | null;
  fine: TimeRange | null;
}

/** The first hour (epoch ms) whose fine points are all kept at `now`. */
export function fineSince(fineRetentionDays: number, now: number): number {
  return Math.ceil((now - fineRetentionDays * 24 * HOUR_MS) / HOUR_MS) * HOUR_MS;
}

/**
 * Buckets of whole hours come from hourly values, however short the range: an hour that CloudWatch had only coarse is seen
 * in each, and a long range is a twelfth of the reading. What chooses among points, LAST and finer buckets take fine points
 * while they are kept, and hours before. Series with a period of an hour or more have nothing coarser.
 */
export function resolutionOf(
  period: number,
  grid: Grid,
  { aggregate, downsampling }: { aggregate: Aggregate; downsampling: Downsampling },
  keptSince: number,
): Resolution {
  const hoursWillDo = downsampling === 'BUCKETS' && aggregate !== 'LAST' && grid.step % HOUR_SECONDS === 0;
  if (hoursWillDo && period < HOUR_SECONDS) return { hours: { from: grid.from, to: grid.to }, fine: null };
  return splitRange(period, grid, keptSince);
}

/** Fine points as far as they are kept, hourly values before. */
export function splitRange(period: number, { from, to }: TimeRange, keptSince: number): Resolution {
  if (period >= HOUR_SECONDS || from >= keptSince) return { hours: null, fine: { from, to } };
  if (to <= keptSince) return { hours: { from, to }, fine: null };
  return { hours: { from, to: keptSince }, fine: { from: keptSince, to } };
}

/** About how many values one series of the period (seconds) has there: four for each hour. */
export function valuesIn(period: number, { hours, fine }: Resolution): number {
  return (
    (hours ? (4 * (hours.to - hours.from)) / HOUR_MS : 0) + (fine ? (fine.to - fine.from) / 1000 / period : 0)
  );
}
