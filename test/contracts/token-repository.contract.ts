import type { NewApiToken, TokenRepository } from '../../src/core/access/token-repository';
import { allPages } from './pages';

export interface TokenRepositoryFixture {
  tokens: TokenRepository;
  tenantId: number;
  /** Above both tenants. */
  parentId: number;
  otherTenantId: number;
  close(): Promise<void>;
}

/** What every TokenRepository keeps to. */
export function describeTokenRepository(name: string, make: () => Promise<TokenRepositoryFixture>): void {
  describe(`TokenRepository: ${name}`, () => {
    let fixture: TokenRepositoryFixture;
    let tokens: TokenRepository;
    let made = 0;
    beforeEach(async () => {
      fixture = await make();
      tokens = fixture.tokens;
    });
    afterEach(() => fixture.close());

    const given = (token: Partial<NewApiToken> = {}): NewApiToken => ({
      tenantId: fixture.tenantId,
      name: 'grafana',
      role: 'VIEWER',
      lookupId: `lookup${++made}`,
      secretHash: 'ab'.repeat(32),
      createdAt: 1,
      expiresAt: null,
      ...token,
    });
    const stored = async (lookupId: string) => (await tokens.findByLookupId(lookupId))!;

    test('a token comes back as it was given, by its lookup id, which is unique', async () => {
      const token = given({ expiresAt: 9 });
      const inserted = await tokens.insert(token);
      expect(inserted).toEqual({ ...token, id: expect.any(Number), revokedAt: null, lastUsedAt: null });
      expect(await tokens.findByLookupId(token.lookupId)).toEqual(inserted);
      expect(await tokens.findByLookupId('nobody')).toBeNull();
      await expect(tokens.insert(token)).rejects.toThrow();
    });

    test('a scope holds the tokens of its tenant and of those below, and no others', async () => {
      const ours = await tokens.insert(given());
      const theirs = await tokens.insert(given({ tenantId: fixture.otherTenantId }));
      const above = await tokens.insert(given({ tenantId: fixture.parentId }));
      const ids = [theirs.id, 0, ours.id, above.id];
      for (const [tenantId, seen] of [
        [fixture.tenantId, [ours]],
        [fixture.otherTenantId, [theirs]],
        [fixture.parentId, [above, theirs, ours]],
        [0, []],
      ] as const) {
        const scope = tokens.within({ tenantId });
        expect(await allPages((page) => scope.list(page), 2)).toEqual(seen);
        expect(await scope.findMany(ids)).toEqual(
          ids.map((id) => seen.find((token) => token.id === id) ?? null),
        );
        expect((await scope.list({ first: 1, after: null })).totalCount).toBe(seen.length);
      }
    });

    test('a scope revokes its own tokens alone, and the first time counts', async () => {
      const ours = await tokens.insert(given());
      const theirs = await tokens.insert(given({ tenantId: fixture.otherTenantId }));
      const scope = tokens.within({ tenantId: fixture.tenantId });
      expect(await scope.revoke(theirs.id, 5)).toBeNull();
      expect(await scope.revoke(0, 5)).toBeNull();
      expect(await stored(theirs.lookupId)).toEqual(theirs);
      expect(await scope.revoke(ours.id, 5)).toEqual({ ...ours, revokedAt: 5 });
      expect(await scope.revoke(ours.id, 6)).toEqual({ ...ours, revokedAt: 5 });
      expect(await tokens.within({ tenantId: fixture.parentId }).revoke(theirs.id, 7)).toMatchObject({
        revokedAt: 7,
      });
    });

    test('those that were revoked are told from the others', async () => {
      const [a, b, c] = [
        await tokens.insert(given()),
        await tokens.insert(given()),
        await tokens.insert(given()),
      ];
      await tokens.revoke(b.id, 5);
      await tokens.revoke(b.id, 6);
      expect(await stored(b.lookupId)).toMatchObject({ revokedAt: 5 });
      expect(await tokens.revokedOf([a.id, b.id, c.id, 0])).toEqual([b.id]);
      expect(await tokens.revokedOf([])).toEqual([]);
    });

    test('a use is noted unless one is noted that is recent', async () => {
      const { id, lookupId } = await tokens.insert(given());
      const lastUse = async () => (await stored(lookupId)).lastUsedAt;
      await tokens.noteUse(id, 100, 40);
      expect(await lastUse()).toBe(100);
      await tokens.noteUse(id, 159, 99);
      expect(await lastUse()).toBe(100);
      await tokens.noteUse(id, 160, 100);
      expect(await lastUse()).toBe(160);
    });
  });
}
