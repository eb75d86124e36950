import type { Clock } from '../clock';
import { InvalidInputError, NotFoundError } from '../errors';
import type { TenantRepository, Tenant } from './tenant-repository';
import { isTenantName } from './tenant-names';
import type { TenantPaths } from './tenant-tree';
import type { TenantScope } from './viewer';

/** A tenant as a caller names it: null where the given id is no tenant's at all. */
export interface TenantRef {
  tenantId: number | null;
  /** What the caller gave, for the answer. */
  givenId: string;
}

/**
 * The commands on tenants, for an administrator of a tenant above. Every mistake is a DomainError; foreign and missing
 * tenants answer alike.
 */
export class TenantService {
  constructor(
    private readonly options: { tenants: TenantRepository; tree: TenantPaths; clock: Pick<Clock, 'now'> },
  ) {}

  /**
   * A tenant below `parent`; below the caller's own when that is left out.
   * @throws InvalidInputError, NotFoundError, ConflictError
   */
  async create(viewer: TenantScope, input: { name: string; parent?: TenantRef }): Promise<Tenant> {
    const { tenants, tree, clock } = this.options;
    const name = judgeTenantName(input.name);
    const parentId = input.parent ? (await this.find(viewer, input.parent, 'parentId')).id : viewer.tenantId;
    const tenant = await tenants.createTenant({ parentId, name, createdAt: clock.now() });
    await tree.refresh();
    return tenant;
  }

  /**
   * Renames or moves a tenant, and all that is below it along.
   * @throws InvalidInputError, NotFoundError, ConflictError
   */
  async update(
    viewer: TenantScope,
    ref: TenantRef,
    change: { name?: string; parent?: TenantRef },
  ): Promise<Tenant> {
    const { tenants, tree } = this.options;
    const tenant = await this.find(viewer, ref, 'tenantId');
    const name = change.name === undefined ? undefined : judgeTenantName(change.name);
    const isOwn = tenant.id === viewer.tenantId;
    // Nobody stands above the root: its own administrators name it.
    if (isOwn && (change.parent || tenant.parentId !== null)) {
      throw new InvalidInputError('RC_TENANT_OWN', 'Your own tenant is named and placed by those above it', {
        path: ['input', 'tenantId'],
      });
    }
    const parent = change.parent && (await this.find(viewer, change.parent, 'parentId'));
    const updated = await tenants.updateTenant(tenant.id, { name, parentId: parent?.id });
    await tree.refresh();
    return updated;
  }

  /** Whether the tenant is the scope's own or below it. */
  async isWithin(scope: TenantScope, tenantId: number): Promise<boolean> {
    return (await this.options.tenants.within(scope).find(tenantId)) !== null;
  }

  /** @throws NotFoundError RC_TENANT_NOT_FOUND */
  async find(scope: TenantScope, { tenantId, givenId }: TenantRef, field: string): Promise<Tenant> {
    const tenant = tenantId === null ? null : await this.options.tenants.within(scope).find(tenantId);
    if (tenant) return tenant;
    throw new NotFoundError('RC_TENANT_NOT_FOUND', `There is no tenant with the id ${givenId}`, givenId, {
      path: ['input', field],
    });
  }
}

/** As it is stored. @throws InvalidInputError */
function judgeTenantName(given: string): string {
  const name = given.trim();
  if (isTenantName(name)) return name;
  throw new InvalidInputError('RC_TENANT_NAME_INVALID', `A name of ${name.length} characters was given`, {
    path: ['input', 'name'],
  });
}
