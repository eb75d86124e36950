import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { ApiToken } from '../../core/access/token-repository';
import type { Role } from '../../core/access/viewer';
import type { UserError } from '../errors/payload';
import { UserErrorType } from '../errors/user-error.types';
import { connectionType } from '../relay/connection';
import { NodeType } from '../relay/node.types';
import { RequiresRole } from '../required-role';
import { DateTime } from '../scalars';
import { RoleEnum } from './viewer.types';

/** `api-token.resolver.ts` adds the fields that need more than the row. */
@RequiresRole('ADMIN')
@ObjectType('ApiToken', {
  implements: NodeType,
  description:
    'What a program or a colleague signs in with. Its secret is stored as a hash, and never shown again.',
})
export class ApiTokenType implements Omit<ApiToken, 'id' | 'tenantId' | 'lookupId' | 'secretHash'> {
  @Field(() => String)
  name: string;

  @Field(() => RoleEnum)
  role: Role;

  @Field(() => DateTime)
  createdAt: number;

  @Field(() => DateTime, { nullable: true, description: 'Null: never.' })
  expiresAt: number | null;

  @Field(() => DateTime, { nullable: true, description: 'To the minute.' })
  lastUsedAt: number | null;

  @Field(() => DateTime, { nullable: true })
  revokedAt: number | null;
}

@ObjectType('ApiTokenConnection')
export class ApiTokenConnectionType extends connectionType('ApiToken', ApiTokenType) {}

@InputType('CreateApiTokenInput', { description: 'What a new token may do, where, and until when.' })
export class CreateApiTokenInput {
  @Field(() => String, { description: 'For lists and logs; 1 to 128 characters.' })
  name: string;

  @Field(() => RoleEnum, { description: "No higher than the caller's own." })
  role: Role;

  @Field(() => ID, {
    nullable: true,
    description: "The caller's own tenant when left out, or one below it.",
  })
  tenantId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Never when left out.' })
  expiresAt?: number | null;
}

@InputType('RevokeApiTokenInput', { description: 'Which token ends.' })
export class RevokeApiTokenInput {
  @Field(() => ID)
  tokenId: string;
}

@ObjectType('CreateApiTokenPayload', { description: 'The new token with its secret, or at least one error.' })
export class CreateApiTokenPayload {
  @Field(() => ApiTokenType, { nullable: true })
  apiToken?: ApiToken | null;

  @Field(() => String, { nullable: true, description: 'The whole token. Nobody can show it again.' })
  secret?: string | null;

  @Field(() => [UserErrorType])
  errors: UserError[];
}

@ObjectType('RevokeApiTokenPayload', {
  description: 'The token, which is nobody any more; or at least one error.',
})
export class RevokeApiTokenPayload {
  @Field(() => ApiTokenType, { nullable: true })
  apiToken?: ApiToken | null;

  @Field(() => [UserErrorType])
  errors: UserError[];
}
