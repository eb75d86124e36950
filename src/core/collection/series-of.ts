import type { DeclaredResource, MetricDefinition, MetricGroup, ResourceType } from '../../plugins/contract';
import type { Account, MetricProfile } from '../accounts/account';
import type { Resource } from '../inventory/resource';
import type { SeriesSpec } from '../metrics/series';

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
    .flatMap((group) => {
      const period = periodOf(group, declared, profile);
      return group.dimensions(declared).flatMap((dimensions) =>
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
            period,
            dimensions,
            settleSeconds: definition.settleSeconds ?? group.settleSeconds,
          })),
        ),
      );
    });
}

/**
 * A minute where the profile asks for it and the resource publishes it. A series of another period is another series: the
 * one of before stays, with its history.
 */
function periodOf(
  group: MetricGroup<any>,
  declared: DeclaredResource<any>,
  profile: MetricProfile | undefined,
): number {
  const period = group.period?.(declared) ?? 300;
  const isFiner = period === 300 && profile?.periodSeconds === 60 && group.publishes?.(declared) === 60;
  return isFiner ? 60 : period;
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
