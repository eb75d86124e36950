import { attributeType, enumNameOf } from './attribute-types';
import {
  API_VERSION,
  type MetricDefinition,
  type MetricGroup,
  type Plugin,
  type ResourceType,
} from './contract';
import type { DeclarationDefect } from './declaration-shape';
import { nearestName } from './nearest-name';

const GRAPHQL_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
/** StandardUnit of the CloudWatch API. */
const UNITS = [
  'Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits',
  'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Percent', 'Count', 'Bytes/Second', 'Kilobytes/Second',
  'Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second', 'Bits/Second', 'Kilobits/Second', 'Megabits/Second',
  'Gigabits/Second', 'Terabits/Second', 'Count/Second', 'None',
]; // prettier-ignore
const STATISTICS = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'];
/** CloudWatch user guide, "CloudWatch statistics definitions": p99, tm95, wm95, tc95, ts95, their ranges, and PR. */
const SHARE = String.raw`(?:\d{1,2}(?:\.\d{1,10})?|100)`;
const AMOUNT = String.raw`\d{1,15}(?:\.\d{1,10})?`;
/** Both bounds, or one of them. */
const range = (bound: string) => `(?:${bound}:${bound}|${bound}:|:${bound})`;
const EXTENDED_STATISTIC = new RegExp(
  `^(?:(?:p|tm|wm|tc|ts)${SHARE}|IQM|PR\\(${range(AMOUNT)}\\)|(?:TM|WM|TC|TS)\\((?:${range(`${SHARE}%`)}|${range(AMOUNT)})\\))$`,
);
const MAX_SETTLE_SECONDS = 14 * 86_400;

/** Every defect of one well-shaped declaration, in its order. */
export function checkDeclaration(plugin: Plugin, reservedTypes: ReadonlySet<string>): DeclarationDefect[] {
  const defects: DeclarationDefect[] = [];
  const refuse = (field: string, found: unknown, expected: string, suggestion?: string | null) =>
    void defects.push({ plugin: plugin.name, field, found, expected, ...(suggestion && { suggestion }) });

  if (!/^[a-z][a-z0-9-]{0,31}$/.test(plugin.name)) {
    refuse('name', plugin.name, 'lower case letters, digits and hyphens, at most 32');
  }
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(plugin.version))
    refuse('version', plugin.version, 'a semantic version');
  if (plugin.apiVersion !== API_VERSION) refuse('apiVersion', plugin.apiVersion, `${API_VERSION}`);
  if (plugin.iamActions.length === 0)
    refuse('iamActions', [], 'one action or more: a session policy must name some');
  plugin.iamActions.forEach((action, index) => {
    if (!/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/.test(action) || action.length > 128) {
      refuse(
        `iamActions[${index}]`,
        action,
        'service:Action without wildcards, at most 128 characters, such as ec2:DescribeInstances',
      );
    }
  });
  for (const action of Object.keys(plugin.probes ?? {})) {
    if (plugin.iamActions.includes(action)) continue;
    refuse(`probes.${action}`, action, 'an action of iamActions', nearestName(action, plugin.iamActions));
  }
  const types = Object.entries(plugin.resources);
  if (types.length === 0) refuse('resources', 0, 'one resource type or more');
  for (const [type, declaration] of types) {
    const field = `resources.${type}`;
    if (!type.startsWith(`${plugin.name}:`) || !/^[a-z0-9-]+:[a-z][a-z0-9-]*$/.test(type)) {
      refuse(field, type, `${plugin.name}: and a name in lower case`);
    }
    checkType(declaration, field, reservedTypes, refuse);
    declaration.metrics.forEach((group, index) => checkGroup(group, `${field}.metrics[${index}]`, refuse));
  }
  return defects;
}

type Refuse = (field: string, found: unknown, expected: string, suggestion?: string | null) => void;

function checkType(
  declaration: ResourceType,
  field: string,
  reserved: ReadonlySet<string>,
  refuse: Refuse,
): void {
  const { graphqlType, attributes } = declaration;
  if (!GRAPHQL_NAME.test(graphqlType)) refuse(`${field}.graphqlType`, graphqlType, 'a GraphQL name');
  if (reserved.has(graphqlType))
    refuse(`${field}.graphqlType`, graphqlType, 'a name that the API does not have yet');
  for (const [name, schema] of Object.entries(attributes.shape)) {
    const at = `${field}.attributes.${name}`;
    if (!GRAPHQL_NAME.test(name) || name.startsWith('__')) refuse(at, name, 'a GraphQL name');
    if (RESOURCE_FIELDS.has(name)) refuse(at, name, 'a name that Resource does not have itself');
    const type = attributeType(schema, enumNameOf(graphqlType, name));
    if (!type)
      refuse(at, (schema as { type?: string }).type ?? 'unknown', 'a zod type of the table in contract.ts');
    if (type?.enumName && reserved.has(type.enumName)) {
      refuse(at, type.enumName, 'an enum whose name the API does not have yet');
    }
    const value = type?.values?.find(
      (one) => !GRAPHQL_NAME.test(one) || ['true', 'false', 'null'].includes(one),
    );
    if (value !== undefined) refuse(at, value, 'enum values that are GraphQL names');
  }
}

/** Fields of the Resource interface: an attribute of that name would hide one. */
const RESOURCE_FIELDS = new Set(
  'id arn type name account region tags attributes firstSeenAt lastSeenAt goneAt metrics related completeness changes'.split(
    ' ',
  ),
);

function checkGroup(group: MetricGroup<any>, field: string, refuse: Refuse): void {
  if (!/^[^:][!-~]{0,254}$/.test(group.namespace))
    refuse(`${field}.namespace`, group.namespace, 'a CloudWatch namespace');
  checkSettle(group.settleSeconds, `${field}.settleSeconds`, refuse);
  const seen = new Set<string>();
  group.definitions.forEach((definition, index) => {
    const at = `${field}.definitions[${index}]`;
    if (seen.has(definition.name)) refuse(`${at}.name`, definition.name, 'each metric once in a group');
    seen.add(definition.name);
    checkMetric(definition, at, refuse);
  });
}

function checkMetric(definition: MetricDefinition, field: string, refuse: Refuse): void {
  const { name, statistics, unit, settleSeconds } = definition;
  if (!/^[ -~]{1,255}$/.test(name)) refuse(`${field}.name`, name, '1 to 255 ASCII characters');
  if (statistics.length === 0) refuse(`${field}.statistics`, statistics, 'one statistic or more');
  for (const statistic of statistics) {
    if (STATISTICS.includes(statistic) || EXTENDED_STATISTIC.test(statistic)) continue;
    refuse(
      `${field}.statistics`,
      statistic,
      `${STATISTICS.join(', ')} or an extended statistic such as p99, tm95 or PR(:300)`,
      nearestName(statistic, STATISTICS),
    );
  }
  if (unit !== null && !UNITS.includes(unit)) {
    refuse(`${field}.unit`, unit, 'a unit of CloudWatch or null', nearestName(unit, UNITS));
  }
  if (settleSeconds !== undefined) checkSettle(settleSeconds, `${field}.settleSeconds`, refuse);
}

function checkSettle(seconds: number, field: string, refuse: Refuse): void {
  if (!(seconds >= 0 && seconds <= MAX_SETTLE_SECONDS))
    refuse(field, seconds, `0 to ${MAX_SETTLE_SECONDS} seconds`);
}
