import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Tenant } from '../../core/access/tenant-repository';
import type { Account } from '../../core/accounts/account';
import type { AccountFilter, AccountOrder } from '../../core/accounts/account-repository';
import type { Onboarding } from '../../core/accounts/onboarding';
import type { AccountCost } from '../../core/cost/account-costs';
import type { CollectionRun } from '../../core/collection/collection-run';
import type { Resource } from '../../core/inventory/resource';
import { ACCESS_KEY_AGE_WARNING_DAYS, accessKeyAgeDays } from '../../core/trust/access-key-verifier';
import { TenantType } from '../access/tenant.types';
import { CollectionRunConnectionType } from '../collection/collection-run.types';
import { listRuns } from '../collection/list-runs';
import { AccountCostType } from '../cost/account-cost.types';
import type { OperationContext } from '../context';
import { connection, type Connection } from '../relay/connection';
import { keyOf, toGlobalId } from '../relay/global-id';
import { PageArguments, ShortPageArguments } from '../relay/page-arguments';
import { RequiresRole } from '../required-role';
import { listResources } from '../resources/list-resources';
import { ResourceFilterInput, toResourceFilter } from '../resources/resource-inputs';
import { ResourceConnectionType } from '../resources/resource.types';
import { StoredAccessKeyType } from './account-facts.types';
import { AccountFilterInput, AccountOrderInput, toAccountFilter } from './account-inputs';
import { AccountConnectionType, AccountStatusCountType, AccountType } from './account.types';
import { OnboardingType } from './onboarding.types';

const BY_NAME: AccountOrder = { field: 'NAME', direction: 'ASC' };

/** A page of accounts, with the filter that `statusCounts` needs. */
export async function listAccounts(
  context: OperationContext,
  filter: AccountFilter,
  order: AccountOrder,
  page: PageArguments,
): Promise<Connection<Account> & { filter: AccountFilter }> {
  const { viewer, services } = context;
  const found = await connection<Account>(context, {
    ...page,
    list: `accounts:${order.field}:${order.direction}`,
    read: (request) => services.accountRepository.within(viewer).list(filter, order, request),
  });
  return { ...found, filter };
}

@Resolver(() => AccountType)
export class AccountResolver {
  @RequiresRole('VIEWER')
  @Query(() => AccountType, { nullable: true, description: 'Null when it is missing or foreign.' })
  account(
    @Arg('id', () => ID) id: string,
    @Ctx() { loaders }: OperationContext,
  ): Promise<Account | null> | null {
    const key = keyOf('Account', id);
    return key === null ? null : loaders.accounts.load(key);
  }

  @RequiresRole('VIEWER')
  @Query(() => AccountConnectionType, { description: 'By name when no order is given.' })
  accounts(
    @Arg('filter', () => AccountFilterInput, { nullable: true }) filter: AccountFilterInput | null,
    @Arg('orderBy', () => AccountOrderInput, { nullable: true }) orderBy: AccountOrderInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<Account>> {
    return listAccounts(context, toAccountFilter(filter), orderBy ?? BY_NAME, page);
  }

  @FieldResolver(() => ID)
  id(@Root() account: Account): string {
    return toGlobalId('Account', account.id);
  }

  @FieldResolver(() => TenantType)
  tenant(@Root() account: Account, @Ctx() { loaders }: OperationContext): Promise<Tenant | null> {
    return loaders.tenants.load(account.tenantId);
  }

  @FieldResolver(() => OnboardingType, {
    nullable: true,
    description:
      'What the customer must create or change now: trust policy, permission policy, templates. Null for access ' +
      'keys and when the gateway has no identity in the partition.',
  })
  onboarding(@Root() account: Account, @Ctx() { services }: OperationContext): Promise<Onboarding | null> {
    return services.accounts.onboarding(account);
  }

  @FieldResolver(() => StoredAccessKeyType, { nullable: true, description: 'Null for a role.' })
  accessKey(
    @Root() { accessKey }: Account,
    @Ctx() { services }: OperationContext,
  ): StoredAccessKeyType | null {
    if (!accessKey) return null;
    const ageDays = accessKeyAgeDays(accessKey, services.clock.now());
    return { ...accessKey, ageDays, isOld: ageDays >= ACCESS_KEY_AGE_WARNING_DAYS };
  }

  @FieldResolver(() => AccountCostType)
  cost(@Root() account: Account, @Ctx() { loaders }: OperationContext): Promise<AccountCost> {
    return loaders.accountCosts.load(account);
  }

  @FieldResolver(() => ResourceConnectionType)
  resources(
    @Root() account: Account,
    @Arg('filter', () => ResourceFilterInput, { nullable: true }) filter: ResourceFilterInput | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<Resource>> {
    return listResources(context, within(account, toResourceFilter(filter)), null, page);
  }

  @FieldResolver(() => CollectionRunConnectionType, { description: 'The newest first.' })
  collectionRuns(
    @Root() account: Account,
    @Args(() => ShortPageArguments) page: ShortPageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<CollectionRun>> {
    return listRuns(context, { accountIds: [account.id] }, page);
  }
}

@Resolver(() => AccountConnectionType)
export class AccountConnectionResolver {
  @FieldResolver(() => [AccountStatusCountType], { description: 'Over the whole filter, not the page.' })
  statusCounts(
    @Root() { filter }: { filter: AccountFilter },
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<AccountStatusCountType[]> {
    return services.accountRepository.within(viewer).statusCounts(filter);
  }
}

/** The filter narrowed to one account. */
function within<F extends { accountIds?: number[] }>(account: Account, filter: F): F {
  const wanted = filter.accountIds;
  return { ...filter, accountIds: !wanted || wanted.includes(account.id) ? [account.id] : [] };
}
