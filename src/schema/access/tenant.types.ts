import { Field, ObjectType } from 'type-graphql';
import type { Tenant } from '../../core/access/access-repository';
import { NodeType } from '../relay/node.types';
import { DateTime } from '../scalars';

@ObjectType('Tenant', {
  implements: NodeType,
  description: "A company whose accounts and tokens are kept apart from all others'.",
})
export class TenantType implements Omit<Tenant, 'id'> {
  @Field(() => String)
  name: string;

  @Field(() => DateTime)
  createdAt: number;
}
