import { Arg, Ctx, FieldResolver, Float, Int, Query, Resolver, Root } from 'type-graphql';
import type { Account } from '../../core/accounts/account';
import type { UsageDimension, UsageSum } from '../../core/cost/usage-ledger';
import { DAY_MS, dayOf } from '../../core/cost/utc-days';
import { InvalidInputError } from '../../core/errors';
import { resolveTimeRange } from '../../core/metrics/time-range';
import { AccountType } from '../accounts/account.types';
import type { OperationContext } from '../context';
import { TimeRangeInput } from '../metrics/metric-inputs';
import { RequiresRole } from '../required-role';
import { ApiUsageType, UsageDimensionEnum } from './api-usage.types';

const MAX_SUMS = 500;

@Resolver(() => ApiUsageType)
export class ApiUsageResolver {
  @RequiresRole('VIEWER')
  @Query(() => [ApiUsageType], {
    description:
      'Calls of AWS and what they cost, of whole UTC days: every one that the range touches. By day, the newest first, then ' +
      'the dearest first.',
  })
  async apiUsage(
    @Arg('range', () => TimeRangeInput) range: TimeRangeInput,
    @Arg('groupBy', () => [UsageDimensionEnum], { defaultValue: [UsageDimensionEnum.ACCOUNT] })
    groupBy: UsageDimension[],
    @Arg('limit', () => Int, { defaultValue: MAX_SUMS }) limit: number,
    @Ctx() { viewer, services, budget }: OperationContext,
  ): Promise<UsageSum[]> {
    if (limit < 1 || limit > MAX_SUMS) {
      throw new InvalidInputError('RC_PAGE_INVALID', `limit is ${limit}`, { path: ['limit'] });
    }
    const { from, to } = resolveTimeRange(range, services.clock.now());
    const days = { from: dayOf(from), to: dayOf(to - 1) + DAY_MS };
    const sums = await services.usage.within(viewer).sum({ ...days, groupBy, limit });
    budget.takeNodes(sums.length);
    return sums;
  }

  @FieldResolver(() => AccountType, { nullable: true })
  account(
    @Root() { accountId }: UsageSum,
    @Ctx() { loaders }: OperationContext,
  ): Promise<Account | null> | null {
    return accountId === null ? null : loaders.accounts.load(accountId);
  }

  @FieldResolver(() => Float, {
    description: 'The lower bound: up to five statistics of a metric in one request counted as one.',
  })
  costUsd(@Root() { cost }: UsageSum): number {
    return cost.lower;
  }

  @FieldResolver(() => Float, { description: 'Each statistic of a metric counted as a metric.' })
  costUsdUpperBound(@Root() { cost }: UsageSum): number {
    return cost.upper;
  }
}
