import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { NoDataCount } from '../../core/metrics/health-reader';
import type { NoDataReason } from '../../core/metrics/no-data';
import type { HealthGap, SeriesHealth } from '../../core/metrics/series-health';
import type { EnumOf } from '../enum-of';
import { DateTime, SafeInt } from '../scalars';

export const NoDataReasonEnum: EnumOf<NoDataReason> = {
  NOT_DUE: 'NOT_DUE',
  NOT_SETTLED: 'NOT_SETTLED',
  THROTTLED: 'THROTTLED',
  DENIED: 'DENIED',
  REGION_DISABLED: 'REGION_DISABLED',
  RESOURCE_INACTIVE: 'RESOURCE_INACTIVE',
  NEVER_PUBLISHED: 'NEVER_PUBLISHED',
  SPARSE: 'SPARSE',
  OVER_BUDGET: 'OVER_BUDGET',
  ACCOUNT_PAUSED: 'ACCOUNT_PAUSED',
  ACCOUNT_BROKEN: 'ACCOUNT_BROKEN',
  PLUGIN_FAILED: 'PLUGIN_FAILED',
  GATEWAY_DOWN: 'GATEWAY_DOWN',
  OUTSIDE_RETENTION: 'OUTSIDE_RETENTION',
};
registerEnumType(NoDataReasonEnum, {
  name: 'NoDataReason',
  description:
    'NOT_DUE: not asked for as yet. NOT_SETTLED: CloudWatch may still deliver it. RESOURCE_INACTIVE: stopped or ' +
    'detached, so not asked for. NEVER_PUBLISHED, SPARSE: CloudWatch answered that it has no point ever, or none of ' +
    'these periods. OUTSIDE_RETENTION: CloudWatch has it no more.',
});

@ObjectType('Gap', { description: 'Periods whose points are missing.' })
export class GapType implements HealthGap {
  @Field(() => DateTime)
  from: number;

  @Field(() => DateTime, { description: 'Exclusive.' })
  to: number;

  @Field(() => NoDataReasonEnum)
  reason: NoDataReason;

  @Field(() => Boolean, { description: 'CloudWatch still has it, and a backfill will ask for it.' })
  recoverable: boolean;
}

@ObjectType('MetricHealth', { description: 'Why there is data, or none.' })
export class MetricHealthType implements SeriesHealth {
  @Field(() => SafeInt, {
    description:
      'Points that there should be: those received, and the periods whose answer is out. A period that CloudWatch ' +
      'answered to be empty misses none.',
  })
  expected: number;

  @Field(() => SafeInt)
  received: number;

  @Field(() => DateTime, { nullable: true })
  lastRequestedAt: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When an answer last held a point.' })
  lastReceivedAt: number | null;

  @Field(() => NoDataReasonEnum, { nullable: true, description: 'Null when nothing is missing.' })
  reason: NoDataReason | null;

  @Field(() => String, { nullable: true, description: 'The fact that shows it, in a sentence.' })
  evidence: string | null;

  @Field(() => [GapType], { description: 'The oldest first.' })
  gaps: HealthGap[];
}

@ObjectType('NoDataCount', { description: 'Series that miss points now, by reason.' })
export class NoDataCountType implements NoDataCount {
  @Field(() => NoDataReasonEnum)
  reason: NoDataReason;

  @Field(() => Int)
  count: number;
}
