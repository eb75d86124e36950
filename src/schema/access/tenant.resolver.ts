import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Tenant } from '../../core/access/tenant-repository';
import type { TenantRef } from '../../core/access/tenant-service';
import type { Account } from '../../core/accounts/account';
import { listAccounts } from '../accounts/account.resolver';
import { AccountConnectionType } from '../accounts/account.types';
import type { OperationContext } from '../context';
import { payload } from '../errors/payload';
import { connection, type Connection } from '../relay/connection';
import { keyOf, toGlobalId } from '../relay/global-id';
import { PageArguments } from '../relay/page-arguments';
import { RequiresRole } from '../required-role';
import {
  CreateTenantInput,
  CreateTenantPayload,
  TenantConnectionType,
  TenantType,
  UpdateTenantInput,
  UpdateTenantPayload,
} from './tenant.types';

@Resolver(() => TenantType)
export class TenantResolver {
  @RequiresRole('VIEWER')
  @Query(() => TenantConnectionType, { description: "The caller's tenant and those below it, by name." })
  tenants(
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<Tenant>> {
    return connection<Tenant>(context, {
      ...page,
      list: 'tenants',
      read: (request) => context.services.tenantRepository.within(context.viewer).list(request),
    });
  }

  @RequiresRole('ADMIN')
  @Mutation(() => CreateTenantPayload, {
    description: "A customer, a department: below the caller's tenant or one that is below that.",
  })
  createTenant(
    @Arg('input', () => CreateTenantInput) { name, parentId }: CreateTenantInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<CreateTenantPayload> {
    const parent = parentId == null ? undefined : tenantRef(parentId);
    return payload(async () => ({ tenant: await services.tenants.create(viewer, { name, parent }) }));
  }

  @RequiresRole('ADMIN')
  @Mutation(() => UpdateTenantPayload, {
    description:
      'Rename a tenant, or move it with all that is below it to another parent. For an ADMIN of a tenant above it and ' +
      'above its new place.',
  })
  updateTenant(
    @Arg('input', () => UpdateTenantInput) { tenantId, name, parentId }: UpdateTenantInput,
    @Ctx() { viewer, services }: OperationContext,
  ): Promise<UpdateTenantPayload> {
    const change = {
      name: name ?? undefined,
      parent: parentId == null ? undefined : tenantRef(parentId),
    };
    return payload(async () => ({
      tenant: await services.tenants.update(viewer, tenantRef(tenantId), change),
    }));
  }

  @FieldResolver(() => ID)
  id(@Root() tenant: Tenant): string {
    return toGlobalId('Tenant', tenant.id);
  }

  @FieldResolver(() => TenantType, {
    nullable: true,
    description: 'Null at the top of what the caller sees.',
  })
  parent(@Root() { parentId }: Tenant, @Ctx() { loaders }: OperationContext): Promise<Tenant | null> | null {
    return parentId === null ? null : loaders.tenants.load(parentId);
  }

  @FieldResolver(() => AccountConnectionType, {
    description: 'Of this tenant alone, not of those below it; by name.',
  })
  accounts(
    @Root() tenant: Tenant,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() context: OperationContext,
  ): Promise<Connection<Account>> {
    return listAccounts(context, { tenantIds: [tenant.id] }, { field: 'NAME', direction: 'ASC' }, page);
  }
}

/** The tenant of an input; the core answers NotFound when the id is none. */
export function tenantRef(givenId: string): TenantRef {
  return { tenantId: keyOf('Tenant', givenId), givenId };
}
