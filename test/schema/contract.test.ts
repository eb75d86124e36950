import { readFileSync } from 'node:fs';
import {
  buildSchema as parseSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

/** What the contract has and the API will have: by the issue that brings it. */
const LATER: Record<string, string[]> = {
  Plugins: [
    'ApprovePluginInput',
    'ApprovePluginPayload',
    'Mutation.approvePlugin',
    'Mutation.setPluginEnabled',
    'Plugin.health',
    'PluginHealth',
    'SetPluginEnabledInput',
    'SetPluginEnabledPayload',
  ],
  'The whole API': [
    'AccountFacetCount',
    'FacetCount',
    'Limits',
    'Query.resourceFacets',
    'ResourceChangeConnection',
    'ResourceChangeEdge',
    'ResourceFacets',
    'TagFacet',
    'Viewer.limits',
    ...['Resource', 'GenericResource', 'Ec2Instance', 'RdsInstance', 'LoadBalancer'].flatMap((type) => [
      `${type}.changes`,
      `${type}.related`,
    ]),
  ],
};

interface Differences {
  missing: string[];
  contradictions: string[];
}

type Member = GraphQLField<unknown, unknown> | GraphQLInputField | GraphQLArgument;

/** Everything of the contract that the schema lacks or says otherwise; what it has beyond the contract is free. */
function compare(contract: GraphQLSchema, schema: GraphQLSchema): Differences {
  const found: Differences = { missing: [], contradictions: [] };
  for (const wanted of Object.values(contract.getTypeMap())) {
    if (isIntrospectionType(wanted) || isSpecifiedScalarType(wanted)) continue;
    const type = schema.getType(wanted.name);
    if (!type) found.missing.push(wanted.name);
    else if (type.constructor !== wanted.constructor)
      found.contradictions.push(`${wanted.name} is of another kind`);
    else compareTypes(wanted, type, found);
  }
  return found;
}

function compareTypes(wanted: GraphQLNamedType, type: GraphQLNamedType, found: Differences): void {
  if (isEnumType(wanted) && isEnumType(type)) {
    const values = type.getValues().map(({ name }) => name);
    const names = wanted.getValues().map(({ name }) => name);
    found.missing.push(
      ...names.filter((name) => !values.includes(name)).map((name) => `${wanted.name}.${name}`),
    );
  }
  if ((isObjectType(wanted) || isInterfaceType(wanted)) && (isObjectType(type) || isInterfaceType(type))) {
    const interfaces = (one: typeof wanted) => one.getInterfaces().map(String).sort().join();
    if (interfaces(wanted) !== interfaces(type))
      found.contradictions.push(`${wanted.name} implements others`);
    compareMembers(wanted.getFields(), type.getFields(), (name) => `${wanted.name}.${name}`, found);
  }
  if (isInputObjectType(wanted) && isInputObjectType(type)) {
    compareMembers(wanted.getFields(), type.getFields(), (name) => `${wanted.name}.${name}`, found);
  }
}

function compareMembers(
  wanted: Record<string, Member>,
  members: Record<string, Member>,
  label: (name: string) => string,
  found: Differences,
): void {
  for (const [name, one] of Object.entries(wanted)) {
    const member = members[name];
    if (!member) {
      found.missing.push(label(name));
      continue;
    }
    if (signature(one) !== signature(member)) {
      found.contradictions.push(`${label(name)} is ${signature(member)}, the contract has ${signature(one)}`);
    }
    if ('args' in one && 'args' in member) {
      compareMembers(byName(one.args), byName(member.args), (arg) => `${label(name)}(${arg})`, found);
      const beyond = member.args.filter((arg) => !one.args.some((other) => other.name === arg.name));
      const required = beyond.filter(
        (arg) => arg.type.toString().endsWith('!') && arg.defaultValue === undefined,
      );
      found.contradictions.push(...required.map((arg) => `${label(name)}(${arg.name}) is required`));
    }
  }
}

function signature(member: Member): string {
  const value = 'defaultValue' in member && member.defaultValue !== undefined ? member.defaultValue : null;
  return `${String(member.type)}${value === null ? '' : ` = ${JSON.stringify(value)}`}`;
}

function byName(args: readonly GraphQLArgument[]): Record<string, GraphQLArgument> {
  return Object.fromEntries(args.map((arg) => [arg.name, arg]));
}

describe('the contract', () => {
  const contract = parseSchema(readFileSync('docs/contract.graphql', 'utf8'));
  const printed = readFileSync('schema.graphql', 'utf8');

  it('is kept: nothing contradicts it, and only what later issues bring is missing', () => {
    const { missing, contradictions } = compare(contract, parseSchema(printed));
    expect(contradictions).toEqual([]);
    expect(missing.sort()).toEqual(Object.values(LATER).flat().sort());
  });

  it('is compared strictly', () => {
    const changed = printed
      .replace(/(\n  accounts\([^)]*first: Int! = )50/, (_, before) => `${before}51`)
      .replace('awsAccountId: AwsAccountId\n', 'awsAccountId: AwsAccountId!\n')
      .replace('\n  DEGRADED\n', '\n');
    const { missing, contradictions } = compare(contract, parseSchema(changed));
    expect(missing).toContain('AccountStatus.DEGRADED');
    expect(contradictions.sort()).toEqual([
      'Account.awsAccountId is AwsAccountId!, the contract has AwsAccountId',
      'Query.accounts(first) is Int! = 51, the contract has Int! = 50',
    ]);
  });
});
