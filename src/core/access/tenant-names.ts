import { MAX_TENANT_DEPTH, type Tenant } from './tenant-repository';

const MAX_NAME_LENGTH = 128;

/** A slash would make a path of names ambiguous. */
export function isTenantName(name: string): boolean {
  return (
    name.length > 0 && name.length <= MAX_NAME_LENGTH && name.trim() === name && !/[\p{Cc}/]/u.test(name)
  );
}

/**
 * The names from below the root down to the tenant, such as `MSP/Acme`; of the root its own. No longer than a path can
 * be: who changed the table by hand may have made a circle.
 */
export function tenantPath(tenant: Tenant, tenants: readonly Tenant[]): string {
  const names = [tenant.name];
  const parentOf = ({ parentId }: Tenant) => tenants.find(({ id }) => id === parentId);
  let above = parentOf(tenant);
  while (above && above.parentId !== null && names.length < MAX_TENANT_DEPTH) {
    names.unshift(above.name);
    above = parentOf(above);
  }
  return names.join('/');
}

/**
 * The tenants that an operator may mean by `Acme`, or by `MSP/Acme` where several are called so. One whose whole path is
 * given goes before all others.
 */
export function tenantsNamed(tenants: readonly Tenant[], given: string): Tenant[] {
  const paths = tenants.map((tenant) => ({ tenant, path: tenantPath(tenant, tenants) }));
  const exact = paths.filter(({ path }) => path === given);
  const meant = exact.length > 0 ? exact : paths.filter(({ path }) => path.endsWith(`/${given}`));
  return meant.map(({ tenant }) => tenant);
}
