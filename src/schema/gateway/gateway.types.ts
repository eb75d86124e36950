import { Field, Int, ObjectType } from 'type-graphql';
import type { AwsRegion } from '../../core/aws/regions';
import type { Partition } from '../../core/accounts/account';
import { PartitionEnum } from '../accounts/account-enums';
import { DateTime } from '../scalars';
import type { GatewayInfo } from '../services';

@ObjectType('Gateway', { description: 'Version, clock and retention of this gateway.' })
export class GatewayType implements GatewayInfo {
  @Field(() => String)
  version: string;

  @Field(() => DateTime, { description: "The gateway's clock." })
  time: number;

  @Field(() => DateTime)
  startedAt: number;

  @Field(() => Int)
  fineRetentionDays: number;

  @Field(() => Int)
  hourlyRetentionDays: number;

  @Field(() => Int)
  collectionIntervalSeconds: number;
}

@ObjectType('AwsRegion', { description: 'A Region of AWS.' })
export class AwsRegionType implements AwsRegion {
  @Field(() => String)
  name: string;

  @Field(() => PartitionEnum)
  partition: Partition;

  @Field(() => String)
  displayName: string;

  @Field(() => Boolean, { description: 'Off in an account until its owner enables it.' })
  optIn: boolean;
}
