import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfig,
  GraphQLFloat,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLNullableType,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import type { Resource } from '../../core/inventory/resource';
import type { AttributeField, AttributeType } from '../../plugins/attribute-types';
import type { GraphqlTypeDeclaration } from '../../plugins/registry';
import type { TypedNode } from '../relay/node.types';
import { DateTime, parseInstant } from '../scalars';

/** How a declared kind shows, and how a stored attribute is read; undefined for a value that is not of the kind. */
interface Kind {
  shown: GraphQLNullableType & GraphQLOutputType;
  read(stored: unknown): unknown;
}

/** The bound of GraphQL's Int. */
const INT_LIMIT = 2 ** 31;

const KINDS: Record<Exclude<AttributeType['kind'], 'Enum'>, Kind> = {
  String: { shown: GraphQLString, read: (stored) => ofType('string', stored) },
  Boolean: { shown: GraphQLBoolean, read: (stored) => ofType('boolean', stored) },
  Float: { shown: GraphQLFloat, read: (stored) => (Number.isFinite(stored) ? stored : undefined) },
  Int: { shown: GraphQLInt, read: (stored) => (isInt(stored) ? stored : undefined) },
  DateTime: { shown: DateTime, read: (stored) => parseInstant(stored) ?? undefined },
};

/**
 * The schema with an object type for each that plugins declare. Each has every field of Resource, with its resolver,
 * and one nullable field for each attribute. What was stored by an earlier version of a plugin, and is not of the
 * declared kind, answers null; an attribute that is named as a field of Resource stays in `attributes`. A resource that no plugin declares shows as GenericResource.
 * @throws Error when a declared name is taken already
 */
export function addPluginTypes(
  schema: GraphQLSchema,
  declared: readonly GraphqlTypeDeclaration[],
): GraphQLSchema {
  const resource = schema.getType('Resource') as GraphQLInterfaceType;
  const node = schema.getType('Node') as GraphQLInterfaceType;
  const generic = schema.getType('GenericResource')!;
  const inherited = resource.toConfig().fields;
  const enums = new Map<string, GraphQLEnumType>();
  const types = declared.map(
    ({ name, description, fields }) =>
      new GraphQLObjectType({
        name,
        description,
        interfaces: [resource, node],
        // Whoever may see a resource may see each.
        extensions: generic.extensions,
        fields: {
          ...Object.fromEntries(fields.map((field) => [field.name, attributeField(field, enums)])),
          ...inherited,
        },
      }),
  );
  const names = new Map(declared.flatMap(({ name, types }) => types.map((type) => [type, name])));
  const nameOf = ({ type }: Resource) => names.get(type) ?? 'GenericResource';
  resource.resolveType = nameOf;
  node.resolveType = (row: TypedNode) =>
    row.__typename === 'Resource' ? nameOf(row as TypedNode & Resource) : row.__typename;
  const config = schema.toConfig();
  return new GraphQLSchema({ ...config, types: [...config.types, ...types] });
}

function attributeField(
  { name, type }: AttributeField,
  enums: Map<string, GraphQLEnumType>,
): GraphQLFieldConfig<Resource, unknown> {
  const { shown, read } = type.kind === 'Enum' ? enumKind(type, enums) : KINDS[type.kind];
  return {
    type: type.list ? new GraphQLList(new GraphQLNonNull(shown)) : shown,
    resolve: ({ attributes }) => {
      const stored = attributes[name];
      if (!type.list) return read(stored);
      if (!Array.isArray(stored)) return undefined;
      const values = stored.map(read);
      return values.includes(undefined) ? undefined : values;
    },
  };
}

/** One enum type for each name, whichever type declares it first; the registry has checked that they agree. */
function enumKind({ enumName, values = [] }: AttributeType, enums: Map<string, GraphQLEnumType>): Kind {
  let shown = enums.get(enumName!);
  if (!shown) {
    shown = new GraphQLEnumType({
      name: enumName!,
      values: Object.fromEntries(values.map((value) => [value, {}])),
    });
    enums.set(enumName!, shown);
  }
  return { shown, read: (stored) => (values.includes(stored as string) ? stored : undefined) };
}

function isInt(stored: unknown): boolean {
  return Number.isInteger(stored) && Math.abs(stored as number) < INT_LIMIT;
}

function ofType(type: 'string' | 'boolean', stored: unknown): unknown {
  return typeof stored === type ? stored : undefined;
}
