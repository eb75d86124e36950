import { Field, ObjectType } from 'type-graphql';
import type { CheckName, CheckOutcome, Verification, VerificationCheck } from '../../core/accounts/account';
import { DateTime } from '../scalars';
import { CheckNameEnum, CheckOutcomeEnum } from './account-enums';

@ObjectType('VerificationCheck', {
  description: '`code` is stable and machine-readable; `expected` and `found` are what the message compares.',
})
export class VerificationCheckType implements VerificationCheck {
  @Field(() => CheckNameEnum)
  name: CheckName;

  @Field(() => CheckOutcomeEnum)
  outcome: CheckOutcome;

  @Field(() => String, { nullable: true })
  code: string;

  @Field(() => String)
  message: string;

  @Field(() => String, { nullable: true })
  expected: string | null;

  @Field(() => String, { nullable: true })
  found: string | null;

  @Field(() => [String])
  missingActions: string[];

  @Field(() => Boolean, {
    description:
      'It failed, and an administrator of the gateway lets it pass for a while: see Account.waiver.',
  })
  waived: boolean;
}

@ObjectType('Verification', {
  description: 'The proof that the trust is right, check by check. `ok` is false until `complete`.',
})
export class VerificationType implements Verification {
  @Field(() => DateTime)
  at: number;

  @Field(() => Boolean)
  complete: boolean;

  @Field(() => Boolean)
  ok: boolean;

  @Field(() => [VerificationCheckType])
  checks: VerificationCheck[];
}
