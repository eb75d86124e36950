import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { Aggregate, Downsampling } from '../../core/metrics/downsampling';
import type { ReadOptions } from '../../core/metrics/metric-reader';
import type { SeriesFilter } from '../../core/metrics/series';
import {
  MAX_POINTS,
  resolveTimeRange,
  type TimeRangeInput as TimeRange,
} from '../../core/metrics/time-range';
import { TagFilterInput, toTagFilters } from '../accounts/account-inputs';
import { filterKeys, filterValues, OF_TENANTS } from '../relay/filter-ids';
import { DateTime } from '../scalars';
import { AggregateEnum, DownsamplingEnum } from './metric-enums';

@InputType('TimeRange', { description: '`from` and `to`, or `last` seconds up to now.' })
export class TimeRangeInput implements TimeRange {
  @Field(() => DateTime, { nullable: true })
  from?: number | null;

  @Field(() => DateTime, { nullable: true })
  to?: number | null;

  @Field(() => Int, { nullable: true })
  last?: number | null;
}

@InputType('MetricFilter', { description: 'All that are given must match.' })
export class MetricFilterInput {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;

  @Field(() => [ID], { nullable: true })
  accountIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: OF_TENANTS })
  tenantIds?: string[] | null;

  @Field(() => [ID], { nullable: true })
  resourceIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Of the resource, for example ec2:instance.' })
  types?: string[] | null;

  @Field(() => [String], { nullable: true })
  namespaces?: string[] | null;

  @Field(() => [String], { nullable: true })
  names?: string[] | null;

  @Field(() => [String], { nullable: true })
  statistics?: string[] | null;

  @Field(() => [String], { nullable: true })
  regions?: string[] | null;

  @Field(() => [TagFilterInput], { nullable: true, description: 'Of the resource.' })
  tags?: TagFilterInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: "A part of the metric's name or of the resource's; the case does not matter.",
  })
  search?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only series that miss points now; false: only those that miss none.',
  })
  missing?: boolean | null;
}

/** How points are read: the arguments of every field that answers with them. */
@ArgsType()
export class ReadArguments {
  @Field(() => TimeRangeInput)
  range: TimeRangeInput;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds. By default the smallest multiple of the period, beyond an hour of hours, that keeps within maxPoints.',
  })
  step?: number | null;

  @Field(() => AggregateEnum, { defaultValue: AggregateEnum.AVERAGE })
  aggregate: Aggregate;

  @Field(() => DownsamplingEnum, { defaultValue: DownsamplingEnum.BUCKETS })
  downsampling: Downsampling;

  @Field(() => Int, { defaultValue: 500, description: 'Of each series: 1 to 10,000.' })
  maxPoints: number;
}

/** @throws InvalidInputError RC_FILTER_INVALID */
export function toSeriesFilter(input: MetricFilterInput | null | undefined): SeriesFilter {
  if (!input) return {};
  return {
    ids: filterKeys('ids', 'Metric', input.ids),
    accountIds: filterKeys('accountIds', 'Account', input.accountIds),
    tenantIds: filterKeys('tenantIds', 'Tenant', input.tenantIds),
    resourceIds: filterKeys('resourceIds', 'Resource', input.resourceIds),
    types: filterValues('types', input.types),
    namespaces: filterValues('namespaces', input.namespaces),
    names: filterValues('names', input.names),
    statistics: filterValues('statistics', input.statistics),
    regions: filterValues('regions', input.regions),
    tags: filterValues('tags', toTagFilters(input.tags)),
    search: input.search ?? undefined,
  };
}

/** What the reader takes; it judges them. */
export function toReadOptions(input: ReadArguments): ReadOptions {
  const { range, step, aggregate, downsampling, maxPoints } = input;
  return { range, step, aggregate, downsampling, maxPoints };
}

/**
 * The most points that a series of this period (seconds) can answer with: what the budget of an answer is charged,
 * before anything is read. @throws InvalidInputError RC_RANGE_INVALID
 */
export function mostPoints({ range, step, maxPoints }: ReadOptions, period: number, now: number): number {
  const { from, to } = resolveTimeRange(range, now);
  const seconds = (to - from) / 1000;
  // An explicit step takes the place of maxPoints; the reader holds it to 10,000.
  const bound = step ? Math.min(MAX_POINTS, seconds / step) : Math.min(maxPoints, seconds / period);
  return Math.ceil(bound) + 1;
}
