import { Field, ID, InputType } from 'type-graphql';
import type { AuditFilter } from '../../core/audit/audit-repository';
import { resolveTimeRange } from '../../core/metrics/time-range';
import { TimeRangeInput } from '../metrics/metric-inputs';
import { filterKeys, filterValues } from '../relay/filter-ids';

@InputType('AuditFilter', { description: 'All that are given must match.' })
export class AuditFilterInput {
  @Field(() => [ID], { nullable: true })
  accountIds?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Whole names.' })
  actions?: string[] | null;

  @Field(() => TimeRangeInput, { nullable: true })
  range?: TimeRangeInput | null;
}

/** `now` in epoch ms. @throws InvalidInputError RC_FILTER_INVALID, RC_RANGE_INVALID */
export function toAuditFilter(input: AuditFilterInput | null | undefined, now: number): AuditFilter {
  if (!input) return {};
  return {
    accountIds: filterKeys('accountIds', 'Account', input.accountIds),
    actions: filterValues('actions', input.actions),
    ...(input.range && resolveTimeRange(input.range, now)),
  };
}
