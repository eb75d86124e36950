import type { Series } from '../metrics/series';

/** CloudWatch API reference, GetMetricData: at most 500 queries and 100,800 data points an answer. */
export const MAX_QUERIES_PER_CALL = 500;
export const MAX_POINTS_PER_CALL = 100_800;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A series seen for the first time starts this far back. */
const FIRST_LOOK_BACK_MS = 3 * HOUR_MS;
/** How long CloudWatch keeps points of a period: 60 s for 15 days, 300 s for 63 (CloudWatch user guide, metrics retention). */
const RETENTION_MS: Record<number, number> = { 60: 15 * DAY_MS, 300: 63 * DAY_MS };

/** One GetMetricData call: every query asks the same window at the same period. */
export interface PlannedCall {
  region: string;
  /** Epoch ms, on the period's grid; start inclusive, end exclusive. */
  from: number;
  to: number;
  series: Series[];
}

/**
 * What to ask for a series: from its watermark, or further back where late data may still revise what is stored, to the
 * end of the last closed period. Null when no period has closed since.
 */
export function windowOf(series: Series, now: number): { from: number; to: number } | null {
  const period = series.period * 1000;
  const to = Math.floor(now / period) * period;
  const lookBack = now - series.settleSeconds * 1000 - period;
  const wanted = series.watermark === null ? now - FIRST_LOOK_BACK_MS : Math.min(series.watermark, lookBack);
  const oldest = now - (RETENTION_MS[series.period] ?? RETENTION_MS[300]!) + period;
  const from = Math.floor(Math.max(wanted, oldest) / period) * period;
  return from < to ? { from, to } : null;
}

/**
 * Packs series of all plugins into as few calls as the limits allow. A wider window costs nothing (AWS bills metrics,
 * not points), so series share the earliest start of their call; those that lag far behind are packed together.
 */
export function packCalls(series: readonly Series[], now: number): PlannedCall[] {
  const asked = series.flatMap((one) => {
    const window = windowOf(one, now);
    return window ? [{ series: one, ...window }] : [];
  });
  const groups = new Map<string, typeof asked>();
  for (const one of asked) {
    const key = `${one.series.region}|${one.series.period}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].flatMap((group) => {
    // A stable sort: within one start the statistics of a metric stay adjacent.
    group.sort((a, b) => a.from - b.from);
    return packGroup(group);
  });
}

function packGroup(group: { series: Series; from: number; to: number }[]): PlannedCall[] {
  const calls: PlannedCall[] = [];
  let call: PlannedCall | null = null;
  for (const { series, from, to } of group) {
    const points: number = call
      ? ((call.to - call.from) / (series.period * 1000)) * (call.series.length + 1)
      : 0;
    if (!call || call.series.length === MAX_QUERIES_PER_CALL || points > MAX_POINTS_PER_CALL) {
      call = { region: series.region, from, to, series: [] };
      calls.push(call);
    }
    call.series.push(series);
  }
  return calls;
}
