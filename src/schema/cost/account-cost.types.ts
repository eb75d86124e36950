import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountCost } from '../../core/cost/account-costs';
import type { BudgetState } from '../../core/cost/budget';
import type { EnumOf } from '../enum-of';

const BudgetStateEnum: EnumOf<BudgetState> = {
  NONE: 'NONE',
  WITHIN: 'WITHIN',
  STRETCHED: 'STRETCHED',
  HELD: 'HELD',
};
registerEnumType(BudgetStateEnum, {
  name: 'BudgetState',
  description:
    'NONE: there is no budget. STRETCHED: over 80 %, series that nobody reads are asked for hourly. HELD: over 100 %, ' +
    'nothing priced is asked for until the month turns (UTC). The upper bound of the cost is what counts.',
});

@ObjectType('AccountCost', { description: 'What an account costs in this UTC month, by the ledger.' })
export class AccountCostType implements AccountCost {
  @Field(() => Float)
  monthToDateUsd: number;

  @Field(() => Float, { description: 'Each statistic of a metric counted as a metric.' })
  monthToDateUsdUpperBound: number;

  @Field(() => Float, {
    description: 'The month to date, and the rest of it at the rate of the last 24 hours.',
  })
  forecastMonthEndUsd: number;

  @Field(() => Float)
  forecastMonthEndUsdUpperBound: number;

  @Field(() => BudgetStateEnum)
  budgetState: BudgetState;
}
