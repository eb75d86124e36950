import { Field, ID, ObjectType } from 'type-graphql';
import type { AuditEntry } from '../../core/audit/audit-repository';
import { connectionType } from '../relay/connection';
import { NodeType } from '../relay/node.types';
import { RequiresRole } from '../required-role';
import { DateTime, JSONObject, SafeInt } from '../scalars';

/** `audit.resolver.ts` adds the ids. */
@RequiresRole('ADMIN')
@ObjectType('AuditEntry', {
  implements: NodeType,
  description:
    'Something that was done, asked for or refused. It is never changed, and never holds a secret.',
})
export class AuditEntryType implements Pick<AuditEntry, 'at' | 'actor' | 'action' | 'detail'> {
  @Field(() => DateTime)
  at: number;

  @Field(() => String, {
    description:
      "The token's name, issuer and subject of an OIDC token, or `gateway` for what nobody asked for.",
  })
  actor: string;

  @Field(() => String, { description: 'For example `mutation.connectAccount` or `trust.probed`.' })
  action: string;

  @Field(() => JSONObject, {
    description:
      'What more there is to tell, by the action: docs/audit.md. What looks like a secret was left out.',
  })
  detail: Record<string, unknown>;
}

@ObjectType('AuditEntryConnection')
export class AuditEntryConnectionType extends connectionType('AuditEntry', AuditEntryType) {}

@ObjectType('AuditIntegrity', {
  description: 'Whether the log is what was written, by its hash chain and the signed checkpoints.',
})
export class AuditIntegrityType {
  @Field(() => Boolean)
  ok: boolean;

  @Field(() => SafeInt, {
    description: 'That are whole: all, or those before the first bad one of each tenant.',
  })
  entries: number;

  @Field(() => ID, {
    nullable: true,
    description:
      'Null when all are whole, and when the first bad one is not there any more: `problem` tells which.',
  })
  firstBadEntry: string | null;

  @Field(() => String, { nullable: true, description: 'What is wrong with it, in a sentence.' })
  problem: string | null;

  @Field(() => DateTime)
  checkedAt: number;

  @Field(() => DateTime, { nullable: true, description: 'When it was signed last.' })
  lastCheckpointAt: number | null;
}
