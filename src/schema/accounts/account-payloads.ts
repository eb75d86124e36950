import { Field, ID, ObjectType } from 'type-graphql';
import type { Account, ExternalId, Verification } from '../../core/accounts/account';
import type { Onboarding } from '../../core/accounts/onboarding';
import type { UserError } from '../errors/payload';
import { UserErrorType } from '../errors/user-error.types';
import { AccountType, ExternalIdType } from './account.types';
import { OnboardingType } from './onboarding.types';
import { VerificationType } from './verification.types';

/** Either what was asked for, or at least one error and nothing else. */
@ObjectType('AccountPayload')
export class AccountPayload {
  @Field(() => AccountType, { nullable: true })
  account?: Account | null;

  @Field(() => [UserErrorType])
  errors: UserError[];
}

@ObjectType('RegisterAccountPayload')
export class RegisterAccountPayload extends AccountPayload {}

@ObjectType('UpdateAccountPayload')
export class UpdateAccountPayload extends AccountPayload {}

@ObjectType('ConnectAccountPayload')
export class ConnectAccountPayload extends AccountPayload {
  @Field(() => VerificationType, { nullable: true, description: 'Also when it was refused.' })
  verification?: Verification | null;
}

@ObjectType('VerifyAccountPayload')
export class VerifyAccountPayload extends AccountPayload {
  @Field(() => VerificationType, { nullable: true })
  verification?: Verification | null;
}

@ObjectType('RotateExternalIdPayload')
export class RotateExternalIdPayload extends AccountPayload {
  @Field(() => ExternalIdType, { nullable: true })
  pending?: ExternalId | null;

  @Field(() => OnboardingType, { nullable: true })
  onboarding?: Onboarding | null;
}

@ObjectType('RemoveAccountPayload')
export class RemoveAccountPayload {
  @Field(() => ID, { nullable: true })
  removedAccountId?: string | null;

  @Field(() => [UserErrorType])
  errors: UserError[];
}
