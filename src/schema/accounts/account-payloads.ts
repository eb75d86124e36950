import { Field, ID, ObjectType } from 'type-graphql';
import type { Account, ExternalId, Verification } from '../../core/accounts/account';
import type { Onboarding } from '../../core/accounts/onboarding';
import type { UserError } from '../errors/payload';
import { UserErrorType } from '../errors/user-error.types';
import { AccountType, ExternalIdType } from './account.types';
import { OnboardingType } from './onboarding.types';
import { VerificationType } from './verification.types';

/** Either what was asked for, or at least one error and nothing else. */
@ObjectType('AccountPayload', { description: 'The account as it is now, or at least one error.' })
export class AccountPayload {
  @Field(() => AccountType, { nullable: true })
  account?: Account | null;

  @Field(() => [UserErrorType])
  errors: UserError[];
}

@ObjectType('RegisterAccountPayload', {
  description: 'The account, which waits for its role; or at least one error.',
})
export class RegisterAccountPayload extends AccountPayload {}

@ObjectType('UpdateAccountPayload', { description: 'The account as it is now, or at least one error.' })
export class UpdateAccountPayload extends AccountPayload {}

@ObjectType('ConnectAccountPayload', {
  description: 'The account, which is connected; or at least one error.',
})
export class ConnectAccountPayload extends AccountPayload {
  @Field(() => VerificationType, { nullable: true, description: 'Also when it was refused.' })
  verification?: Verification | null;
}

@ObjectType('VerifyAccountPayload', { description: 'The account with its new proof, or at least one error.' })
export class VerifyAccountPayload extends AccountPayload {
  @Field(() => VerificationType, { nullable: true })
  verification?: Verification | null;
}

@ObjectType('RotateExternalIdPayload', {
  description: 'The account with both external IDs, or at least one error.',
})
export class RotateExternalIdPayload extends AccountPayload {
  @Field(() => ExternalIdType, { nullable: true })
  pending?: ExternalId | null;

  @Field(() => OnboardingType, { nullable: true })
  onboarding?: Onboarding | null;
}

@ObjectType('RemoveAccountPayload', {
  description: 'The id of the account that went, or at least one error.',
})
export class RemoveAccountPayload {
  @Field(() => ID, { nullable: true })
  removedAccountId?: string | null;

  @Field(() => [UserErrorType])
  errors: UserError[];
}
