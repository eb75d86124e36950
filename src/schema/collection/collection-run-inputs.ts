import { Field, ID, InputType } from 'type-graphql';
import type { CollectionState } from '../../core/collection/collection-run';
import type { RunFilter } from '../../core/collection/run-repository';
import { resolveTimeRange } from '../../core/metrics/time-range';
import { TimeRangeInput } from '../metrics/metric-inputs';
import { filterKeys, filterValues } from '../relay/filter-ids';
import { CollectionStateEnum } from './collection-run.types';

@InputType('CollectionRunFilter', { description: 'All that are given must match.' })
export class CollectionRunFilterInput {
  @Field(() => [ID], { nullable: true })
  accountIds?: string[] | null;

  @Field(() => [CollectionStateEnum], { nullable: true })
  states?: CollectionState[] | null;

  @Field(() => TimeRangeInput, { nullable: true, description: 'When it was scheduled for.' })
  range?: TimeRangeInput | null;
}

/** `now` in epoch ms. @throws InvalidInputError RC_FILTER_INVALID, RC_RANGE_INVALID */
export function toRunFilter(input: CollectionRunFilterInput | null | undefined, now: number): RunFilter {
  if (!input) return {};
  return {
    accountIds: filterKeys('accountIds', 'Account', input.accountIds),
    states: filterValues('states', input.states),
    ...(input.range && resolveTimeRange(input.range, now)),
  };
}
