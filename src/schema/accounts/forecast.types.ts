import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Verification } from '../../core/accounts/account';
import type { AccountForecast, ForecastPart } from '../../core/collection/account-forecast';
import type { CollectionError } from '../../core/collection/collection-run';
import { CollectionErrorType } from '../collection/collection-run.types';
import type { UserError } from '../errors/payload';
import { UserErrorType } from '../errors/user-error.types';
import { JSONObject } from '../scalars';
import { MetricProfileInput, TagFilterInput } from './account-inputs';
import { VerificationType } from './verification.types';

@ObjectType('ForecastPart', { description: 'What one plugin would find in one Region.' })
export class ForecastPartType implements ForecastPart {
  @Field(() => String)
  plugin: string;

  @Field(() => String)
  region: string;

  @Field(() => Int)
  resources: number;

  @Field(() => Int)
  series: number;

  @Field(() => Float, {
    description: 'Of its metrics; listings and the daily proof are of the whole account.',
  })
  monthlyCostUsd: number;

  @Field(() => CollectionErrorType, { nullable: true, description: 'Why nothing could be found out.' })
  error: CollectionError | null;
}

@ObjectType('AccountForecast', {
  description: 'What an account, or a change to it, would find, need and cost.',
})
export class AccountForecastType implements AccountForecast {
  @Field(() => Int)
  resources: number;

  @Field(() => Int)
  series: number;

  @Field(() => Int, {
    description:
      'Of those, CloudWatch has had no data of for three hours: they are not asked for while that is so.',
  })
  inactiveSeries: number;

  @Field(() => Float, {
    description:
      "A month of 30 days by AWS's price list; the upper bound counts each statistic of a metric as a metric.",
  })
  monthlyCostUsd: number;

  @Field(() => Float)
  monthlyCostUsdUpperBound: number;

  @Field(() => Float, { description: 'For the history of series that are new, once.' })
  oneTimeCostUsd: number;

  @Field(() => Float)
  oneTimeCostUsdUpperBound: number;

  @Field(() => Float, { nullable: true, description: 'The same for the account as it is now.' })
  currentMonthlyCostUsd: number | null;

  @Field(() => [ForecastPartType])
  parts: ForecastPart[];

  @Field(() => JSONObject, { description: 'What the role would have to allow.' })
  permissionPolicy: Record<string, unknown>;

  @Field(() => [String], { description: 'Against the permission policy of the account as it is now.' })
  addedActions: string[];

  @Field(() => [String], { description: 'What the policy of now allows, and would not need to.' })
  removedActions: string[];

  @Field(() => [String], { description: 'Declared by the plugins, refused by the role.' })
  missingActions: string[];
}

@InputType('ForecastAccountInput', {
  description:
    '`roleArn` for an account that is not connected yet. What is left out stays as the account has it.',
})
export class ForecastAccountInput {
  @Field(() => ID)
  accountId: string;

  @Field(() => String, { nullable: true })
  roleArn?: string | null;

  @Field(() => [String], { nullable: true })
  regions?: string[] | null;

  @Field(() => [String], { nullable: true })
  plugins?: string[] | null;

  @Field(() => [TagFilterInput], { nullable: true })
  tagFilter?: TagFilterInput[] | null;

  @Field(() => [MetricProfileInput], { nullable: true })
  metricProfiles?: MetricProfileInput[] | null;
}

@ObjectType('ForecastAccountPayload', { description: 'The forecast, or at least one error.' })
export class ForecastAccountPayload {
  @Field(() => AccountForecastType, { nullable: true })
  forecast?: AccountForecast | null;

  @Field(() => VerificationType, {
    nullable: true,
    description: 'Proves a pasted role before anything is stored; also when it was refused.',
  })
  verification?: Verification | null;

  @Field(() => [UserErrorType])
  errors: UserError[];
}
