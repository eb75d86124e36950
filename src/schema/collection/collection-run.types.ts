import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import type {
  CollectionError,
  CollectionRun,
  CollectionState,
  CollectionStep,
  CollectionStepResult,
  CollectionTrigger,
} from '../../core/collection/collection-run';
import type { EnumOf } from '../enum-of';
import type { UserError } from '../errors/payload';
import { UserErrorType } from '../errors/user-error.types';
import { connectionType } from '../relay/connection';
import { NodeType } from '../relay/node.types';
import { RequiresRole } from '../required-role';
import { DateTime, SafeInt } from '../scalars';

export const CollectionTriggerEnum: EnumOf<CollectionTrigger> = {
  SCHEDULE: 'SCHEDULE',
  MANUAL: 'MANUAL',
  BACKFILL: 'BACKFILL',
};
registerEnumType(CollectionTriggerEnum, { name: 'CollectionTrigger', description: 'Why a collection runs.' });

export const CollectionStateEnum: EnumOf<CollectionState> = {
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  SUCCEEDED: 'SUCCEEDED',
  PARTIAL: 'PARTIAL',
  FAILED: 'FAILED',
  SKIPPED: 'SKIPPED',
};
registerEnumType(CollectionStateEnum, {
  name: 'CollectionState',
  description: 'PARTIAL: some step failed, the others are whole.',
});

export const CollectionStepEnum: EnumOf<CollectionStep> = {
  CREDENTIALS: 'CREDENTIALS',
  DISCOVER: 'DISCOVER',
  PLAN: 'PLAN',
  FETCH: 'FETCH',
  STORE: 'STORE',
  PUBLISH: 'PUBLISH',
};
registerEnumType(CollectionStepEnum, {
  name: 'CollectionStep',
  description: 'The steps of a collection, in order.',
});

@ObjectType('CollectionError', {
  description:
    "`code` is AWS's own (AccessDenied, ThrottlingException, …), one of the register of errors, or PLUGIN_FAILED, PLUGIN_TIMED_OUT, ABORTED, LEASE_LOST, INTERNAL, CallHeldBack (not sent: AWS throttled all that was).",
})
export class CollectionErrorType implements CollectionError {
  @Field(() => String)
  code: string;

  @Field(() => String)
  message: string;

  @Field(() => Boolean)
  retryable: boolean;

  @Field(() => [String])
  missingActions: string[];
}

@ObjectType('CollectionStepResult', {
  description: '`plugin` is null where a step serves several at once (credentials, packed fetches).',
})
export class CollectionStepResultType implements CollectionStepResult {
  @Field(() => CollectionStepEnum)
  step: CollectionStep;

  @Field(() => String, { nullable: true })
  plugin: string | null;

  @Field(() => String, { nullable: true })
  region: string | null;

  @Field(() => CollectionStateEnum)
  state: CollectionState;

  @Field(() => Int)
  resourcesFound: number;

  @Field(() => SafeInt)
  seriesCollected: number;

  @Field(() => SafeInt)
  pointsStored: number;

  @Field(() => SafeInt)
  awsCalls: number;

  @Field(() => Int)
  durationMs: number;

  @Field(() => CollectionErrorType, { nullable: true })
  error: CollectionError | null;
}

/** `collection-run.resolver.ts` adds `id` and `account`. */
@RequiresRole('VIEWER')
@ObjectType('CollectionRun', { implements: NodeType, description: 'One collection of one account.' })
export class CollectionRunType implements Omit<CollectionRun, 'id' | 'tenantId' | 'accountId'> {
  @Field(() => CollectionTriggerEnum)
  trigger: CollectionTrigger;

  @Field(() => CollectionStateEnum)
  state: CollectionState;

  @Field(() => DateTime)
  scheduledFor: number;

  @Field(() => DateTime, { nullable: true })
  startedAt: number | null;

  @Field(() => DateTime, { nullable: true })
  finishedAt: number | null;

  @Field(() => Int)
  resourcesFound: number;

  @Field(() => SafeInt)
  seriesCollected: number;

  @Field(() => SafeInt)
  pointsStored: number;

  @Field(() => SafeInt, {
    description:
      'Points older than the last cycle that this run recovered: late ones and ones missed while the gateway was down.',
  })
  pointsBackfilled: number;

  @Field(() => SafeInt)
  awsCalls: number;

  @Field(() => Float)
  costUsd: number;

  @Field(() => [CollectionStepResultType])
  steps: CollectionStepResult[];
}

@ObjectType('CollectionRunConnection')
export class CollectionRunConnectionType extends connectionType('CollectionRun', CollectionRunType) {}

@ObjectType('CollectNowPayload', {
  description: 'The run, which may not have begun yet; or at least one error.',
})
export class CollectNowPayload {
  @Field(() => CollectionRunType, { nullable: true })
  run?: CollectionRun | null;

  @Field(() => [UserErrorType])
  errors: UserError[];
}
