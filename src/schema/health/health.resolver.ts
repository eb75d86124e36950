import { Arg, Ctx, FieldResolver, Float, Resolver, Root } from 'type-graphql';
import type { Account } from '../../core/accounts/account';
import type { Resource } from '../../core/inventory/resource';
import type { NoDataCount } from '../../core/metrics/health-reader';
import type { Series } from '../../core/metrics/series';
import { completenessOf, type SeriesHealth } from '../../core/metrics/series-health';
import { AccountType } from '../accounts/account.types';
import type { OperationContext } from '../context';
import { TimeRangeInput } from '../metrics/metric-inputs';
import { MetricType } from '../metrics/metric.types';
import { ResourceType } from '../resources/resource.types';
import { MetricHealthType, NoDataCountType } from './health.types';

const COMPLETENESS =
  'Points received of those expected, 0 to 1; null before the first collection, and where CloudWatch has none to give. ' +
  'The last day when no range is given.';

@Resolver(() => MetricType)
export class MetricHealthResolver {
  @FieldResolver(() => MetricHealthType, {
    description: 'Why there is data, or none. The last day when no range is given.',
  })
  health(
    @Root() series: Series,
    @Arg('range', () => TimeRangeInput, { nullable: true }) range: TimeRangeInput | null,
    @Ctx() { loaders }: OperationContext,
  ): Promise<SeriesHealth> {
    return loaders.healthOf(series, range);
  }
}

@Resolver(() => AccountType)
export class AccountHealthResolver {
  @FieldResolver(() => Float, { nullable: true, description: COMPLETENESS })
  completeness(
    @Root() account: Account,
    @Arg('range', () => TimeRangeInput, { nullable: true }) range: TimeRangeInput | null,
    @Ctx() { services, signal }: OperationContext,
  ): Promise<number | null> {
    signal.throwIfAborted();
    return services.metricHealth.completeness(account, range);
  }

  @FieldResolver(() => [NoDataCountType], { description: 'Series that miss points now, by reason.' })
  noData(@Root() account: Account, @Ctx() { services, signal }: OperationContext): Promise<NoDataCount[]> {
    signal.throwIfAborted();
    return services.metricHealth.noData(account);
  }
}

@Resolver(() => ResourceType)
export class ResourceHealthResolver {
  @FieldResolver(() => Float, { nullable: true, description: COMPLETENESS })
  async completeness(
    @Root() resource: Resource,
    @Arg('range', () => TimeRangeInput, { nullable: true }) range: TimeRangeInput | null,
    @Ctx() { loaders }: OperationContext,
  ): Promise<number | null> {
    const series = await loaders.seriesOfResource.load(resource.id);
    const health = await Promise.all(series.map((one) => loaders.healthOf(one, range)));
    return completenessOf(health);
  }
}
