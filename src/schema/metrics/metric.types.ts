import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { LatestPoint } from '../../core/metrics/latest-point';
import type { ReadResult, ReadSeries } from '../../core/metrics/metric-reader';
import type { Series } from '../../core/metrics/series';
import type { Summary } from '../../core/metrics/summary';
import { connectionType } from '../relay/connection';
import { NodeType } from '../relay/node.types';
import { RequiresRole } from '../required-role';
import { DateTime, JSONObject, SafeInt } from '../scalars';

/** One of many in an answer: no resolver of ours stands on its fields, which keeps a point cheap. */
@ObjectType('DataPoint', {
  simpleResolvers: true,
  description: 'Provisional: CloudWatch may still revise it; a revision is published live like a new point.',
})
export class DataPointType implements LatestPoint {
  @Field(() => DateTime)
  timestamp: number;

  @Field(() => Float)
  value: number;

  @Field(() => Boolean)
  provisional: boolean;
}

@ObjectType('Summary', {
  simpleResolvers: true,
  description:
    'One series over one range; null where there is no point. Of times whose fine points are kept no more, hourly ' +
    'values are counted in; the percentiles and `first` are then null, for they need each point.',
})
export class SummaryType implements Summary {
  @Field(() => SafeInt, { description: 'Points.' })
  count: number;

  @Field(() => Float, { nullable: true })
  minimum: number | null;

  @Field(() => Float, { nullable: true })
  maximum: number | null;

  @Field(() => Float, { nullable: true, description: 'Of the points as stored, each weighed alike.' })
  average: number | null;

  @Field(() => Float, { nullable: true })
  sum: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The median. Percentiles interpolate between the two nearest points (Hyndman and Fan, type 7).',
  })
  p50: number | null;

  @Field(() => Float, { nullable: true })
  p95: number | null;

  @Field(() => Float, { nullable: true })
  p99: number | null;

  @Field(() => DataPointType, { nullable: true })
  first: LatestPoint | null;

  @Field(() => DataPointType, { nullable: true })
  last: LatestPoint | null;
}

/** `metric.resolver.ts` adds the fields that need more than the row. */
@RequiresRole('VIEWER')
@ObjectType('Metric', {
  implements: NodeType,
  description: 'One CloudWatch metric of one resource with one statistic: a series.',
})
export class MetricType implements Pick<
  Series,
  'namespace' | 'name' | 'statistic' | 'unit' | 'period' | 'dimensions'
> {
  @Field(() => String)
  namespace: string;

  @Field(() => String)
  name: string;

  @Field(() => String, {
    description: 'Average, Sum, Minimum, Maximum, SampleCount, p99, …, as CloudWatch writes it.',
  })
  statistic: string;

  @Field(() => String, { nullable: true })
  unit: string | null;

  @Field(() => Int, { description: 'Seconds between points: 300 unless a profile asks for 60.' })
  period: number;

  @Field(() => JSONObject)
  dimensions: Record<string, string>;
}

@ObjectType('MetricConnection')
export class MetricConnectionType extends connectionType('Metric', MetricType) {}

@ObjectType('RankedMetric', { description: 'A series and the value by which it is ranked.' })
export class RankedMetricType {
  @Field(() => MetricType)
  metric: Series;

  @Field(() => Float)
  value: number;
}

@ObjectType('ResolvedRange', { description: 'On the grid: `from` is a multiple of the step.' })
export class ResolvedRangeType implements Pick<ReadResult, 'from' | 'to'> {
  @Field(() => DateTime)
  from: number;

  @Field(() => DateTime)
  to: number;
}

/** `metric-data.resolver.ts` adds its forms of the points. */
@ObjectType('MetricData', { description: 'The points of one series.' })
export class MetricDataType implements Pick<ReadSeries, 'provisionalFrom'> {
  @Field(() => DateTime, { nullable: true, description: 'From here on CloudWatch may still revise.' })
  provisionalFrom: number | null;
}

@ObjectType('MetricDataSet', { description: 'Many series on one grid.' })
export class MetricDataSetType {
  @Field(() => ResolvedRangeType)
  range: ResolvedRangeType;

  @Field(() => Int, { description: 'Seconds.' })
  step: number;

  @Field(() => [MetricDataType])
  series: (ReadSeries & { result: ReadResult })[];

  @Field(() => Int, { description: 'Series that match; more than `limit` when truncated.' })
  totalSeries: number;

  @Field(() => Boolean)
  truncated: boolean;
}
