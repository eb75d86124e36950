import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { UsageDimension, UsageSum } from '../../core/cost/usage-ledger';
import type { EnumOf } from '../enum-of';
import { DateTime, SafeInt } from '../scalars';

export const UsageDimensionEnum: EnumOf<UsageDimension> = {
  DAY: 'DAY',
  ACCOUNT: 'ACCOUNT',
  PLUGIN: 'PLUGIN',
  REGION: 'REGION',
  API: 'API',
};
registerEnumType(UsageDimensionEnum, { name: 'UsageDimension', description: 'By what usage is summed up.' });

/** `api-usage.resolver.ts` adds the account and the cost. */
@ObjectType('ApiUsage', {
  description:
    'A sum of calls of AWS and what they cost. What it is not grouped by is null; so is `plugin` where calls serve several ' +
    'plugins at once, or none.',
})
export class ApiUsageType implements Omit<UsageSum, 'accountId' | 'cost'> {
  @Field(() => DateTime, { nullable: true, description: 'Start of the UTC day.' })
  day: number | null;

  @Field(() => String, { nullable: true })
  plugin: string | null;

  @Field(() => String, { nullable: true })
  region: string | null;

  @Field(() => String, { nullable: true, description: 'As IAM writes it, such as cloudwatch:GetMetricData.' })
  api: string | null;

  @Field(() => SafeInt, { description: 'Requests that were sent, retries included.' })
  calls: number;

  @Field(() => SafeInt, { description: 'Each statistic of a metric that GetMetricData was asked for.' })
  metricsRequested: number;

  @Field(() => SafeInt, { description: 'Requests that AWS answered with throttling.' })
  throttled: number;
}
