import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Account } from '../../core/accounts/account';
import type { LatestPoint } from '../../core/metrics/latest-point';
import type { Series } from '../../core/metrics/series';
import { AccountType } from '../accounts/account.types';
import type { OperationContext } from '../context';
import { DataPointType, MetricType } from '../metrics/metric.types';
import { toColumns, toDataPoints } from '../metrics/points';
import { Columns } from '../scalars';
import { MetricUpdateSeriesType, MetricUpdateType } from './live.types';
import type { MetricUpdate } from './metric-messages';

type UpdateSeries = MetricUpdate['series'][number];

@Resolver(() => MetricUpdateType)
export class MetricUpdateResolver {
  @FieldResolver(() => AccountType)
  account(@Root() update: MetricUpdate, @Ctx() { loaders }: OperationContext): Promise<Account | null> {
    return loaders.accounts.load(update.accountId);
  }
}

@Resolver(() => MetricUpdateSeriesType)
export class MetricUpdateSeriesResolver {
  @FieldResolver(() => MetricType)
  metric(@Root() { series }: UpdateSeries): Series {
    return series;
  }

  @FieldResolver(() => [DataPointType])
  points(@Root() update: UpdateSeries, @Ctx() { services }: OperationContext): LatestPoint[] {
    return toDataPoints({
      ...update,
      provisionalFrom: services.metricReader.provisionalSince(update.series),
    });
  }

  @FieldResolver(() => Columns)
  columns(@Root() update: UpdateSeries, @Ctx() { services }: OperationContext): object {
    return toColumns({ ...update, provisionalFrom: services.metricReader.provisionalSince(update.series) });
  }
}
