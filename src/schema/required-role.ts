import type { GraphQLField, GraphQLSchema } from 'graphql';
import { Extensions } from 'type-graphql';
import type { Role } from '../core/access/viewer';

/** Names the role that a root field needs. It is checked once an operation, before anything runs. */
export function RequiresRole(role: Role): MethodDecorator {
  return Extensions({ role });
}

/** The role that a root field names, or undefined for introspection. */
export function requiredRole(field: GraphQLField<unknown, unknown>): Role | undefined {
  return field.extensions.role as Role | undefined;
}

/** @throws Error naming each root field that is open to everyone. */
export function assertRootFieldsNameRoles(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const open = roots.flatMap((root) =>
    Object.values(root?.getFields() ?? {})
      .filter((field) => !requiredRole(field))
      .map((field) => `${root!.name}.${field.name}`),
  );
  if (open.length > 0) {
    throw new Error(`Root fields without @RequiresRole: ${open.join(', ')}`);
  }
}
