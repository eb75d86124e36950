import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Resource } from '../../core/inventory/resource';
import type { LatestPoint } from '../../core/metrics/latest-point';
import type { Series } from '../../core/metrics/series';
import type { Summary } from '../../core/metrics/summary';
import type { OperationContext } from '../context';
import type { LoadedPoints } from '../loaders';
import { connection, type Connection } from '../relay/connection';
import { toGlobalId } from '../relay/global-id';
import { PageArguments } from '../relay/page-arguments';
import { RequiresRole } from '../required-role';
import { ResourceType } from '../resources/resource.types';
import { Columns } from '../scalars';
import { MetricFilterInput, mostPoints, ReadArguments, TimeRangeInput, toReadOptions } from './metric-inputs';
import { DataPointType, MetricConnectionType, MetricType, SummaryType } from './metric.types';
import { toColumns, toDataPoints } from './points';
import { seriesFilterOf } from './series-filter';

@Resolver(() => MetricType)
export class MetricResolver {
  @RequiresRole('VIEWER')
  @Query(() => MetricConnectionType, {
    description: 'The catalogue of series: what can be read, with no points.',
  })
  async metrics(
    @Arg('filter', () => MetricFilterInput, { nullable: true }) filter: MetricFilterInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<Series>> {
    const seriesFilter = await seriesFilterOf(context, filter);
    return connection<Series>(context, {
      ...page,
      list: 'metrics',
      read: (request) => context.services.seriesCatalog.within(context.viewer).list(seriesFilter, request),
    });
  }

  @FieldResolver(() => ID)
  id(@Root() series: Series): string {
    return toGlobalId('Metric', series.id);
  }

  @FieldResolver(() => ResourceType)
  resource(@Root() series: Series, @Ctx() { loaders }: OperationContext): Promise<Resource | null> {
    return loaders.resources.load(series.resourceId);
  }

  @FieldResolver(() => DataPointType, { nullable: true })
  latest(@Root() series: Series, @Ctx() { loaders }: OperationContext): Promise<LatestPoint | null> {
    return loaders.latestPoints.load(series);
  }

  @FieldResolver(() => [DataPointType], { description: 'Typed points, for convenience. At most 10,000.' })
  async points(
    @Root() series: Series,
    @Args(() => ReadArguments) read: ReadArguments,
    @Ctx() context: OperationContext,
  ): Promise<LatestPoint[]> {
    return toDataPoints(await readPoints(series, read, context));
  }

  @FieldResolver(() => Columns, { description: 'The same points in columns, for bulk.' })
  async columns(
    @Root() series: Series,
    @Args(() => ReadArguments) read: ReadArguments,
    @Ctx() context: OperationContext,
  ): Promise<object> {
    return toColumns(await readPoints(series, read, context));
  }

  @FieldResolver(() => SummaryType, {
    description:
      'The points of a range in ten figures. Counts against the points of an answer by what it reads.',
  })
  summary(
    @Root() series: Series,
    @Arg('range', () => TimeRangeInput) range: TimeRangeInput,
    @Ctx() { budget, loaders, services }: OperationContext,
  ): Promise<Summary> {
    budget.takePoints(services.metricReader.summaryWeight(series, range));
    return loaders.summaryOf(series, range);
  }
}

function readPoints(series: Series, read: ReadArguments, context: OperationContext): Promise<LoadedPoints> {
  const options = toReadOptions(read);
  context.budget.takePoints(mostPoints(options, series.period, context.services.clock.now()));
  return context.loaders.pointsOf(series, options);
}
