import { Field, ID, InterfaceType, ObjectType } from 'type-graphql';
import type { Verification } from '../../core/accounts/account';
import type {
  AwsCallFailedError,
  ConflictError,
  DomainError,
  InvalidInputError,
  NotFoundError,
  TrustRefusedError,
} from '../../core/errors';
import type { UserError } from './payload';
import { VerificationType } from '../accounts/verification.types';

/** The fields that a DomainError answers by itself. */
type Answered<E extends DomainError> = Omit<E, 'kind' | 'name' | 'stack' | 'cause'>;

@InterfaceType('UserError', {
  description: '`code` is one of the register of errors; `hint` is the way to mend it.',
  autoRegisterImplementations: false,
  resolveType: ({ kind }: UserError) => kind,
})
export class UserErrorType implements Omit<Answered<DomainError>, 'code'> {
  @Field(() => String)
  code: string;

  @Field(() => String)
  message: string;

  @Field(() => String, { nullable: true })
  hint: string;

  @Field(() => [String], { description: 'The input field at fault, from `input` down.' })
  path: string[];
}

@ObjectType('InvalidInput', { implements: UserErrorType, description: 'An input that cannot be right.' })
export class InvalidInputType extends UserErrorType implements Omit<Answered<InvalidInputError>, 'code'> {}

@ObjectType('NotFound', {
  implements: UserErrorType,
  description: 'Missing or foreign: the two answer alike.',
})
export class NotFoundType extends UserErrorType implements Omit<Answered<NotFoundError>, 'code'> {
  @Field(() => ID)
  id: string;
}

@ObjectType('Conflict', {
  implements: UserErrorType,
  description: 'Well formed, but not possible in the present state.',
})
export class ConflictType extends UserErrorType implements Omit<Answered<ConflictError>, 'code'> {}

@ObjectType('AwsCallFailed', {
  implements: UserErrorType,
  description:
    "AWS did not answer as needed and the caller is not to blame: throttling, an outage, the gateway's own credentials.",
})
export class AwsCallFailedType extends UserErrorType implements Omit<Answered<AwsCallFailedError>, 'code'> {
  @Field(() => String)
  awsCode: string;

  @Field(() => Boolean)
  retryable: boolean;
}

@ObjectType('TrustRefused', {
  implements: UserErrorType,
  description: 'A role that does not keep others out, or does not let Rolecall in.',
})
export class TrustRefusedType extends UserErrorType implements Omit<Answered<TrustRefusedError>, 'code'> {
  @Field(() => VerificationType)
  verification: Verification;
}
