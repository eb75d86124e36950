import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Tenant } from '../../core/access/tenant-repository';
import type { Viewer } from '../../core/access/viewer';
import type { OperationContext } from '../context';
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
