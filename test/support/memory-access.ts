import { randomBytes } from 'node:crypto';
import type { Tenant } from '../../src/core/access/tenant-repository';
import { AccessService } from '../../src/core/access/access-service';
import type {
  ApiToken,
  NewApiToken,
  ScopedTokens,
  TokenRepository,
} from '../../src/core/access/token-repository';

/** Tenants without a tree: the first is the root. */
export class MemoryTenants {
  readonly rows: Tenant[] = [];

  createTenant(tenant: Omit<Tenant, 'id'>): Promise<Tenant> {
    const stored = { ...tenant, id: this.rows.length + 1 };
    this.rows.push(stored);
    return Promise.resolve(stored);
  }
  rootTenant(): Promise<Tenant | null> {
    return Promise.resolve(this.rows[0] ?? null);
  }
  async ensureRoot(root: Pick<Tenant, 'name' | 'createdAt'>): Promise<Tenant> {
    return this.rows[0] ?? this.createTenant({ ...root, parentId: null });
  }
}

/** Tokens in an array, which counts the reads. */
class MemoryTokens implements TokenRepository {
  readonly rows: ApiToken[] = [];
  reads = 0;

  within(): ScopedTokens {
    throw new Error('Scopes are the database’s: test them there');
  }
  insert(token: NewApiToken): Promise<ApiToken> {
    if (this.rows.some(({ lookupId }) => lookupId === token.lookupId)) {
      return Promise.reject(new Error('UNIQUE constraint failed'));
    }
    const stored = { ...token, id: this.rows.length + 1, revokedAt: null, lastUsedAt: null };
    this.rows.push(stored);
    return Promise.resolve(stored);
  }
  findByLookupId(lookupId: string): Promise<ApiToken | null> {
    this.reads++;
    return Promise.resolve(this.rows.find((token) => token.lookupId === lookupId) ?? null);
  }
  async revoke(id: number, at: number): Promise<void> {
    this.rows[id - 1].revokedAt ??= at;
  }
  async revokedOf(ids: readonly number[]): Promise<number[]> {
    return ids.filter((id) => this.rows[id - 1]?.revokedAt !== null);
  }
  async noteUse(id: number, at: number): Promise<void> {
    this.rows[id - 1].lastUsedAt = at;
  }
}

/** The root tenant and no token, at the instant 1,000. */
export async function memoryAccess() {
  const tenants = new MemoryTenants();
  const tokens = new MemoryTokens();
  let now = 1_000;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  /** A service as a new process has it, on the same rows. */
  const start = () => new AccessService({ tenants, tokens, clock, randomBytes });
  const access = start();
  const root = await access.ensureRootTenant('root');
  return {
    access,
    clock,
    root,
    start,
    tenants,
    tokens,
    advance: (milliseconds: number) => (now += milliseconds),
  };
}
