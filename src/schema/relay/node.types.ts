import { Field, ID, InterfaceType } from 'type-graphql';
import type { NodeType as NodeTypeName } from './global-id';

/** A row on its way out as a Node. */
export interface TypedNode {
  __typename: NodeTypeName;
}

@InterfaceType('Node', {
  description: 'Whatever can be found again by its id.',
  autoRegisterImplementations: false,
  // A Resource shows as one of several types: addPluginTypes decides.
  resolveType: (value: TypedNode) => value.__typename,
})
export abstract class NodeType {
  @Field(() => ID)
  id: string;
}
