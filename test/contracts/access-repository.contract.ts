import type { AccessRepository, ApiToken } from '../../src/core/access/access-repository';

export interface AccessRepositoryFixture {
  access: AccessRepository;
  close(): Promise<void>;
}

/** What every AccessRepository keeps to. */
export function describeAccessRepository(name: string, make: () => Promise<AccessRepositoryFixture>): void {
  describe(`AccessRepository: ${name}`, () => {
    let fixture: AccessRepositoryFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(() => fixture.close());

    test('the first tenant ever made is the root; names are unique', async () => {
      const { access } = fixture;
      expect(await access.rootTenant()).toBeNull();
      const root = await access.createTenant({ name: 'root', createdAt: 5 });
      const other = await access.createTenant({ name: 'other', createdAt: 1 });
      expect(await access.rootTenant()).toEqual(root);
      expect(await access.findTenant(other.id)).toEqual({ id: other.id, name: 'other', createdAt: 1 });
      expect(await access.findTenantByName('other')).toEqual(other);
      expect(await access.findTenantByName('none')).toBeNull();
      expect(await access.findTenant(0)).toBeNull();
      await expect(access.createTenant({ name: 'root', createdAt: 6 })).rejects.toThrow();
    });

    test('finds a token by its public part; the first revocation stands', async () => {
      const { access } = fixture;
      const { id: tenantId } = await access.createTenant({ name: 'root', createdAt: 5 });
      const given: Omit<ApiToken, 'id'> = {
        tenantId,
        name: 'ci',
        role: 'OPERATOR',
        lookupId: 'abc',
        secretHash: 'hash',
        createdAt: 1,
        expiresAt: 100,
        revokedAt: null,
      };
      const token = await access.createToken(given);
      expect(await access.findTokenByLookupId('abc')).toEqual({ ...given, id: token.id });
      expect(await access.findTokenByLookupId('ab')).toBeNull();
      await expect(access.createToken(given)).rejects.toThrow();
      await access.revokeToken(token.id, 7);
      await access.revokeToken(token.id, 8);
      expect(await access.findTokenByLookupId('abc')).toEqual({ ...token, revokedAt: 7 });
    });
  });
}
