import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { Aggregate } from '../../core/metrics/downsampling';
import type { RankedSeries } from '../../core/metrics/metric-ranking';
import type { OperationContext } from '../context';
import { SortDirectionEnum } from '../enum-of';
import { RequiresRole } from '../required-role';
import { AggregateEnum } from './metric-enums';
import { MetricFilterInput, TimeRangeInput } from './metric-inputs';
import { RankedMetricType } from './metric.types';
import { seriesFilterOf } from './series-filter';

@Resolver()
export class TopMetricsResolver {
  @RequiresRole('VIEWER')
  @Query(() => [RankedMetricType], {
    description:
      "The series with the highest (or lowest) aggregate over a range: 'the ten busiest instances in all accounts'. " +
      'Equal ones by id; a series without a point in the range is left out.',
  })
  async topMetrics(
    @Arg('filter', () => MetricFilterInput) filter: MetricFilterInput,
    @Arg('range', () => TimeRangeInput, { description: 'Within the retention of fine points.' })
    range: TimeRangeInput,
    @Arg('by', () => AggregateEnum, { defaultValue: AggregateEnum.AVERAGE }) by: Aggregate,
    @Arg('direction', () => SortDirectionEnum, { defaultValue: SortDirectionEnum.DESC })
    direction: 'ASC' | 'DESC',
    @Arg('limit', () => Int, { defaultValue: 10, description: '1 to 100.' }) limit: number,
    @Ctx() context: OperationContext,
  ): Promise<RankedMetricType[]> {
    const { viewer, services, budget, signal } = context;
    const ranked = await services.metricRanking.top(
      services.seriesCatalog.within(viewer),
      { filter: await seriesFilterOf(context, filter), range, by, direction, limit },
      { take: (periods) => budget.takeRankedPeriods(periods), signal },
    );
    budget.takeNodes(ranked.length);
    return ranked.map(({ series, value }: RankedSeries) => ({ metric: series, value }));
  }
}
