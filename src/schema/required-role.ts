import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { Extensions } from 'type-graphql';
import { outranks, type Role, type Viewer } from '../core/access/viewer';
import { requestError } from './errors/request-error';

/**
 * Names the role that a root field needs, or that a type which `node` finds needs. A root field's is checked once an
 * operation, before anything runs; a type's when `node` is asked for one.
 */
export function RequiresRole(role: Role): MethodDecorator & ClassDecorator {
  return Extensions({ role });
}

/** The role that a root field or a type names, or undefined for introspection. */
export function requiredRole({
  extensions,
}: GraphQLField<unknown, unknown> | GraphQLNamedType): Role | undefined {
  return extensions.role as Role | undefined;
}

/** The role that `node` needs to find one of this type: the highest that the types behind an interface name. */
export function roleOfNode(schema: GraphQLSchema, typeName: string): Role {
  const type = schema.getType(typeName)!;
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return types.map((one) => requiredRole(one)!).reduce((a, b) => (outranks(a, b) ? a : b));
}

/** The one place where a role decides. @throws GraphQLError FORBIDDEN, whether or not there is anything to be seen */
export function requireRole(viewer: Viewer, role: Role, what: string): void {
  if (outranks(role, viewer.role)) throw requestError('FORBIDDEN', `${what} needs the role ${role}`);
}

/** A root field, or a type that `node` finds: where a caller comes in. */
interface Entrance {
  name: string;
  role: Role | undefined;
  type: GraphQLNamedType;
}

/**
 * @throws Error naming each root field and each type that `node` finds which is open to everyone, each mutation that is
 * open to a VIEWER, and each that leads to a type which needs a higher role.
 */
export function assertRolesNamed(schema: GraphQLSchema): void {
  const entrances = entrancesOf(schema);
  const open = entrances.filter(({ role }) => !role).map(({ name }) => name);
  if (open.length > 0) throw new Error(`Without @RequiresRole: ${open.join(', ')}`);
  const low = entrances.flatMap(({ name, role, type }) => [
    ...(name.startsWith('Mutation.') && role === 'VIEWER' ? [`${name} changes something`] : []),
    ...[...reachable(schema, type)]
      .filter((found) => outranks(requiredRole(found) ?? 'VIEWER', role!))
      .map((found) => `${name} leads to ${found}`),
  ]);
  if (low.length > 0) throw new Error(`These need a higher role: ${low.join(', ')}`);
}

function entrancesOf(schema: GraphQLSchema): Entrance[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((root) =>
    Object.values(root?.getFields() ?? {}).map((field) => ({
      name: `${root!.name}.${field.name}`,
      role: requiredRole(field),
      type: getNamedType(field.type),
    })),
  );
  const types = nodeTypes(schema).map((type) => ({ name: type.name, role: requiredRole(type), type }));
  return [...fields, ...types];
}

function nodeTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const node = schema.getType('Node');
  return isInterfaceType(node) ? schema.getPossibleTypes(node) : [];
}

/** The object types of the type and of all fields below it. What lies behind Node is left out: its loader checks the role. */
function reachable(schema: GraphQLSchema, from: GraphQLNamedType): Set<GraphQLObjectType> {
  const found = new Set<GraphQLObjectType>();
  const visit = (type: GraphQLNamedType): void => {
    if (isAbstractType(type)) {
      if (type.name !== 'Node') schema.getPossibleTypes(type).forEach(visit);
    } else if (isObjectType(type) && !found.has(type)) {
      found.add(type);
      for (const { type: next } of Object.values(type.getFields())) visit(getNamedType(next));
    }
  };
  visit(from);
  return found;
}
