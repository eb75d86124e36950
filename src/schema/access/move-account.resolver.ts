import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { accountRef } from '../accounts/account-commands.resolver';
import { AccountIdInput } from '../accounts/account-inputs';
import { AccountPayload } from '../accounts/account-payloads';
import type { OperationContext } from '../context';
import { payload } from '../errors/payload';
import { RequiresRole } from '../required-role';
import { tenantRef } from './tenant.resolver';

@InputType('MoveAccountInput', { description: 'Which account goes where.' })
class MoveAccountInput extends AccountIdInput {
  @Field(() => ID, { description: 'Where it goes: a tenant that the caller sees.' })
  tenantId: string;
}

@Resolver()
export class MoveAccountResolver {
  @RequiresRole('ADMIN')
  @Mutation(() => AccountPayload, {
    description: 'To another tenant that the caller may administer. History and external IDs go along.',
  })
  moveAccount(
    @Arg('input', () => MoveAccountInput) { accountId, tenantId }: MoveAccountInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<AccountPayload> {
    const move = () => services.accountMover.move(viewer, accountRef(accountId), tenantRef(tenantId));
    return payload(async () => ({ account: await move() }));
  }
}
