import type { DeclaredResource, DiscoveredResource, MetricGroup, Plugin } from '../../src/plugins/contract';
import { region } from '../simulator/harness';

/** One set of dimensions under which a resource's group of metrics is asked for. */
export interface GroupSeries {
  group: MetricGroup<any>;
  dimensions: Record<string, string>;
  /** Seconds: what is collected by default. */
  period: number;
  /** What an account may ask for instead; `period` where there is no other. */
  finest: number;
}

/** CloudWatch API reference, Dimension: at most 30 of a metric, with values of 1 to 1,024 characters. */
const MAX_DIMENSIONS = 30;
const DIMENSION_VALUE = /^[ -~]{1,1024}$/;

/** What a resource's metrics are asked for by, as its plugin declares it. Throws when CloudWatch would refuse it. */
export function seriesOf(plugin: Plugin, resource: DiscoveredResource): GroupSeries[] {
  const known = declared(plugin, resource);
  return plugin.resources[resource.type]!.metrics.flatMap((group) => {
    if (group.appliesTo?.(known) === false) return [];
    const period = group.period?.(known) ?? 300;
    const finest = period === 300 ? (group.publishes?.(known) ?? 300) : period;
    return group.dimensions(known).map((dimensions) => {
      const values = Object.values(dimensions);
      if (values.length > MAX_DIMENSIONS || !values.every((value) => DIMENSION_VALUE.test(value))) {
        throw new Error(`Not dimensions of CloudWatch: ${JSON.stringify(dimensions)}`);
      }
      return { group, dimensions, period, finest };
    });
  });
}

/** Whether its plugin has a resource's metrics asked for. */
export function isCollected(plugin: Plugin, resource: DiscoveredResource): boolean {
  return plugin.resources[resource.type]!.collects?.(declared(plugin, resource)) ?? true;
}

/** The resource with null wherever the declaration allows it. */
export function withoutNullable(plugin: Plugin, resource: DiscoveredResource): DiscoveredResource {
  const { shape } = plugin.resources[resource.type]!.attributes;
  const attributes = Object.entries(resource.attributes).map(([name, value]) => [
    name,
    shape[name]!.safeParse(null).success ? null : value,
  ]);
  return { ...resource, name: null, tags: {}, attributes: Object.fromEntries(attributes) };
}

/** Namespace and dimensions in one line. */
export function describeSeries({ group, dimensions }: GroupSeries): string {
  return `${group.namespace} ${JSON.stringify(Object.entries(dimensions).sort())}`;
}

/** A resource as the gateway hands it to the callbacks; frozen, so that none can change it. */
function declared(plugin: Plugin, resource: DiscoveredResource): DeclaredResource<any> {
  const { type, arn, name, tags } = resource;
  const attributes = Object.freeze(plugin.resources[type]!.attributes.parse(resource.attributes));
  return Object.freeze({ arn, name, tags: Object.freeze({ ...tags }), region, attributes });
}
