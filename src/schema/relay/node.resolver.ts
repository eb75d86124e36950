import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { InvalidInputError } from '../../core/errors';
import type { OperationContext } from '../context';
import { RequiresRole, requireRole, roleOfNode } from '../required-role';
import { type NodeType as NodeTypeName, parseGlobalId } from './global-id';
import { NodeType, type TypedNode } from './node.types';

const MAX_NODES = 100;

@Resolver()
export class NodeResolver {
  @RequiresRole('VIEWER')
  @Query(() => NodeType, { nullable: true, description: 'Null when it is missing or foreign.' })
  node(
    @Arg('id', () => ID) id: string,
    @Ctx() context: OperationContext,
    @Info() { schema }: GraphQLResolveInfo,
  ): Promise<TypedNode | null> {
    return loadNode(id, context, schema);
  }

  @RequiresRole('VIEWER')
  @Query(() => [NodeType], { nullable: 'items', description: 'At most 100; in the order of the ids.' })
  nodes(
    @Arg('ids', () => [ID]) ids: string[],
    @Ctx() context: OperationContext,
    @Info() { schema }: GraphQLResolveInfo,
  ): Promise<TypedNode | null>[] {
    if (ids.length > MAX_NODES) {
      throw new InvalidInputError('RC_FILTER_INVALID', `${ids.length} ids, at most ${MAX_NODES}`, {
        path: ['ids'],
      });
    }
    return ids.map((id) => loadNode(id, context, schema));
  }
}

async function loadNode(
  id: string,
  { loaders, viewer }: OperationContext,
  schema: GraphQLSchema,
): Promise<TypedNode | null> {
  const global = parseGlobalId(id);
  if (!global) return null;
  requireRole(viewer, roleOfNode(schema, global.type), global.type);
  const load: Record<NodeTypeName, { load(key: number): Promise<object | null> }> = {
    Tenant: loaders.tenants,
    Account: loaders.accounts,
    Resource: loaders.resources,
    Metric: loaders.series,
    CollectionRun: loaders.runs,
    ApiToken: loaders.apiTokens,
    AuditEntry: loaders.auditEntries,
  };
  const row = await load[global.type].load(global.key);
  return row && { ...row, __typename: global.type };
}
