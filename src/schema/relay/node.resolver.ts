import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { InvalidInputError } from '../../core/errors';
import type { OperationContext } from '../context';
import { RequiresRole } from '../required-role';
import { type NodeType as NodeTypeName, parseGlobalId } from './global-id';
import { NodeType, type TypedNode } from './node.types';

const MAX_NODES = 100;

@Resolver()
export class NodeResolver {
  @RequiresRole('VIEWER')
  @Query(() => NodeType, { nullable: true, description: 'Null when it is missing or foreign.' })
  node(@Arg('id', () => ID) id: string, @Ctx() context: OperationContext): Promise<TypedNode | null> {
    return loadNode(id, context);
  }

  @RequiresRole('VIEWER')
  @Query(() => [NodeType], { nullable: 'items', description: 'At most 100; in the order of the ids.' })
  nodes(
    @Arg('ids', () => [ID]) ids: string[],
    @Ctx() context: OperationContext,
  ): Promise<(TypedNode | null)[]> {
    if (ids.length > MAX_NODES) {
      throw new InvalidInputError('RC_FILTER_INVALID', `${ids.length} ids, at most ${MAX_NODES}`, {
        path: ['ids'],
      });
    }
    return Promise.all(ids.map((id) => loadNode(id, context)));
  }
}

async function loadNode(id: string, { loaders }: OperationContext): Promise<TypedNode | null> {
  const global = parseGlobalId(id);
  if (!global) return null;
  const load: Record<NodeTypeName, { load(key: number): Promise<object | null> }> = {
    Tenant: loaders.tenants,
    Account: loaders.accounts,
    Resource: loaders.resources,
    Metric: loaders.series,
    CollectionRun: loaders.runs,
  };
  const row = await load[global.type].load(global.key);
  return row && { ...row, __typename: global.type };
}
