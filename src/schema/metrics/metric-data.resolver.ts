import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { InvalidInputError } from '../../core/errors';
import type { LatestPoint } from '../../core/metrics/latest-point';
import type { Series } from '../../core/metrics/series';
import type { OperationContext } from '../context';
import type { LoadedPoints } from '../loaders';
import { MAX_PAGE } from '../relay/cursor';
import { RequiresRole } from '../required-role';
import { Columns, GridValues } from '../scalars';
import { MetricFilterInput, mostPoints, ReadArguments, toReadOptions } from './metric-inputs';
import { DataPointType, MetricDataSetType, MetricDataType, MetricType } from './metric.types';
import { toColumns, toDataPoints } from './points';
import { seriesFilterOf } from './series-filter';

@Resolver(() => MetricDataType)
export class MetricDataResolver {
  @RequiresRole('VIEWER')
  @Query(() => MetricDataSetType, {
    description: 'Points of many series at once, aligned on one grid; the bulk read.',
  })
  async metricData(
    @Arg('filter', () => MetricFilterInput) filter: MetricFilterInput,
    @Args(() => ReadArguments) read: ReadArguments,
    @Arg('limit', () => Int, { defaultValue: 100, description: 'Series: 1 to 500.' }) limit: number,
    @Ctx() context: OperationContext,
  ): Promise<MetricDataSetType> {
    const { viewer, services, budget, signal } = context;
    const options = toReadOptions(read);
    assertLimit(limit);
    const page = await services.seriesCatalog
      .within(viewer)
      .list(await seriesFilterOf(context, filter), { first: limit, after: null });
    const series = page.items.map(({ item }) => item);
    const now = services.clock.now();
    budget.takePoints(series.reduce((sum, { period }) => sum + mostPoints(options, period, now), 0));
    signal.throwIfAborted();
    const result = await services.metricReader.read(series, options);
    return {
      range: { from: result.from, to: result.to },
      step: result.step,
      series: result.series.map((readSeries) => ({ ...readSeries, result })),
      totalSeries: page.totalCount,
      truncated: page.totalCount > series.length,
    };
  }

  @FieldResolver(() => MetricType)
  metric(@Root() { series }: LoadedPoints): Series {
    return series;
  }

  @FieldResolver(() => [DataPointType])
  points(@Root() data: LoadedPoints): LatestPoint[] {
    return toDataPoints(data);
  }

  @FieldResolver(() => Columns)
  columns(@Root() data: LoadedPoints): object {
    return toColumns(data);
  }

  @FieldResolver(() => GridValues)
  values(@Root() data: LoadedPoints, @Ctx() { services }: OperationContext): (number | null)[] {
    return services.metricReader.gridValues(data, data.result);
  }
}

function assertLimit(limit: number): void {
  if (limit >= 1 && limit <= MAX_PAGE) return;
  throw new InvalidInputError('RC_PAGE_INVALID', `limit is ${limit}`, { path: ['limit'] });
}
