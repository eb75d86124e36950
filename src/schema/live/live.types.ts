import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Account, AccountStatus } from '../../core/accounts/account';
import type { CollectionRun, CollectionStep } from '../../core/collection/collection-run';
import type { Resource, ResourceChange, ResourceChangeKind } from '../../core/inventory/resource';
import type { AccountStatusChanged, CollectionProgressed } from '../../core/live/bus';
import { AccountStatusEnum } from '../accounts/account-enums';
import { AccountType } from '../accounts/account.types';
import { CollectionRunType, CollectionStepEnum } from '../collection/collection-run.types';
import type { EnumOf } from '../enum-of';
import { ResourceType } from '../resources/resource.types';
import { DateTime } from '../scalars';
import type { MetricUpdate } from './metric-messages';

/** `metric-updates.resolver.ts` adds its points. */
@ObjectType('MetricUpdateSeries', { description: 'New points of one series.' })
export class MetricUpdateSeriesType {}

/** `metric-updates.resolver.ts` adds `account`. */
@ObjectType('MetricUpdate', { description: 'New points of one account.' })
export class MetricUpdateType implements Omit<MetricUpdate, 'accountId'> {
  @Field(() => String, {
    description: 'Opaque. As `after` of another subscription it resumes behind this message.',
  })
  cursor: string;

  @Field(() => DateTime)
  collectedAt: number;

  @Field(() => Boolean, { description: 'True while stored points are being replayed.' })
  replay: boolean;

  @Field(() => Int, {
    description: 'Older updates of this subscriber that were merged into this one because it read slowly.',
  })
  merged: number;

  @Field(() => [MetricUpdateSeriesType])
  series: MetricUpdate['series'];
}

export const ResourceChangeKindEnum: EnumOf<ResourceChangeKind> = {
  APPEARED: 'APPEARED',
  CHANGED: 'CHANGED',
  GONE: 'GONE',
};
registerEnumType(ResourceChangeKindEnum, {
  name: 'ResourceChangeKind',
  description: 'What happened to a resource.',
});

@ObjectType('ResourceChange', { description: 'A resource that appeared, changed or went.' })
export class ResourceChangeType implements ResourceChange {
  @Field(() => ResourceChangeKindEnum)
  kind: ResourceChangeKind;

  @Field(() => ResourceType, { description: 'As it is after the change.' })
  resource: Resource;

  @Field(() => [String], { description: '`name`, `tags`, or `attributes.<name>`; empty unless CHANGED.' })
  changedFields: string[];

  @Field(() => DateTime)
  at: number;
}

@ObjectType('AccountStatusChange', { description: 'An account that passed from one status to another.' })
export class AccountStatusChangeType implements Omit<
  AccountStatusChanged,
  'kind' | 'tenantId' | 'accountId'
> {
  @Field(() => AccountType)
  account: Account;

  @Field(() => AccountStatusEnum, { nullable: true, description: 'Null for a new account.' })
  from: AccountStatus | null;

  @Field(() => AccountStatusEnum)
  to: AccountStatus;

  @Field(() => String, { nullable: true })
  reason: string | null;

  @Field(() => DateTime)
  at: number;
}

@ObjectType('CollectionProgress', { description: 'How far a collection is.' })
export class CollectionProgressType implements Omit<CollectionProgressed, 'kind' | 'tenantId' | 'accountId'> {
  @Field(() => CollectionRunType)
  run: CollectionRun;

  @Field(() => CollectionStepEnum)
  step: CollectionStep;

  @Field(() => String, { nullable: true })
  plugin: string | null;

  @Field(() => String, { nullable: true })
  region: string | null;

  @Field(() => Int, { description: 'Of `total`, in what the step counts.' })
  done: number;

  @Field(() => Int)
  total: number;
}
