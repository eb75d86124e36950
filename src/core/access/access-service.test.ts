import { randomBytes } from 'node:crypto';
import type { AccessRepository, ApiToken, Tenant } from './access-repository';
import { AccessService } from './access-service';

const CHOSEN = 'an-operator-chose-this-text-of-40-letters';
const OTHER = 'another-text-that-is-long-enough-for-a-token';

class MemoryAccess implements AccessRepository {
  readonly tenants: Tenant[] = [];
  readonly tokens: ApiToken[] = [];
  reads = 0;

  createTenant(tenant: Omit<Tenant, 'id'>): Promise<Tenant> {
    const stored = { ...tenant, id: this.tenants.length + 1 };
    this.tenants.push(stored);
    return Promise.resolve(stored);
  }
  rootTenant(): Promise<Tenant | null> {
    return Promise.resolve(this.tenants[0] ?? null);
  }
  findTenant(id: number): Promise<Tenant | null> {
    return Promise.resolve(this.tenants.find((tenant) => tenant.id === id) ?? null);
  }
  findTenantByName(name: string): Promise<Tenant | null> {
    return Promise.resolve(this.tenants.find((tenant) => tenant.name === name) ?? null);
  }
  createToken(token: Omit<ApiToken, 'id'>): Promise<ApiToken> {
    if (this.tokens.some(({ lookupId }) => lookupId === token.lookupId)) {
      return Promise.reject(new Error('UNIQUE constraint failed'));
    }
    const stored = { ...token, id: this.tokens.length + 1 };
    this.tokens.push(stored);
    return Promise.resolve(stored);
  }
  findTokenByLookupId(lookupId: string): Promise<ApiToken | null> {
    this.reads++;
    return Promise.resolve(this.tokens.find((token) => token.lookupId === lookupId) ?? null);
  }
  revokeToken(id: number, at: number): Promise<void> {
    this.tokens.find((token) => token.id === id)!.revokedAt ??= at;
    return Promise.resolve();
  }
}

async function setUp() {
  const repository = new MemoryAccess();
  let now = 1_000;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  /** A service as a new process has it, on the same rows. */
  const start = () => new AccessService({ repository, clock, randomBytes });
  const access = start();
  const root = await access.ensureRootTenant('root');
  return { access, repository, root, start, advance: (milliseconds: number) => (now += milliseconds) };
}

describe('AccessService', () => {
  it('makes the root tenant once', async () => {
    const { access, root, repository } = await setUp();
    expect(await access.ensureRootTenant('another name')).toEqual(root);
    expect(await access.createTenant('customer')).toMatchObject({ name: 'customer', createdAt: 1_000 });
    expect(repository.tenants).toHaveLength(2);
  });

  it('knows the owner of a token, and stores no secret', async () => {
    const { access, root, repository } = await setUp();
    const { token, secret } = await access.createToken({
      tenantId: root.id,
      name: 'grafana',
      role: 'VIEWER',
    });
    expect(await access.authenticate(secret)).toEqual({
      tenantId: root.id,
      role: 'VIEWER',
      actor: 'grafana',
      tokenId: token.id,
    });
    expect(JSON.stringify(repository.tokens)).not.toContain(secret.split('_')[2].slice(0, 43));
  });

  it('refuses a right form with a wrong secret', async () => {
    const { access, root, repository } = await setUp();
    const one = await access.createToken({ tenantId: root.id, name: 'one', role: 'VIEWER' });
    const two = await access.createToken({ tenantId: root.id, name: 'two', role: 'ADMIN' });
    repository.tokens[0].secretHash = two.token.secretHash;
    expect(await access.authenticate(one.secret)).toBeNull();
  });

  it('refuses a mistyped token without a read', async () => {
    const { access, root, repository } = await setUp();
    const { secret } = await access.createToken({ tenantId: root.id, name: 'one', role: 'VIEWER' });
    repository.reads = 0;
    for (const text of [secret.slice(0, -1), `${secret}x`, `${secret.slice(0, -1)}!`, 'rcl_', '', 'short']) {
      expect(await access.authenticate(text)).toBeNull();
    }
    expect(repository.reads).toBe(0);
  });

  it('refuses an expired and a revoked token', async () => {
    const { access, root, repository, advance } = await setUp();
    const brief = await access.createToken({
      tenantId: root.id,
      name: 'a',
      role: 'VIEWER',
      expiresAt: 2_000,
    });
    const revoked = await access.createToken({ tenantId: root.id, name: 'b', role: 'VIEWER' });
    expect(await access.authenticate(brief.secret)).not.toBeNull();
    advance(1_000);
    expect(await access.authenticate(brief.secret)).toBeNull();
    expect(await access.authenticate(revoked.secret)).not.toBeNull();
    await repository.revokeToken(revoked.token.id, 2_000);
    expect(await access.authenticate(revoked.secret)).toBeNull();
  });
});

