import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { MetricLevel } from '../../core/accounts/account';
import type { MetricDefinition, MetricGroup, Plugin } from '../../plugins/contract';
import { MetricLevelEnum } from '../accounts/account-enums';

/** Seconds between points where no profile asks for another period. */
const DEFAULT_PERIOD = 300;

export const PluginProvenanceEnum = {
  CORE: 'CORE',
  PINNED: 'PINNED',
  CHANGED: 'CHANGED',
  UNPINNED: 'UNPINNED',
} as const;
registerEnumType(PluginProvenanceEnum, {
  name: 'PluginProvenance',
  description:
    'CORE: part of Rolecall. PINNED: third-party, with the checksum that was approved. CHANGED and UNPINNED are not run.',
});

@ObjectType('MetricDefinition', { description: 'A metric that a plugin declares.' })
export class MetricDefinitionType {
  @Field(() => String)
  namespace: string;

  @Field(() => String)
  name: string;

  @Field(() => [String])
  statistics: string[];

  @Field(() => String, { nullable: true })
  unit: string | null;

  @Field(() => Int, { description: 'Seconds between points: 300 unless a profile asks for 60.' })
  period: number;

  @Field(() => MetricLevelEnum)
  level: MetricLevel;

  @Field(() => Int, { description: 'After this many seconds CloudWatch revises a point no more.' })
  settleSeconds: number;

  @Field(() => String, { nullable: true })
  description: string | null;
}

@ObjectType('Plugin', { description: 'What collects one service.' })
export class PluginType {
  @Field(() => String)
  name: string;

  @Field(() => String)
  version: string;

  @Field(() => String)
  displayName: string;

  @Field(() => String)
  description: string;

  @Field(() => Boolean)
  builtIn: boolean;

  @Field(() => String, { nullable: true, description: 'Of a third-party plugin.' })
  checksum: string | null;

  @Field(() => Boolean)
  enabled: boolean;

  @Field(() => [String])
  namespaces: string[];

  @Field(() => [String])
  resourceTypes: string[];

  @Field(() => [String], { description: 'The IAM actions that it may use, and can never exceed.' })
  iamActions: string[];

  @Field(() => [MetricDefinitionType])
  metrics: MetricDefinitionType[];

  @Field(() => PluginProvenanceEnum)
  provenance: keyof typeof PluginProvenanceEnum;
}

/** A plugin as it declares itself. Every plugin that the registry holds is built in and runs. */
export function describePlugin(plugin: Plugin): PluginType {
  const groups = Object.values(plugin.resources).flatMap(({ metrics }) => metrics);
  return {
    name: plugin.name,
    version: plugin.version,
    displayName: plugin.displayName,
    description: plugin.description,
    builtIn: true,
    checksum: null,
    enabled: true,
    namespaces: [...new Set(groups.map(({ namespace }) => namespace))].sort(),
    resourceTypes: Object.keys(plugin.resources).sort(),
    iamActions: [...plugin.iamActions].sort(),
    metrics: describeMetrics(groups),
    provenance: PluginProvenanceEnum.CORE,
  };
}

/** Each metric once, though several resource types and sets of dimensions may declare it. */
function describeMetrics(groups: readonly MetricGroup<never>[]): MetricDefinitionType[] {
  const metrics = new Map<string, MetricDefinitionType>();
  for (const group of groups) {
    for (const definition of group.definitions) {
      const key = `${group.namespace} ${definition.name}`;
      const present = metrics.get(key);
      if (present) present.statistics = [...new Set([...present.statistics, ...definition.statistics])];
      else metrics.set(key, describeMetric(group, definition));
    }
  }
  return [...metrics.values()];
}

function describeMetric(group: MetricGroup<never>, definition: MetricDefinition): MetricDefinitionType {
  return {
    namespace: group.namespace,
    name: definition.name,
    statistics: [...definition.statistics],
    unit: definition.unit,
    period: DEFAULT_PERIOD,
    level: definition.tier,
    settleSeconds: definition.settleSeconds ?? group.settleSeconds,
    description: definition.description ?? null,
  };
}
