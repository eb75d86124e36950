import { registerEnumType } from 'type-graphql';
import type { EnumOf } from '../enum-of';
import type { Aggregate, Downsampling } from '../../core/metrics/downsampling';

export const AggregateEnum: EnumOf<Aggregate> = {
  AVERAGE: 'AVERAGE',
  SUM: 'SUM',
  MINIMUM: 'MINIMUM',
  MAXIMUM: 'MAXIMUM',
  COUNT: 'COUNT',
  LAST: 'LAST',
};
registerEnumType(AggregateEnum, { name: 'Aggregate', description: 'How the points of one step become one.' });

export const DownsamplingEnum: EnumOf<Downsampling> = {
  BUCKETS: 'BUCKETS',
  LTTB: 'LTTB',
  MIN_MAX: 'MIN_MAX',
};
registerEnumType(DownsamplingEnum, {
  name: 'Downsampling',
  description:
    'BUCKETS: the aggregate of each step. The others choose among the points themselves, so that peaks stay.',
});