describe('the bootstrap token', () => {
  it('is made once when none is given', async () => {
    const { access, root, start } = await setUp();
    const secret = (await access.ensureBootstrapToken(null))!;
    expect(await access.authenticate(secret)).toMatchObject({
      tenantId: root.id,
      role: 'ADMIN',
      actor: 'bootstrap',
    });
    expect(await start().ensureBootstrapToken(null)).toBeNull();
    expect(await start().authenticate(secret)).not.toBeNull();
  });

  it('may be any text of 32 characters, and is stored as a hash once', async () => {
    const { access, repository, start } = await setUp();
    expect(await access.ensureBootstrapToken(CHOSEN)).toBeNull();
    expect(await start().ensureBootstrapToken(CHOSEN)).toBeNull();
    expect(await start().ensureBootstrapToken(null)).toBeNull();
    expect(await start().authenticate(CHOSEN)).toMatchObject({ role: 'ADMIN' });
    expect(await start().authenticate(OTHER)).toBeNull();
    expect(repository.tokens).toHaveLength(1);
    expect(JSON.stringify(repository.tokens)).not.toContain(CHOSEN);
  });

  it('may be given back as it was made', async () => {
    const { access, repository, start } = await setUp();
    const secret = (await access.ensureBootstrapToken(null))!;
    expect(await start().ensureBootstrapToken(secret)).toBeNull();
    expect(await start().authenticate(secret)).not.toBeNull();
    expect(repository.tokens).toHaveLength(1);
  });

  it('may have the form of a token that this database does not know', async () => {
    const elsewhere = await setUp();
    const secret = (await elsewhere.access.ensureBootstrapToken(null))!;
    const foreign = await elsewhere.access.createToken({ tenantId: 1, name: 'x', role: 'VIEWER' });
    const { access, start } = await setUp();
    for (const text of [secret, foreign.secret]) {
      await access.ensureBootstrapToken(text);
      expect(await start().authenticate(text)).toMatchObject({ role: 'ADMIN', actor: 'bootstrap' });
    }
  });

  it('is revoked when another one is given, and can come back', async () => {
    const { access, start } = await setUp();
    const made = (await access.ensureBootstrapToken(null))!;
    const isValid = async (text: string) => (await access.authenticate(text)) !== null;
    await start().ensureBootstrapToken(CHOSEN);
    expect(await Promise.all([made, CHOSEN, OTHER].map(isValid))).toEqual([false, true, false]);
    await start().ensureBootstrapToken(OTHER);
    expect(await Promise.all([made, CHOSEN, OTHER].map(isValid))).toEqual([false, false, true]);
    await start().ensureBootstrapToken(CHOSEN);
    expect(await Promise.all([made, CHOSEN, OTHER].map(isValid))).toEqual([false, true, false]);
    await start().ensureBootstrapToken(made);
    expect(await Promise.all([made, CHOSEN, OTHER].map(isValid))).toEqual([true, false, false]);
  });

  it('is made anew after a revocation', async () => {
    const { access, repository, start } = await setUp();
    const first = (await access.ensureBootstrapToken(null))!;
    await repository.revokeToken(repository.tokens[0].id, 2_000);
    const second = (await start().ensureBootstrapToken(null))!;
    expect(await access.authenticate(first)).toBeNull();
    expect(await access.authenticate(second)).toMatchObject({ role: 'ADMIN' });
  });

  it('is one when two processes start at once', async () => {
    const { repository, start } = await setUp();
    const made = await Promise.all([start().ensureBootstrapToken(null), start().ensureBootstrapToken(null)]);
    expect(made.filter((secret) => secret !== null)).toHaveLength(1);
    expect(repository.tokens).toHaveLength(1);
  });

  it('is refused when too short, too long, or a broken token', async () => {
    const { access, repository } = await setUp();
    for (const text of ['x'.repeat(31), 'x'.repeat(1025), `rcl_boot00000001_${'x'.repeat(49)}`]) {
      await expect(access.ensureBootstrapToken(text)).rejects.toThrow('ROLECALL_ADMIN_TOKEN');
    }
    expect(repository.tokens).toHaveLength(0);
  });

  it('needs the root tenant', async () => {
    const access = new AccessService({
      repository: new MemoryAccess(),
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      randomBytes,
    });
    await expect(access.ensureBootstrapToken(null)).rejects.toThrow('ensureRootTenant');
  });
});
