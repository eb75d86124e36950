import { partitionOfRegion } from '../world/partitions';
import type { LoadBalancer, RegionResources, TargetGroup } from '../world/types';
import { atPeriod, metricMap, type MetricSource, type MetricSourceQuery } from './metric-source';
import * as names from './names';

/** All sources of the load balancers of a Region. */
export function* loadBalancerSources(resources: RegionResources): Generator<MetricSource> {
  for (const name of resources.classicLoadBalancers.keys()) yield classicSource(name);
  for (const balancer of resources.loadBalancers.values()) yield balancerSource(balancer);
  for (const group of resources.targetGroups.values()) yield* groupSources(group, resources);
}

/**
 * The source of a load balancer or target group; `dimensions` are in the order of their names. `LoadBalancer`,
 * `LoadBalancer,TargetGroup` and `TargetGroup` are found by the ARN that the last dimension is the end of.
 */
export function findLoadBalancerSource(
  resources: RegionResources,
  query: MetricSourceQuery,
): MetricSource | undefined {
  const { namespace, dimensions, region, accountId } = query;
  const arnPrefix = `arn:${partitionOfRegion(region)}:elasticloadbalancing:${region}:${accountId}:`;
  const last = dimensions.at(-1);
  let candidates: MetricSource[] = [];
  if (last?.Name === 'LoadBalancerName' && resources.classicLoadBalancers.has(last.Value)) {
    candidates = [classicSource(last.Value)];
  } else if (last?.Name === 'LoadBalancer') {
    const balancer = resources.loadBalancers.get(`${arnPrefix}loadbalancer/${last.Value}`);
    if (balancer) candidates = [balancerSource(balancer)];
  } else if (last?.Name === 'TargetGroup') {
    const group = resources.targetGroups.get(`${arnPrefix}${last.Value}`);
    if (group) candidates = [...groupSources(group, resources)];
  }
  return candidates.find(
    (source) =>
      source.namespace === namespace &&
      source.dimensions.length === dimensions.length &&
      source.dimensions.every(
        ({ Name, Value }, i) => Name === dimensions[i].Name && Value === dimensions[i].Value,
      ),
  );
}

/** The `LoadBalancer` dimension of an ARN: `app/name/id`. */
export function loadBalancerDimension(arn: string): string {
  return arn.slice(arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
}

/** The `TargetGroup` dimension: `targetgroup/name/id`. */
function targetGroupDimension(group: TargetGroup): string {
  return group.TargetGroupArn.slice(group.TargetGroupArn.indexOf(':targetgroup/') + 1);
}

function classicSource(name: string): MetricSource {
  return {
    namespace: 'AWS/ELB',
    dimensions: [{ Name: 'LoadBalancerName', Value: name }],
    metrics: metricMap('classic', () => atPeriod(60, names.classicBalancerMetrics)),
    isActive: true,
  };
}

function balancerSource(balancer: LoadBalancer): MetricSource {
  const { namespace, balancer: metricNames } = names.balancerMetrics[balancer.Type];
  return {
    namespace,
    dimensions: [{ Name: 'LoadBalancer', Value: loadBalancerDimension(balancer.LoadBalancerArn) }],
    metrics: metricMap(`${namespace} balancer`, () => atPeriod(60, metricNames)),
    isActive: balancer.State.Code === 'active',
  };
}

/** A target group publishes once for each load balancer that it serves, and once by itself. */
function* groupSources(group: TargetGroup, resources: RegionResources): Generator<MetricSource> {
  const groupDimension = { Name: 'TargetGroup', Value: targetGroupDimension(group) };
  const balancers = group.LoadBalancerArns.flatMap((arn) => resources.loadBalancers.get(arn) ?? []);
  for (const balancer of balancers) {
    const { namespace, balancerAndGroup } = names.balancerMetrics[balancer.Type];
    yield {
      namespace,
      dimensions: [
        { Name: 'LoadBalancer', Value: loadBalancerDimension(balancer.LoadBalancerArn) },
        groupDimension,
      ],
      metrics: metricMap(`${namespace} both`, () => atPeriod(60, balancerAndGroup)),
      isActive: true,
    };
  }
  if (balancers.length === 0) return;
  const { namespace, group: metricNames } = names.balancerMetrics[balancers[0].Type];
  if (metricNames.length === 0) return;
  yield {
    namespace,
    dimensions: [groupDimension],
    metrics: metricMap(`${namespace} group`, () => atPeriod(60, metricNames)),
    isActive: true,
  };
}
