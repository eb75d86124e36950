import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import type { Tenant } from '../../core/access/access-repository';
import type { Viewer } from '../../core/access/viewer';
import type { Account } from '../../core/accounts/account';
import { listAccounts } from '../accounts/account.resolver';
import { AccountConnectionType } from '../accounts/account.types';
import type { OperationContext } from '../context';
import type { Connection } from '../relay/connection';
import { toGlobalId } from '../relay/global-id';
import { PageArguments } from '../relay/page-arguments';
import { RequiresRole } from '../required-role';
import { TenantType } from './tenant.types';
import { ViewerType } from './viewer.types';

@Resolver(() => ViewerType)
export class ViewerResolver {
  @RequiresRole('VIEWER')
  @Query(() => ViewerType, { description: 'The caller: its tenant and role.' })
  viewer(@Ctx() { viewer }: OperationContext): Viewer {
    return viewer;
  }

  @FieldResolver(() => TenantType)
  tenant(@Root() viewer: Viewer, @Ctx() { loaders }: OperationContext): Promise<Tenant | null> {
    return loaders.tenants.load(viewer.tenantId);
  }
}

@Resolver(() => TenantType)
export class TenantResolver {
  @FieldResolver(() => ID)
  id(@Root() tenant: Tenant): string {
    return toGlobalId('Tenant', tenant.id);
  }

  @FieldResolver(() => AccountConnectionType, { description: 'By name.' })
  accounts(
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<Account>> {
    return listAccounts(context, {}, { field: 'NAME', direction: 'ASC' }, page);
  }
}
