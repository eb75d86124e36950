import type { AccountRepository } from '../../src/core/accounts/account-repository';
import type { SealedKeyRepository } from '../../src/core/accounts/sealed-key-repository';
import { newAccount, PASSED } from './samples';

export interface SealedKeyRepositoryFixture {
  sealedKeys: SealedKeyRepository;
  accounts: AccountRepository;
  /** Two tenants. */
  tenants: [number, number];
  /** The `detail` of what was audited in a tenant. */
  audited(tenantId: number): Promise<unknown[]>;
  close(): Promise<void>;
}

/** What every SealedKeyRepository keeps to. */
export function describeSealedKeyRepository(
  name: string,
  make: () => Promise<SealedKeyRepositoryFixture>,
): void {
  describe(`SealedKeyRepository: ${name}`, () => {
    let fixture: SealedKeyRepositoryFixture;
    beforeEach(async () => (fixture = await make()));
    afterEach(() => fixture.close());

    async function connect(tenantId: number, sealed: string | null, awsAccountId: string): Promise<number> {
      const { id } = await fixture.accounts.insert(newAccount(tenantId, { externalId: awsAccountId }));
      await fixture.accounts.connect(id, ['AWAITING_ROLE'], {
        tenantId,
        awsAccountId,
        roleArn: sealed === null ? `arn:aws:iam::${awsAccountId}:role/rolecall` : null,
        sealedAccessKey: sealed,
        accessKey: sealed === null ? null : { idEnding: 'ABCD', storedAt: 5_000 },
        waiver: null,
        verification: PASSED,
        nextVerificationAt: 6_000,
        at: 5_000,
      });
      return id;
    }

    test('lists the keys of all tenants, and accounts without one never', async () => {
      const { sealedKeys, accounts, tenants } = fixture;
      const [mine, other] = tenants;
      const first = await connect(mine, 'one', '111111111111');
      await connect(mine, null, '222222222222');
      const second = await connect(other, 'two', '333333333333');
      const removed = await connect(other, 'three', '444444444444');
      await accounts.remove(removed, true, 7_000);
      expect(await sealedKeys.page(0, 1)).toEqual([{ accountId: first, tenantId: mine, sealed: 'one' }]);
      expect(await sealedKeys.page(first, 10)).toEqual([
        { accountId: second, tenantId: other, sealed: 'two' },
      ]);
      expect(await sealedKeys.page(second, 10)).toEqual([]);
    });

    const replace = (id: number, from: string, to: string) => {
      const audit = { tenantId: fixture.tenants[0], actor: 'gateway', action: 'secret.rewrapped' } as const;
      return fixture.sealedKeys.replace(id, from, to, { ...audit, accountId: id, detail: { to } }, 9_000);
    };

    test('replaces what is still there, and nothing else, with its entry in the audit log', async () => {
      const { accounts, tenants } = fixture;
      const id = await connect(tenants[0], 'one', '111111111111');
      const before = await accounts.load(id);
      expect(await replace(id, 'another', 'two')).toBe(false);
      expect(await accounts.sealedAccessKey(id)).toBe('one');
      expect(await replace(id, 'one', 'two')).toBe(true);
      expect(await accounts.sealedAccessKey(id)).toBe('two');
      expect(await accounts.load(id)).toEqual(before);
      await accounts.remove(id, true, 7_000);
      expect(await replace(id, 'two', 'three')).toBe(false);
      expect(await accounts.sealedAccessKey(id)).toBeNull();
      expect(await fixture.audited(tenants[0])).toEqual([{ to: 'two' }]);
    });

    test('of two who replace the same, one does', async () => {
      const { tenants } = fixture;
      const id = await connect(tenants[0], 'one', '111111111111');
      const done = await Promise.all(['two', 'three'].map((to) => replace(id, 'one', to)));
      expect(done.filter(Boolean)).toHaveLength(1);
      expect(await fixture.audited(tenants[0])).toHaveLength(1);
    });
  });
}
