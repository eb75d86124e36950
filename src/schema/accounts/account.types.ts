import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type {
  Account,
  AccountStatus,
  ConnectionMethod,
  ExternalId,
  ExternalIdState,
  MetricLevel,
  MetricPeriod,
  MetricProfile,
  Partition,
  TagFilter,
  Verification,
  Waiver,
} from '../../core/accounts/account';
import type { AccountFilter } from '../../core/accounts/account-repository';
import { connectionType } from '../relay/connection';
import { NodeType } from '../relay/node.types';
import { RequiresRole } from '../required-role';
import { Arn, AwsAccountId, DateTime, JSONObject } from '../scalars';
import {
  AccountStatusEnum,
  ConnectionMethodEnum,
  ExternalIdStateEnum,
  MetricLevelEnum,
  PartitionEnum,
} from './account-enums';
import { TrustWaiverType } from './account-facts.types';
import { VerificationType } from './verification.types';

@ObjectType('ExternalId', {
  description: "A GUID that binds a role's trust policy to one account of ours, for all time.",
})
export class ExternalIdType implements ExternalId {
  @Field(() => ID)
  value: string;

  @Field(() => ExternalIdStateEnum)
  state: ExternalIdState;

  @Field(() => DateTime)
  createdAt: number;

  @Field(() => DateTime, { nullable: true, description: 'When STS first accepted it.' })
  activatedAt: number | null;

  @Field(() => DateTime, { nullable: true })
  retiredAt: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When STS accepted it while PENDING; a minute later a second success promotes it.',
  })
  acceptedAt: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When STS was first seen to refuse it once RETIRED: the end of the rotation.',
  })
  refusedAt: number | null;
}

@ObjectType('TagFilter', { description: 'A tag that a resource must have.' })
export class TagFilterType implements TagFilter {
  @Field(() => String)
  key: string;

  @Field(() => [String], { nullable: true, description: 'Any value when null or empty.' })
  values: string[] | null;
}

@ObjectType('MetricProfile', { description: 'Which metrics a plugin collects in an account.' })
export class MetricProfileType implements MetricProfile {
  @Field(() => String)
  plugin: string;

  @Field(() => MetricLevelEnum)
  level: MetricLevel;

  @Field(() => [String])
  metrics: string[];

  @Field(() => Int, { description: 'Seconds between points: 300, or 60 where the resource publishes them.' })
  periodSeconds: MetricPeriod;
}

/** The fields that the core's account answers by itself; `account.resolver.ts` adds the others. */
@RequiresRole('VIEWER')
@ObjectType('Account', {
  implements: NodeType,
  description: 'One connected (or to be connected) AWS account.',
})
export class AccountType implements Omit<Account, 'id' | 'tenantId' | 'accessKey'> {
  @Field(() => String)
  name: string;

  @Field(() => AwsAccountId, { nullable: true })
  awsAccountId: string | null;

  @Field(() => PartitionEnum)
  partition: Partition;

  @Field(() => AccountStatusEnum)
  status: AccountStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Why the status is what it is, in a sentence an operator can act on.',
  })
  statusReason: string | null;

  @Field(() => ConnectionMethodEnum)
  connection: ConnectionMethod;

  @Field(() => Arn, { nullable: true })
  roleArn: string | null;

  @Field(() => [ExternalIdType], { description: 'All of them, the newest first.' })
  externalIds: ExternalId[];

  @Field(() => VerificationType, { nullable: true })
  verification: Verification | null;

  @Field(() => DateTime, { nullable: true, description: 'When the trust is proved again.' })
  nextVerificationAt: number | null;

  @Field(() => TrustWaiverType, { nullable: true, description: 'Null unless connectAccount was forced.' })
  waiver: Waiver | null;

  @Field(() => [String], { description: 'Empty: every Region that is enabled in the account.' })
  regions: string[];

  @Field(() => [String], { description: 'Empty: every plugin that is enabled in the gateway.' })
  plugins: string[];

  @Field(() => [TagFilterType])
  tagFilter: TagFilter[];

  @Field(() => [MetricProfileType], {
    description: 'Which metrics each plugin collects; a plugin that is not listed collects CORE.',
  })
  metricProfiles: MetricProfile[];

  @Field(() => JSONObject)
  labels: Record<string, string>;

  @Field(() => Float, { nullable: true })
  monthlyBudgetUsd: number | null;

  @Field(() => DateTime)
  createdAt: number;

  @Field(() => DateTime, { nullable: true })
  removedAt: number | null;

  @Field(() => DateTime, { nullable: true })
  lastCollectedAt: number | null;

  @Field(() => DateTime, { nullable: true })
  nextCollectionAt: number | null;
}

@ObjectType('AccountStatusCount')
export class AccountStatusCountType {
  @Field(() => AccountStatusEnum)
  status: AccountStatus;

  @Field(() => Int)
  count: number;
}

/** `statusCounts` is added by its resolver. */
@ObjectType('AccountConnection')
export class AccountConnectionType extends connectionType('Account', AccountType) {
  /** Kept for `statusCounts`; not a field. */
  filter: AccountFilter;
}
