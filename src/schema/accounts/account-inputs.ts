import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type {
  AccountSettings,
  AccountStatus,
  MetricLevel,
  MetricPeriod,
  Partition,
  TagFilter,
} from '../../core/accounts/account';
import type { AccountFilter, AccountOrder } from '../../core/accounts/account-repository';
import { InvalidInputError } from '../../core/errors';
import { SortDirectionEnum } from '../enum-of';
import { filterKeys, filterValues, OF_TENANTS } from '../relay/filter-ids';
import { JSONObject } from '../scalars';
import { AccountOrderFieldEnum, AccountStatusEnum, MetricLevelEnum, PartitionEnum } from './account-enums';

@InputType('TagFilterInput', { description: 'A tag that a resource must have.' })
export class TagFilterInput {
  @Field(() => String)
  key: string;

  @Field(() => [String], { nullable: true, description: 'Any value when left out or empty.' })
  values?: string[] | null;
}

@InputType('MetricProfileInput', { description: 'Which metrics a plugin collects.' })
export class MetricProfileInput {
  @Field(() => String)
  plugin: string;

  @Field(() => MetricLevelEnum)
  level: MetricLevel;

  @Field(() => [String], { nullable: true, description: 'For CUSTOM alone: Name or Name:Statistic.' })
  metrics?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds between points: 300 when left out, or 60 where the resource publishes them.',
  })
  periodSeconds?: number | null;
}

@InputType('AccountFilter', { description: 'All that are given must match.' })
export class AccountFilterInput {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => [ID], { nullable: true, description: OF_TENANTS })
  tenantIds?: string[] | null;

  @Field(() => [String], { nullable: true })
  awsAccountIds?: string[] | null;

  @Field(() => [AccountStatusEnum], { nullable: true })
  statuses?: AccountStatus[] | null;

  @Field(() => JSONObject, { nullable: true, description: 'Every key must be present with this value.' })
  labels?: Record<string, unknown> | null;

  @Field(() => String, {
    nullable: true,
    description: 'A part of the name or of the AWS account ID; the case does not matter.',
  })
  search?: string | null;

  @Field(() => Boolean, { defaultValue: false })
  includeRemoved: boolean;
}

@InputType('AccountOrder', { description: 'By what accounts are listed.' })
export class AccountOrderInput implements AccountOrder {
  @Field(() => AccountOrderFieldEnum)
  field: AccountOrder['field'];

  @Field(() => SortDirectionEnum, { defaultValue: SortDirectionEnum.ASC })
  direction: AccountOrder['direction'];
}

/** What an operator may set, as registering and updating share it. */
@InputType()
abstract class AccountSettingsInput {
  @Field(() => [String], { nullable: true })
  regions?: string[] | null;

  @Field(() => [String], { nullable: true })
  plugins?: string[] | null;

  @Field(() => [TagFilterInput], { nullable: true })
  tagFilter?: TagFilterInput[] | null;

  @Field(() => [MetricProfileInput], { nullable: true })
  metricProfiles?: MetricProfileInput[] | null;

  @Field(() => JSONObject, { nullable: true })
  labels?: Record<string, unknown> | null;

  @Field(() => Float, { nullable: true })
  monthlyBudgetUsd?: number | null;
}

@InputType('RegisterAccountInput', {
  description: 'What is to be connected, and what is to be collected of it.',
})
export class RegisterAccountInput extends AccountSettingsInput {
  @Field(() => String)
  name: string;

  @Field(() => ID, { nullable: true })
  tenantId?: string | null;

  @Field(() => String, { nullable: true })
  awsAccountId?: string | null;

  @Field(() => PartitionEnum, { defaultValue: PartitionEnum.AWS })
  partition: Partition;
}

@InputType('UpdateAccountInput', {
  description: 'What is left out stays; an explicit null clears what may be null, such as the budget.',
})
export class UpdateAccountInput extends AccountSettingsInput {
  @Field(() => ID)
  accountId: string;

  @Field(() => String, { nullable: true })
  name?: string | null;
}

@InputType('AccountIdInput', { description: 'Which account.' })
export class AccountIdInput {
  @Field(() => ID)
  accountId: string;
}

@InputType('AccessKeyInput', { description: 'Of an IAM user, where a role cannot be had.' })
export class AccessKeyInput {
  @Field(() => String)
  accessKeyId: string;

  @Field(() => String)
  secretAccessKey: string;
}

@InputType('ConnectAccountInput', { description: 'Exactly one of roleArn and accessKey.' })
export class ConnectAccountInput extends AccountIdInput {
  @Field(() => String, { nullable: true })
  roleArn?: string | null;

  @Field(() => AccessKeyInput, { nullable: true })
  accessKey?: AccessKeyInput | null;

  @Field(() => Boolean, { defaultValue: false })
  force: boolean;
}

@InputType('RemoveAccountInput', {
  description: 'Which account goes, and whether what was collected of it stays.',
})
export class RemoveAccountInput extends AccountIdInput {
  @Field(() => Boolean, { defaultValue: true })
  keepHistory: boolean;
}

@InputType('CollectNowInput', { description: 'Which account is collected, or which part of it.' })
export class CollectNowInput extends AccountIdInput {
  @Field(() => [String], { nullable: true })
  plugins?: string[] | null;

  @Field(() => [String], { nullable: true })
  regions?: string[] | null;
}

/** @throws InvalidInputError RC_FILTER_INVALID */
export function toAccountFilter(input: AccountFilterInput | null | undefined): AccountFilter {
  if (!input) return {};
  return {
    ids: filterKeys('ids', 'Account', input.ids),
    tenantIds: filterKeys('tenantIds', 'Tenant', input.tenantIds),
    awsAccountIds: filterValues('awsAccountIds', input.awsAccountIds),
    statuses: filterValues('statuses', input.statuses),
    labels: input.labels ? stringLabels(input.labels) : undefined,
    search: input.search ?? undefined,
    includeRemoved: input.includeRemoved,
  };
}

/** A list of tag filters as the core takes it; undefined for none. */
export function toTagFilters(input: TagFilterInput[] | null | undefined): TagFilter[] | undefined {
  return input?.map(({ key, values }) => ({ key, values: filterValues('values', values) ?? null }));
}

/**
 * The settings that were given, for the core to judge. What is left out stays undefined, and so does a null for what
 * cannot be null; a null budget clears it.
 */
export function toAccountSettings(
  input: Partial<AccountSettingsInput> & { name?: string | null },
): Partial<AccountSettings> {
  return {
    name: input.name ?? undefined,
    regions: input.regions ?? undefined,
    plugins: input.plugins ?? undefined,
    tagFilter: toTagFilters(input.tagFilter),
    metricProfiles: input.metricProfiles?.map(({ plugin, level, metrics, periodSeconds }) => ({
      plugin,
      level,
      metrics: metrics ?? [],
      // Judged by the core like everything else.
      periodSeconds: (periodSeconds ?? 300) as MetricPeriod,
    })),
    labels: (input.labels ?? undefined) as Record<string, string> | undefined,
    monthlyBudgetUsd: input.monthlyBudgetUsd,
  };
}

function stringLabels(labels: Record<string, unknown>): Record<string, string> {
  if (Object.values(labels).every((value) => typeof value === 'string'))
    return labels as Record<string, string>;
  throw new InvalidInputError('RC_FILTER_INVALID', 'A label is a string', { path: ['filter', 'labels'] });
}
