import { memoryAccess } from '../../../test/support/memory-access';
import { TokenUse } from './token-use';
import { TokenVerifier } from './token-verifier';

async function setUp() {
  const memory = await memoryAccess();
  const { access, clock, tokens } = memory;
  const noted = jest.spyOn(tokens, 'noteUse');
  const warn = jest.fn();
  const use = new TokenUse({ tokens, clock, log: { warn } });
  const verifier = new TokenVerifier({ tokens, bootstrapTokens: access.bootstrapTokens, use, clock });
  const create = (name: string, expiresAt?: number) =>
    access.createToken({ tenantId: memory.root.id, name, role: 'VIEWER', expiresAt });
  return { ...memory, create, noted, verifier, warn };
}

const UNKNOWN = { refused: 'UNKNOWN', tenantId: null };

describe('TokenVerifier', () => {
  it('knows the owner of a token, and no secret is stored', async () => {
    const { create, root, tokens, verifier } = await setUp();
    const { token, secret } = await create('grafana', 5_000);
    expect(await verifier.verify(secret)).toEqual({
      viewer: { tenantId: root.id, role: 'VIEWER', actor: 'grafana', tokenId: token.id, expiresAt: 5_000 },
    });
    expect(JSON.stringify(tokens.rows)).not.toContain(secret.split('_')[2].slice(0, 43));
  });

  it('refuses a right form with a wrong secret', async () => {
    const { create, tokens, verifier } = await setUp();
    const one = await create('one');
    const two = await create('two');
    tokens.rows[0].secretHash = two.token.secretHash;
    const presented = `rcl_${one.token.lookupId}`;
    expect(await verifier.verify(one.secret)).toEqual({ ...UNKNOWN, presented });
  });

  it('refuses a mistyped token without a read, and what no token can be', async () => {
    const { create, tokens, verifier } = await setUp();
    const { secret } = await create('one');
    tokens.reads = 0;
    for (const text of [secret.slice(0, -1), `${secret}x`, `${secret.slice(0, -1)}!`, 'rcl_']) {
      expect(await verifier.verify(text)).toEqual({ refused: 'MISTYPED', tenantId: null, presented: null });
    }
    for (const text of ['', 'short']) {
      expect(await verifier.verify(text)).toEqual({ ...UNKNOWN, presented: null });
    }
    expect(tokens.reads).toBe(0);
  });

  it('refuses an expired and a revoked token, and tells whose it was', async () => {
    const { advance, create, root, tokens, verifier } = await setUp();
    const brief = await create('a', 2_000);
    const revoked = await create('b');
    expect(await verifier.verify(brief.secret)).toHaveProperty('viewer');
    expect(await verifier.verify(revoked.secret)).toHaveProperty('viewer');
    advance(1_000);
    await tokens.revoke(revoked.token.id, 2_000);
    for (const [refused, { token, secret }] of [
      ['EXPIRED', brief],
      ['REVOKED', revoked],
    ] as const) {
      const presented = `rcl_${token.lookupId}`;
      expect(await verifier.verify(secret)).toEqual({ refused, tenantId: root.id, presented });
    }
  });
});

describe('the last use of a token', () => {
  it('is noted once a minute, and not at all for who is refused', async () => {
    const { advance, create, noted, tokens, verifier } = await setUp();
    const { token, secret } = await create('one');
    await Promise.all([verifier.verify(secret), verifier.verify(secret)]);
    advance(59_999);
    await verifier.verify(secret);
    expect(noted.mock.calls).toEqual([[token.id, 1_000, -59_000]]);
    advance(1);
    await verifier.verify(secret);
    expect(tokens.rows[0].lastUsedAt).toBe(61_000);
    await tokens.revoke(token.id, 61_000);
    advance(60_000);
    await verifier.verify(secret);
    expect(noted).toHaveBeenCalledTimes(2);
  });

  it('is not noted again when another process has just done it', async () => {
    const { create, noted, tokens, verifier } = await setUp();
    const { secret } = await create('one');
    tokens.rows[0].lastUsedAt = 900;
    await verifier.verify(secret);
    expect(noted).not.toHaveBeenCalled();
  });

  it('delays nobody and refuses nobody when it cannot be noted', async () => {
    const { create, noted, verifier, warn } = await setUp();
    const { secret } = await create('one');
    noted.mockRejectedValueOnce(new Error('disk full'));
    expect(await verifier.verify(secret)).toHaveProperty('viewer');
    await new Promise(setImmediate);
    expect(warn).toHaveBeenCalledTimes(1);
    await verifier.verify(secret);
    expect(noted).toHaveBeenCalledTimes(2);
    noted.mockReturnValueOnce(new Promise(() => undefined));
    expect(await verifier.verify(secret)).toHaveProperty('viewer');
  });
});
