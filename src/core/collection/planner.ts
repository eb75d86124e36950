import type { Account, MetricProfile } from '../accounts/account';
import type { Resource } from '../inventory/resource';
import type { Series, SeriesSpec } from '../metrics/series';
import type { SeriesState } from '../metrics/series-state';
import type { DeclaredResource, MetricDefinition, ResourceType } from '../../plugins/contract';

/** CloudWatch API reference, GetMetricData: at most 500 queries and 100,800 data points an answer. */
export const MAX_QUERIES_PER_CALL = 500;
export const MAX_POINTS_PER_CALL = 100_800;
/** GetMetricData, $0.01 per 1,000 metrics requested (AWS price list, us-east-1, 2026). */
export const USD_PER_METRIC_REQUESTED = 0.01 / 1000;

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

/** The series of a resource by its declaration and the account's metric profile. None while it publishes nothing. */
export function seriesOf(
  resource: Omit<Resource, 'tenantId' | 'accountId' | 'key' | 'firstSeenAt' | 'lastSeenAt' | 'goneAt'>,
  declaration: ResourceType,
  profile: MetricProfile | undefined,
): SeriesSpec[] {
  const declared: DeclaredResource<any> = resource;
  if (declaration.collects && !declaration.collects(declared)) return [];
  return declaration.metrics
    .filter((group) => !group.appliesTo || group.appliesTo(declared))
    .flatMap((group) =>
      group.dimensions(declared).flatMap((dimensions) =>
        group.definitions.flatMap((definition) =>
          // The statistics of a metric stay adjacent: AWS may bill up to five of one call as one metric.
          chosenStatistics(definition, profile).map((statistic) => ({
            resourceId: resource.id,
            region: resource.region,
            plugin: resource.plugin,
            namespace: group.namespace,
            name: definition.name,
            statistic,
            unit: definition.unit,
            period: group.period?.(declared) ?? 300,
            dimensions,
            settleSeconds: definition.settleSeconds ?? group.settleSeconds,
          })),
        ),
      ),
    );
}

/** A plugin without a profile collects CORE. */
export function profileOf(account: Account, plugin: string): MetricProfile | undefined {
  return account.metricProfiles.find((profile) => profile.plugin === plugin);
}

function chosenStatistics(
  definition: MetricDefinition,
  profile: MetricProfile | undefined,
): readonly string[] {
  const { name, statistics, tier } = definition;
  if (profile?.level !== 'CUSTOM') {
    return tier === 'CORE' || profile?.level === 'EXTENDED' ? statistics : [];
  }
  if (profile.metrics.includes(name)) return statistics;
  return statistics.filter((statistic) => profile.metrics.includes(`${name}:${statistic}`));
}

/**
 * What to ask for a series: from its watermark, or further back where late data may still revise what is stored, to the
 * end of the last closed period. Null when no period has closed since.
 */
export function windowOf(
  series: Series,
  watermark: number | null,
  now: number,
): { from: number; to: number } | null {
  const period = series.period * 1000;
  const to = Math.floor(now / period) * period;
  const lookBack = now - series.settleSeconds * 1000 - period;
  const wanted = watermark === null ? now - FIRST_LOOK_BACK_MS : Math.min(watermark, lookBack);
  const oldest = now - (RETENTION_MS[series.period] ?? RETENTION_MS[300]!) + period;
  const from = Math.floor(Math.max(wanted, oldest) / period) * period;
  return from < to ? { from, to } : null;
}

/**
 * Packs series of all plugins into as few calls as the limits allow. A wider window costs nothing (AWS bills metrics,
 * not points), so series share the earliest start of their call; those that lag far behind are packed together.
 * @param states in the order of `series`.
 */
export function packCalls(
  series: readonly Series[],
  states: readonly Pick<SeriesState, 'watermark'>[],
  now: number,
): PlannedCall[] {
  const asked = series.flatMap((one, index) => {
    const window = windowOf(one, states[index]!.watermark, now);
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
