import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredArgument,
} from 'graphql';
import type { NodeType } from '../../../src/schema/relay/global-id';

export type RootKind = 'query' | 'mutation' | 'subscription';

/** One way to ask a root field. */
export interface Probe {
  kind: RootKind;
  field: string;
  /** Where an id goes, from the argument down, such as `filter.accountIds`; null: nowhere. */
  place: string[] | null;
  /** Whether the place takes a list. */
  takesList: boolean;
  /** The type whose fields the document asks for, where the root field answers with one of several. */
  showsAs: string | null;
  document: string;
  arguments: readonly GraphQLArgument[];
}

/** What a caller has, by type; the last of several is the deepest in its tree of tenants. */
export type IdsByType = Readonly<Record<NodeType, readonly string[]>>;

/** What differs from one look to the next, whoever else is there. */
const VOLATILE = ['lastUsedAt'];
/** Objects inside each other, the items of a list not counted: the document stays within the limits of the API. */
const DEPTH = 2;
const AN_INSTANT = '2026-11-24T08:00:00.000Z';

/** Every root field with no id, and with an id in each place that takes one. */
export function probesOf(schema: GraphQLSchema): Probe[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, root]) =>
    Object.values(root!.getFields()).flatMap((field) =>
      documentsOf(schema, kind, field).flatMap(({ document, showsAs }) =>
        [null, ...idPlaces(field.args)].map((place): Probe => ({
          kind,
          field: field.name,
          place: place && place.path,
          takesList: place !== null && place.takesList,
          showsAs,
          document,
          arguments: field.args,
        })),
      ),
    ),
  );
}

/** The variables that put `id` in the probe's place, and what is required beside it. */
export function variablesOf(probe: Probe, id: string | string[] | null, own: IdsByType): object {
  const given = id === null || !probe.takesList ? id : [id].flat();
  return filled(probe.arguments, probe.place, given, own);
}

/** Where ids go in arguments, from the argument down. */
function idPlaces(
  members: readonly (GraphQLArgument | GraphQLInputField)[],
): { path: string[]; takesList: boolean }[] {
  return members.flatMap(({ name, type }) => {
    const named = getNamedType(type);
    if (named.name === 'ID') return [{ path: [name], takesList: isListType(getNullableType(type)) }];
    if (!isInputObjectType(named)) return [];
    return idPlaces(Object.values(named.getFields())).map(({ path, takesList }) => ({
      path: [name, ...path],
      takesList,
    }));
  });
}

function filled(
  members: readonly (GraphQLArgument | GraphQLInputField)[],
  place: string[] | null,
  id: string | string[] | null,
  own: IdsByType,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const member of members) {
    const [name, ...below] = place ?? [];
    if (member.name === name) {
      const named = getNamedType(member.type);
      values[name] =
        below.length > 0 && isInputObjectType(named)
          ? filled(Object.values(named.getFields()), below, id, own)
          : id;
    } else if (isRequiredArgument(member as GraphQLArgument)) {
      values[member.name] = valueOf(member.type, member.name, own);
    }
  }
  return values;
}

/** A value of the type that is good as far as a type can tell. */
function valueOf(type: GraphQLInputType, name: string, own: IdsByType): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [valueOf(nullable.ofType as GraphQLInputType, name, own)];
  if (isEnumType(nullable)) return nullable.getValues()[0].name;
  if (isInputObjectType(nullable)) {
    if (nullable.name === 'TimeRange') return { last: 3_600 };
    return filled(Object.values(nullable.getFields()), null, null, own);
  }
  const byType: Record<string, () => unknown> = {
    ID: () => own[typeOfId(name)].at(-1),
    String: () => `some ${name}`,
    Int: () => 1,
    Float: () => 1,
    Boolean: () => false,
    DateTime: () => AN_INSTANT,
    JSONObject: () => ({}),
  };
  const make = byType[getNamedType(nullable).name];
  if (!make) throw new Error(`The matrix cannot fill ${name} of type ${String(type)}`);
  return make();
}

/** By the name of an argument. */
export function typeOfId(name: string): NodeType {
  const types: Record<string, NodeType> = {
    accountId: 'Account',
    tenantId: 'Tenant',
    parentId: 'Tenant',
    tokenId: 'ApiToken',
  };
  if (!types[name]) throw new Error(`The matrix does not know what ${name} is an id of`);
  return types[name];
}

/** One document, or one for each type that an abstract one shows as: two types may have a field in two shapes. */
function documentsOf(
  schema: GraphQLSchema,
  kind: RootKind,
  field: GraphQLField<unknown, unknown>,
): Pick<Probe, 'document' | 'showsAs'>[] {
  // Where an argument has a default, its variable may be left out.
  const typeOf = ({ type, defaultValue }: GraphQLArgument) =>
    String(defaultValue === undefined ? type : getNullableType(type));
  const declared = field.args.map((argument) => `$${argument.name}: ${typeOf(argument)}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const inBraces = (text: string) => (text ? `(${text})` : '');
  const documentWith = (selection: string) =>
    `${kind} Probe${inBraces(declared)} { ${field.name}${inBraces(passed)} ${selection} }`;
  const type = getNamedType(field.type);
  if (!isAbstractType(type)) return [{ document: documentWith(selectionOf(type, DEPTH)), showsAs: null }];
  return schema.getPossibleTypes(type).map((possible) => ({
    document: documentWith(`{ __typename id ... on ${possible.name} ${selectionOf(possible, DEPTH)} }`),
    showsAs: possible.name,
  }));
}

function selectionOf(type: GraphQLNamedType, depth: number): string {
  if (isLeafType(type) || !('getFields' in type)) return '';
  const fields = Object.values(type.getFields()) as GraphQLField<unknown, unknown>[];
  const selections = fields.flatMap((field) => {
    const named = getNamedType(field.type);
    if (VOLATILE.includes(field.name) || field.name === 'edges') return [];
    const costs = /Connection$/.test(type.name) || isLeafType(named) ? 0 : 1;
    if (depth < costs) return [];
    const selection = selectionOf(named, depth - costs);
    if (!isLeafType(named) && !selection) return [];
    return [`${field.name}${literalsOf(field)} ${selection}`];
  });
  return `{ __typename ${selections.join(' ')} }`;
}

/** The required arguments of a nested field. */
function literalsOf(field: GraphQLField<unknown, unknown>): string {
  const required = field.args.filter(isRequiredArgument).map(({ name, type }) => {
    if (getNamedType(type).name !== 'TimeRange')
      throw new Error(`The matrix cannot fill ${field.name}.${name}`);
    return `${name}: { last: 3600 }`;
  });
  return required.length > 0 ? `(${required.join(', ')})` : '';
}
