import { Field, Int, ObjectType } from 'type-graphql';
import type { CheckName, Waiver } from '../../core/accounts/account';
import { DateTime } from '../scalars';
import { CheckNameEnum } from './account-enums';

@ObjectType('TrustWaiver', {
  description: 'Checks that an administrator of the gateway lets pass for a while, though they fail.',
})
export class TrustWaiverType implements Waiver {
  @Field(() => [CheckNameEnum])
  checks: CheckName[];

  @Field(() => String, { description: 'The name of the token, or issuer and subject of an OIDC token.' })
  grantedBy: string;

  @Field(() => DateTime)
  grantedAt: number;

  @Field(() => DateTime, { description: 'From then on the checks count again.' })
  expiresAt: number;
}

@ObjectType('StoredAccessKey', { description: 'What may be shown of a stored access key.' })
export class StoredAccessKeyType {
  @Field(() => String, { description: 'The last four characters of its id.' })
  idEnding: string;

  @Field(() => DateTime, { description: 'When it was given to Rolecall.' })
  storedAt: number;

  @Field(() => Int, { description: 'Whole days since then.' })
  ageDays: number;

  @Field(() => Boolean, { description: 'From 90 days on: replace it, or better connect a role.' })
  isOld: boolean;
}
