import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Account } from '../../core/accounts/account';
import type { CollectionRun } from '../../core/collection/collection-run';
import { accountRef } from '../accounts/account-commands.resolver';
import { CollectNowInput } from '../accounts/account-inputs';
import { AccountType } from '../accounts/account.types';
import type { OperationContext } from '../context';
import { payload } from '../errors/payload';
import type { Connection } from '../relay/connection';
import { toGlobalId } from '../relay/global-id';
import { PageArguments } from '../relay/page-arguments';
import { RequiresRole } from '../required-role';
import { CollectionRunFilterInput, toRunFilter } from './collection-run-inputs';
import { CollectionRunConnectionType, CollectionRunType, CollectNowPayload } from './collection-run.types';
import { listRuns } from './list-runs';

@Resolver(() => CollectionRunType)
export class CollectionRunResolver {
  @RequiresRole('VIEWER')
  @Query(() => CollectionRunConnectionType, { description: 'The newest first.' })
  collectionRuns(
    @Arg('filter', () => CollectionRunFilterInput, { nullable: true })
    filter: CollectionRunFilterInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<CollectionRun>> {
    return listRuns(context, toRunFilter(filter, context.services.clock.now()), page);
  }

  @RequiresRole('OPERATOR')
  @Mutation(() => CollectNowPayload, {
    description:
      'Discover and collect now, outside the schedule, at most once a minute an account. Joins a run under way whose ' +
      'scope covers it, else follows it. Refused for PAUSED, INSECURE, AWAITING_ROLE and REMOVED accounts and over budget.',
  })
  collectNow(
    @Arg('input', () => CollectNowInput) { accountId, plugins, regions }: CollectNowInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<CollectNowPayload> {
    const scope = { plugins: plugins ?? undefined, regions: regions ?? undefined };
    return payload(async () => ({
      run: await services.collections.collectNow(viewer, accountRef(accountId), scope),
    }));
  }

  @FieldResolver(() => ID)
  id(@Root() run: CollectionRun): string {
    return toGlobalId('CollectionRun', run.id);
  }

  @FieldResolver(() => AccountType)
  account(@Root() run: CollectionRun, @Ctx() { loaders }: OperationContext): Promise<Account | null> {
    return loaders.accounts.load(run.accountId);
  }
}
