import type { Tenant } from '../core/access/tenant-repository';
import { tenantPath, tenantsNamed } from '../core/access/tenant-names';
import type { ApiToken } from '../core/access/token-repository';
import { parseToken, tokenPrefix } from '../core/access/tokens';
import { UsageError } from './usage-error';

/** The token that an operator means by its name, its prefix or all of it. @throws UsageError when there is none, or several */
export function tokenMeant(tokens: readonly ApiToken[], given: string): ApiToken {
  const lookupId = parseToken(given)?.lookupId ?? given.replace(/^rcl_/, '');
  const byPrefix = tokens.find((token) => token.lookupId === lookupId);
  if (byPrefix) return byPrefix;
  const named = tokens.filter(({ name }) => name === given);
  const good = named.filter(({ revokedAt }) => revokedAt === null);
  const meant = good.length > 0 ? good : named.slice(0, 1);
  // What was given may be a secret, mistyped: it is not repeated.
  if (meant.length === 0) throw new UsageError('there is no token of that name or prefix');
  if (meant.length === 1) return meant[0];
  const prefixes = meant.map((token) => tokenPrefix(token.lookupId)).join(' or ');
  throw new UsageError(`several tokens are called ${given}: give ${prefixes}`);
}

/** The tenant that an operator means by its name or path; null when it is new. @throws UsageError when several are called so */
export function tenantMeant(tenants: readonly Tenant[], given: string): Tenant | null {
  const meant = tenantsNamed(tenants, given);
  if (meant.length <= 1) return meant[0] ?? null;
  const paths = meant.map((tenant) => tenantPath(tenant, tenants)).join(' or ');
  throw new UsageError(`several tenants are called ${given}: give ${paths}`);
}
