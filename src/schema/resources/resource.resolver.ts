import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Account } from '../../core/accounts/account';
import type { Resource } from '../../core/inventory/resource';
import type { Series } from '../../core/metrics/series';
import { AccountType } from '../accounts/account.types';
import type { OperationContext } from '../context';
import { MetricType } from '../metrics/metric.types';
import type { Connection } from '../relay/connection';
import { filterValues } from '../relay/filter-ids';
import { keyOf, toGlobalId } from '../relay/global-id';
import { PageArguments } from '../relay/page-arguments';
import { RequiresRole } from '../required-role';
import { listResources } from './list-resources';
import { ResourceFilterInput, ResourceOrderInput, toResourceFilter } from './resource-inputs';
import { ResourceConnectionType, ResourceType, TagType } from './resource.types';

@Resolver(() => ResourceType)
export class ResourceResolver {
  @RequiresRole('VIEWER')
  @Query(() => ResourceType, { nullable: true, description: 'Null when it is missing or foreign.' })
  resource(
    @Arg('id', () => ID) id: string,
    @Ctx() { loaders }: OperationContext,
  ): Promise<Resource | null> | null {
    const key = keyOf('Resource', id);
    return key === null ? null : loaders.resources.load(key);
  }

  @RequiresRole('VIEWER')
  @Query(() => ResourceConnectionType, {
    description: 'Search over every account that the caller may see. By name when no order is given.',
  })
  resources(
    @Arg('filter', () => ResourceFilterInput, { nullable: true }) filter: ResourceFilterInput | null,
    @Arg('orderBy', () => ResourceOrderInput, { nullable: true }) orderBy: ResourceOrderInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<Resource>> {
    return listResources(context, toResourceFilter(filter), orderBy, page);
  }

  @FieldResolver(() => ID)
  id(@Root() resource: Resource): string {
    return toGlobalId('Resource', resource.id);
  }

  @FieldResolver(() => AccountType)
  account(@Root() resource: Resource, @Ctx() { loaders }: OperationContext): Promise<Account | null> {
    return loaders.accounts.load(resource.accountId);
  }

  @FieldResolver(() => [TagType], { description: 'By key.' })
  tags(@Root() resource: Resource): TagType[] {
    return Object.keys(resource.tags)
      .sort()
      .map((key) => ({ key, value: resource.tags[key] }));
  }

  @FieldResolver(() => [MetricType], { description: 'By name and statistic.' })
  async metrics(
    @Root() resource: Resource,
    @Arg('names', () => [String], { nullable: true }) names: string[] | null,
    @Arg('statistics', () => [String], { nullable: true }) statistics: string[] | null,
    @Ctx() { loaders, budget }: OperationContext,
  ): Promise<Series[]> {
    const wantedNames = filterValues('names', names);
    const wantedStatistics = filterValues('statistics', statistics);
    const series = (await loaders.seriesOfResource.load(resource.id)).filter(
      ({ name, statistic }) =>
        (wantedNames?.includes(name) ?? true) && (wantedStatistics?.includes(statistic) ?? true),
    );
    budget.takeNodes(series.length);
    return series;
  }
}
