import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import type { Page, PageRequest } from '../../core/paging';
import type { OperationContext } from '../context';
import { pageRequest, toCursor } from './cursor';

@ObjectType('PageInfo', { description: 'Where a page stands in its list.' })
export class PageInfoType {
  @Field(() => Boolean)
  hasNextPage: boolean;

  @Field(() => Boolean)
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true })
  startCursor: string | null;

  @Field(() => String, { nullable: true })
  endCursor: string | null;
}

/** One page as the connection types show it. */
export interface Connection<T> {
  nodes: T[];
  edges: { cursor: string; node: T }[];
  pageInfo: PageInfoType;
  totalCount: number;
}

/** What a list needs: its name (with its order, so that cursors of two orders differ), the arguments and the read. */
export interface ListRequest<T> {
  list: string;
  first: number;
  after?: string | null;
  read(page: PageRequest): Promise<Page<T>>;
}

/** Reads one page. @throws InvalidInputError RC_PAGE_INVALID; GraphQLError LIMIT_EXCEEDED */
export async function connection<T>(
  context: Pick<OperationContext, 'budget' | 'signal'>,
  { list, first, after, read }: ListRequest<T>,
): Promise<Connection<T>> {
  const request = pageRequest(list, first, after);
  context.signal.throwIfAborted();
  const page = await read(request);
  context.budget.takeNodes(page.items.length);
  const edges = page.items.map(({ item, position }) => ({ cursor: toCursor(list, position), node: item }));
  return {
    nodes: edges.map((edge) => edge.node),
    edges,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: request.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: page.totalCount,
  };
}

/** The `NameConnection` and `NameEdge` types of a node type. */
export function connectionType<T extends object>(name: string, node: ClassType<T>) {
  @ObjectType(`${name}Edge`)
  class EdgeType {
    @Field(() => String)
    cursor: string;

    @Field(() => node)
    node: T;
  }

  @ObjectType(`${name}Connection`)
  class ConnectionType {
    @Field(() => [node])
    nodes: T[];

    @Field(() => [EdgeType])
    edges: EdgeType[];

    @Field(() => PageInfoType)
    pageInfo: PageInfoType;

    @Field(() => Int, { description: 'Over the whole filter, not the page.' })
    totalCount: number;
  }

  return ConnectionType;
}
