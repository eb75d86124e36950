import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Partition } from '../../core/accounts/account';
import { AWS_REGIONS, type AwsRegion } from '../../core/aws/regions';
import { PartitionEnum } from '../accounts/account-enums';
import type { OperationContext } from '../context';
import { RequiresRole } from '../required-role';
import { AwsRegionType, GatewayType } from './gateway.types';
import { describePlugin, PluginType } from './plugin.types';

@Resolver()
export class GatewayResolver {
  @RequiresRole('VIEWER')
  @Query(() => GatewayType, { description: 'Version, clock and retention of this gateway.' })
  gateway(@Ctx() { services }: OperationContext): GatewayType {
    return { ...services.gatewayInfo, time: services.clock.now() };
  }

  @RequiresRole('VIEWER')
  @Query(() => [PluginType], { description: 'What this gateway can collect.' })
  plugins(@Ctx() { services }: OperationContext): PluginType[] {
    return services.plugins.list().map(describePlugin);
  }

  @RequiresRole('VIEWER')
  @Query(() => [AwsRegionType], { description: 'The Regions of a partition, by name.' })
  regions(
    @Arg('partition', () => PartitionEnum, { defaultValue: PartitionEnum.AWS }) partition: Partition,
  ): AwsRegion[] {
    return AWS_REGIONS.filter((region) => region.partition === partition);
  }
}
