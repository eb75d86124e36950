import type { Plugin } from '../../plugins/contract';
import type { KnownPlugins } from './account-input';

/** What inputs may name: the plugins, and the metrics that each declares. */
export function knownPlugins(plugins: readonly Plugin[]): KnownPlugins {
  const metrics = new Map(plugins.map((plugin) => [plugin.name, metricNamesOf(plugin)]));
  return {
    names: () => [...metrics.keys()].sort(),
    metricNames: (plugin) => metrics.get(plugin) ?? new Set(),
  };
}

function metricNamesOf(plugin: Plugin): Set<string> {
  const groups = Object.values(plugin.resources).flatMap(({ metrics }) => metrics);
  const definitions = groups.flatMap((group) => group.definitions);
  return new Set(
    definitions.flatMap(({ name, statistics }) => [
      name,
      ...statistics.map((statistic) => `${name}:${statistic}`),
    ]),
  );
}
