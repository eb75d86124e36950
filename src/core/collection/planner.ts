import type { Series } from '../metrics/series';

/** CloudWatch API reference, GetMetricData: at most 500 queries and 100,800 data points an answer. */
export const MAX_QUERIES_PER_CALL = 500;
export const MAX_POINTS_PER_CALL = 100_800;

/** What is wanted of one series. */
export interface Ask {
  series: Series;
  /** Epoch ms, on the grid of the period asked for; start inclusive, end exclusive. */
  from: number;
  to: number;
  /** The period asked for, in seconds: the series' own, or a coarser one where CloudWatch has no finer. */
  period: number;
}

/** One GetMetricData call: every query asks the same window at the same period. */
export interface PlannedCall {
  region: string;
  from: number;
  to: number;
  /** Seconds. */
  period: number;
  series: Series[];
}

/** The statistics of one metric: AWS may bill up to five of them in one request as one, so they stay together. */
interface AskedMetric {
  from: number;
  series: Series[];
}

/**
 * Packs asks of all plugins into as few calls as the limits allow, each answered in one page. A wider window costs nothing
 * (AWS bills metrics, not points), so series share the earliest start of their call; those that lag far behind are packed
 * together. The statistics of a metric, which stand next to each other in `asks`, are in one call wherever they fit in one.
 */
export function packCalls(asks: readonly Ask[]): PlannedCall[] {
  const groups = new Map<string, Ask[]>();
  for (const ask of asks) {
    const key = `${ask.series.region}|${ask.period}|${ask.to}`;
    const group = groups.get(key);
    if (group) group.push(ask);
    else groups.set(key, [ask]);
  }
  return [...groups.values()].flatMap(packGroup);
}

function packGroup(asks: readonly Ask[]): PlannedCall[] {
  const { series, to, period } = asks[0]!;
  const calls: PlannedCall[] = [];
  let open: PlannedCall[] = [];
  const start = (from: number) => {
    const call: PlannedCall = { region: series.region, from, to, period, series: [] };
    calls.push(call);
    open.push(call);
    return call;
  };
  // Small ones last: they fill what the others leave.
  const metrics = metricsOf(asks).sort((a, b) => a.from - b.from || b.series.length - a.series.length);
  for (const metric of metrics) {
    for (const part of fitting(metric, { to, period })) {
      const call = open.find((one) => room(one) >= part.length) ?? start(metric.from);
      call.series.push(...part);
      if (room(call) === 0) open = open.filter((one) => one !== call);
    }
  }
  return calls;
}

/** A metric in one piece, unless a call of its own could not hold it. */
function fitting({ from, series }: AskedMetric, window: { to: number; period: number }): Series[][] {
  const most = Math.max(1, capacity({ from, ...window }));
  if (series.length <= most) return [series];
  const parts: Series[][] = [];
  for (let at = 0; at < series.length; at += most) parts.push(series.slice(at, at + most));
  return parts;
}

function metricsOf(asks: readonly Ask[]): AskedMetric[] {
  const metrics: AskedMetric[] = [];
  let previous: Series | null = null;
  for (const { series, from } of asks) {
    const metric = metrics.at(-1);
    if (metric && previous && isSameMetric(previous, series)) {
      metric.series.push(series);
      metric.from = Math.min(metric.from, from);
    } else {
      metrics.push({ from, series: [series] });
    }
    previous = series;
  }
  return metrics;
}

function isSameMetric(a: Series, b: Series): boolean {
  if (a.resourceId !== b.resourceId || a.name !== b.name || a.namespace !== b.namespace) return false;
  const names = Object.keys(a.dimensions);
  return (
    names.length === Object.keys(b.dimensions).length &&
    names.every((name) => a.dimensions[name] === b.dimensions[name])
  );
}

/** Queries that one answer of CloudWatch's holds. */
function capacity({ from, to, period }: Pick<PlannedCall, 'from' | 'to' | 'period'>): number {
  return Math.min(MAX_QUERIES_PER_CALL, Math.floor(MAX_POINTS_PER_CALL / ((to - from) / (period * 1000))));
}

function room(call: PlannedCall): number {
  return capacity(call) - call.series.length;
}
