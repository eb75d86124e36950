import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Tenant } from '../../core/access/tenant-repository';
import type { UserError } from '../errors/payload';
import { UserErrorType } from '../errors/user-error.types';
import { connectionType } from '../relay/connection';
import { NodeType } from '../relay/node.types';
import { RequiresRole } from '../required-role';
import { DateTime } from '../scalars';

/** `tenant.resolver.ts` adds the fields that need more than the row. */
@RequiresRole('VIEWER')
@ObjectType('Tenant', {
  implements: NodeType,
  description:
    'A company, or an MSP (parent) with its customers (children). A token sees its tenant and the tenants below it, ' +
    'and nothing else.',
})
export class TenantType implements Omit<Tenant, 'id' | 'parentId'> {
  @Field(() => String)
  name: string;

  @Field(() => DateTime)
  createdAt: number;
}

@ObjectType('TenantConnection')
export class TenantConnectionType extends connectionType('Tenant', TenantType) {}

@InputType('CreateTenantInput', { description: 'What a new tenant is called, and below whom it stands.' })
export class CreateTenantInput {
  @Field(() => String, { description: 'Unique among the tenants below one parent.' })
  name: string;

  @Field(() => ID, { nullable: true, description: "The caller's own tenant when left out." })
  parentId?: string | null;
}

@InputType('UpdateTenantInput', { description: 'What is left out stays.' })
export class UpdateTenantInput {
  @Field(() => ID)
  tenantId: string;

  @Field(() => String, { nullable: true })
  name?: string | null;

  @Field(() => ID, { nullable: true, description: 'A new parent takes all that is below the tenant along.' })
  parentId?: string | null;
}

/** Either the tenant, or at least one error. */
@ObjectType()
abstract class TenantPayload {
  @Field(() => TenantType, { nullable: true })
  tenant?: Tenant | null;

  @Field(() => [UserErrorType])
  errors: UserError[];
}

@ObjectType('CreateTenantPayload', { description: 'The new tenant, or at least one error.' })
export class CreateTenantPayload extends TenantPayload {}

@ObjectType('UpdateTenantPayload', { description: 'The tenant as it is now, or at least one error.' })
export class UpdateTenantPayload extends TenantPayload {}
