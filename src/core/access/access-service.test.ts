import { randomBytes } from 'node:crypto';
import { memoryAccess, MemoryTenants } from '../../../test/support/memory-access';
import { AccessService } from './access-service';
import { TokenUse } from './token-use';
import { TokenVerifier } from './token-verifier';

const CHOSEN = 'an-operator-chose-this-text-of-40-letters';
const OTHER = 'another-text-that-is-long-enough-for-a-token';

async function setUp() {
  const memory = await memoryAccess();
  const { clock, tokens } = memory;
  const use = new TokenUse({ tokens, clock, log: { warn: () => undefined } });
  /** Who presents the text to a process that has this service. */
  const viewerOf = async (text: string, { bootstrapTokens }: AccessService = memory.access) => {
    const signIn = await new TokenVerifier({ tokens, bootstrapTokens, use, clock }).verify(text);
    return 'viewer' in signIn ? signIn.viewer : null;
  };
  return { ...memory, viewerOf };
}

describe('AccessService', () => {
  it('makes the root tenant once', async () => {
    const { access, root, tenants } = await setUp();
    expect(await access.ensureRootTenant('another name')).toEqual(root);
    expect(await access.createTenant('customer')).toMatchObject({ name: 'customer', createdAt: 1_000 });
    expect(tenants.rows).toHaveLength(2);
  });
});

describe('the bootstrap token', () => {
  it('is made once when none is given', async () => {
    const { access, root, start, viewerOf } = await setUp();
    const secret = (await access.ensureBootstrapToken(null))!;
    expect(await viewerOf(secret)).toMatchObject({
      tenantId: root.id,
      role: 'ADMIN',
      actor: 'bootstrap',
    });
    expect(await start().ensureBootstrapToken(null)).toBeNull();
    expect(await viewerOf(secret, start())).not.toBeNull();
  });

  it('may be any text of 32 characters, and is stored as a hash once', async () => {
    const { access, start, tokens, viewerOf } = await setUp();
    expect(await access.ensureBootstrapToken(CHOSEN)).toBeNull();
    expect(await start().ensureBootstrapToken(CHOSEN)).toBeNull();
    expect(await start().ensureBootstrapToken(null)).toBeNull();
    expect(await viewerOf(CHOSEN, start())).toMatchObject({ role: 'ADMIN' });
    expect(await viewerOf(OTHER, start())).toBeNull();
    expect(tokens.rows).toHaveLength(1);
    expect(JSON.stringify(tokens.rows)).not.toContain(CHOSEN);
  });

  it('may be given back as it was made', async () => {
    const { access, start, tokens, viewerOf } = await setUp();
    const secret = (await access.ensureBootstrapToken(null))!;
    expect(await start().ensureBootstrapToken(secret)).toBeNull();
    expect(await viewerOf(secret, start())).not.toBeNull();
    expect(tokens.rows).toHaveLength(1);
  });

  it('may have the form of a token that this database does not know', async () => {
    const elsewhere = await setUp();
    const secret = (await elsewhere.access.ensureBootstrapToken(null))!;
    const foreign = await elsewhere.access.createToken({ tenantId: 1, name: 'x', role: 'VIEWER' });
    const { access, start, viewerOf } = await setUp();
    for (const text of [secret, foreign.secret]) {
      await access.ensureBootstrapToken(text);
      expect(await viewerOf(text, start())).toMatchObject({ role: 'ADMIN', actor: 'bootstrap' });
    }
  });

  it('is revoked when another one is given, and can come back', async () => {
    const { access, start, viewerOf } = await setUp();
    const made = (await access.ensureBootstrapToken(null))!;
    const isValid = async (text: string) => (await viewerOf(text)) !== null;
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
    const { access, start, tokens, viewerOf } = await setUp();
    const first = (await access.ensureBootstrapToken(null))!;
    await tokens.revoke(tokens.rows[0].id, 2_000);
    const second = (await start().ensureBootstrapToken(null))!;
    expect(await viewerOf(first)).toBeNull();
    expect(await viewerOf(second)).toMatchObject({ role: 'ADMIN' });
  });

  it('is one when two processes start at once', async () => {
    const { start, tokens } = await setUp();
    const made = await Promise.all([start().ensureBootstrapToken(null), start().ensureBootstrapToken(null)]);
    expect(made.filter((secret) => secret !== null)).toHaveLength(1);
    expect(tokens.rows).toHaveLength(1);
  });

  it('is refused when no header brings it over, or it is a broken token, or in the form of a JWT', async () => {
    const { access, tokens } = await setUp();
    const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzb21lYm9keSJ9.';
    const words = 'correct horse battery staple and more';
    const foreign = 'ü'.repeat(40);
    const lengths = ['x'.repeat(31), 'x'.repeat(1025)];
    for (const text of [
      jwt,
      words,
      foreign,
      ...lengths,
      `${'x'.repeat(40)}\n`,
      `rcl_boot00000001_${'x'.repeat(49)}`,
    ]) {
      await expect(access.ensureBootstrapToken(text)).rejects.toThrow('ROLECALL_ADMIN_TOKEN');
    }
    expect(tokens.rows).toHaveLength(0);
  });

  it('needs the root tenant', async () => {
    const { clock, tokens } = await memoryAccess();
    const access = new AccessService({ tenants: new MemoryTenants(), tokens, clock, randomBytes });
    await expect(access.ensureBootstrapToken(null)).rejects.toThrow('ensureRootTenant');
  });
});
