import type { AccountReads, AccountRepository } from '../../src/core/accounts/account-repository';
import type { Account, AccountStatus, Verification } from '../../src/core/accounts/account';
import type { AuditRepository } from '../../src/core/audit/audit-repository';
import { allPages } from './pages';
import { activeExternalId, newAccount, PASSED } from './samples';

export interface AccountRepositoryFixture {
  accounts: AccountRepository;
  audit: Pick<AuditRepository, 'within'>;
  /** Two tenants. */
  tenants: [number, number];
  /** The one above both. */
  parentId: number;
  close(): Promise<void>;
}

const ROLE = {
  roleArn: 'arn:aws:iam::111122223333:role/rolecall',
  sealedAccessKey: null,
  accessKey: null,
};
const KEY = {
  roleArn: null,
  sealedAccessKey: 'sealed',
  accessKey: { idEnding: 'WXYZ', storedAt: 6_000 },
};
const AUDIT = { actor: 'gateway', action: 'trust.verified' as const };
const WAIVER = {
  checks: ['REFUSED_WITHOUT_EXTERNAL_ID' as const],
  ...{ grantedBy: 'someone', grantedAt: 6_000, expiresAt: 9_000 },
};

/** What every AccountRepository keeps to. */
export function describeAccountRepository(name: string, make: () => Promise<AccountRepositoryFixture>): void {
  describe(`AccountRepository: ${name}`, () => {
    let fixture: AccountRepositoryFixture;
    let accounts: AccountRepository;
    let tenantId: number;
    let names = 0;
    const insert = (varied: Partial<Parameters<typeof newAccount>[1]> = {}) =>
      accounts.insert(newAccount(tenantId, { externalId: `external ID ${++names}`, ...varied }));
    const facts = (how: typeof ROLE | typeof KEY, awsAccountId = '111122223333') => ({
      ...how,
      tenantId,
      awsAccountId,
      waiver: null,
      verification: PASSED,
      nextVerificationAt: 7_000,
      at: 6_000,
    });

    const proofOf = (verification: Verification) => ({
      ...{ verification, nextVerificationAt: 8_000, at: 7_500 },
      audit: { ...AUDIT, tenantId },
    });
    const save = (
      proved: Account,
      verification: Verification,
      standing: Parameters<AccountRepository['saveVerification']>[2] = () => null,
    ) => accounts.saveVerification(proved, proofOf(verification), standing);
    const move = (account: Account, to: number, sealed: string | null) =>
      accounts.move(account, to, sealed, { ...AUDIT, action: 'account.moved', tenantId: to }, 9_500);
    const movesOf = async (id: number) => {
      const log = fixture.audit.within({ tenantId: id });
      return allPages((page) => log.list({ actions: ['account.moved'] }, page), 10);
    };

    beforeEach(async () => {
      fixture = await make();
      accounts = fixture.accounts;
      tenantId = fixture.tenants[0];
    });
    afterEach(() => fixture.close());

    test('keeps what was given and starts AWAITING_ROLE with an ACTIVE external ID', async () => {
      const settings = {
        name: 'Größe 1',
        regions: ['eu-central-1'],
        plugins: ['ec2'],
        tagFilter: [{ key: 'env', values: ['prod'] }],
        metricProfiles: [
          {
            plugin: 'ec2',
            level: 'CUSTOM' as const,
            metrics: ['CPUUtilization'],
            periodSeconds: 60 as const,
          },
        ],
        labels: { team: 'a"b' },
        monthlyBudgetUsd: 12.5,
      };
      const account = await insert({ ...settings, externalId: 'mine' });
      expect(account).toMatchObject({
        ...settings,
        status: 'AWAITING_ROLE',
        nextCollectionAt: null,
        tenantId,
      });
      expect(account.externalIds).toEqual([activeExternalId('mine', 1_000)]);
      expect(await accounts.within({ tenantId }).find(account.id)).toEqual(account);
      expect(await accounts.load(account.id)).toEqual(account);
    });

    test('answers in the order of ids, and another tenant’s account as a missing one', async () => {
      const [a, b] = [await insert(), await insert()];
      const own = accounts.within({ tenantId });
      expect(await own.findMany([b.id, 999, a.id, b.id])).toEqual([b, null, a, b]);
      const foreign = accounts.within({ tenantId: fixture.tenants[1] });
      expect(await foreign.findMany([a.id])).toEqual([null]);
      expect(await foreign.find(a.id)).toBeNull();
      const first = { first: 10, after: null };
      const byName = { field: 'NAME', direction: 'ASC' } as const;
      expect(await foreign.list({ ids: [a.id] }, byName, first)).toMatchObject({
        totalCount: 0,
        items: [],
      });
    });

    test('shows the tenant above what is of both, and lets it choose', async () => {
      const mine = await insert({ name: 'a' });
      tenantId = fixture.tenants[1];
      const theirs = await insert({ name: 'b' });
      const above = accounts.within({ tenantId: fixture.parentId });
      expect(await above.findMany([theirs.id, mine.id])).toEqual([theirs, mine]);
      const byName = { field: 'NAME', direction: 'ASC' } as const;
      const found = async (tenantIds?: number[]) =>
        (await above.list({ tenantIds }, byName, { first: 10, after: null })).items.map(
          ({ item }) => item.id,
        );
      expect(await found()).toEqual([mine.id, theirs.id]);
      expect(await found([tenantId])).toEqual([theirs.id]);
      expect(await found([fixture.parentId])).toEqual([]);
      expect(await above.statusCounts({})).toEqual([{ status: 'AWAITING_ROLE', count: 2 }]);
      expect(await above.statusCounts({ tenantIds: [tenantId] })).toEqual([
        { status: 'AWAITING_ROLE', count: 1 },
      ]);
    });

    test('moves to another tenant with the key sealed for it', async () => {
      const { id } = await insert({ externalId: 'x' });
      await accounts.connect(id, ['AWAITING_ROLE'], facts(KEY));
      const before = (await accounts.load(id))!;
      const [from, to] = fixture.tenants;
      expect(await move(before, to, 'sealed anew')).toBe('MOVED');
      expect(await accounts.load(id)).toEqual({ ...before, tenantId: to });
      expect(await accounts.sealedAccessKey(id)).toBe('sealed anew');
      expect(await accounts.within({ tenantId: from }).find(id)).toBeNull();
      expect(await accounts.within({ tenantId: to }).find(id)).not.toBeNull();
      expect(await movesOf(to)).toMatchObject([{ tenantId: to, actor: 'gateway', at: 9_500 }]);
      expect(await movesOf(from)).toEqual([]);
    });

    test('moves nothing where the move cannot be audited', async () => {
      const account = await insert();
      const audit = { ...AUDIT, tenantId: 999_999 };
      await expect(accounts.move(account, fixture.tenants[1], null, audit, 1)).rejects.toThrow();
      expect(await accounts.load(account.id)).toEqual(account);
    });

    test('moves nothing that has changed since: not its tenant, not its connection', async () => {
      const { id } = await insert();
      await accounts.connect(id, ['AWAITING_ROLE'], facts(KEY));
      const byKey = (await accounts.load(id))!;
      await accounts.connect(id, ['CONNECTED'], facts(ROLE));
      expect(await move(byKey, fixture.tenants[1], 'sealed anew')).toBe('CHANGED');
      expect(await movesOf(fixture.parentId)).toEqual([]);
      expect(await accounts.sealedAccessKey(id)).toBeNull();
      const byRole = (await accounts.load(id))!;
      expect(await move(byRole, fixture.parentId, null)).toBe('MOVED');
      expect(await move(byRole, fixture.tenants[1], null)).toBe('CHANGED');
      expect(await accounts.load(id)).toMatchObject({ tenantId: fixture.parentId });
    });

    test('moves nothing to where the same AWS account is connected', async () => {
      const { id } = await insert();
      await accounts.connect(id, ['AWAITING_ROLE'], facts(ROLE));
      const account = (await accounts.load(id))!;
      tenantId = fixture.tenants[1];
      const other = await insert();
      await accounts.connect(other.id, ['AWAITING_ROLE'], facts(ROLE));
      expect(await move(account, tenantId, null)).toBe('CONNECTED_THERE');
      expect(await accounts.load(id)).toEqual(account);
      await accounts.remove(other.id, true, 9_000);
      expect(await move(account, tenantId, null)).toBe('MOVED');
    });

    test('connects by role or by key; a role destroys the key, and the external ID is activated once', async () => {
      const { id } = await insert({ externalId: 'x' });
      expect(await accounts.connect(id, ['AWAITING_ROLE'], facts(KEY))).toBe(true);
      expect(await accounts.load(id)).toMatchObject({
        status: 'CONNECTED',
        connection: 'ACCESS_KEY',
        roleArn: null,
      });
      expect(await accounts.sealedAccessKey(id)).toBe('sealed');
      expect(JSON.stringify(await accounts.load(id))).not.toContain('sealed');
      expect(await accounts.connect(id, [], facts(ROLE))).toBe(false);
      expect(await accounts.connect(id, ['CONNECTED'], facts(ROLE))).toBe(true);
      expect(await accounts.sealedAccessKey(id)).toBeNull();
      const connected = (await accounts.load(id))!;
      expect(connected).toMatchObject({ connection: 'ROLE', roleArn: ROLE.roleArn, verification: PASSED });
      expect(connected.externalIds[0]).toMatchObject({ activatedAt: 6_000 });
    });

    test('connects an AWS account once in a tenant, even when two try at once; again after a removal', async () => {
      const [a, b, c] = [await insert(), await insert(), await insert()];
      const both = await Promise.all(
        [a, b].map(({ id }) => accounts.connect(id, ['AWAITING_ROLE'], facts(ROLE))),
      );
      expect(both.filter(Boolean)).toHaveLength(1);
      const [winner, loser] = both[0] ? [a, b] : [b, a];
      expect(await accounts.load(loser.id)).toEqual(loser);
      expect(await accounts.connect(c.id, ['AWAITING_ROLE'], facts(ROLE, '444455556666'))).toBe(true);
      await accounts.changeStatus(winner.id, ['CONNECTED'], 'PAUSED', null);
      expect(await accounts.connect(loser.id, ['AWAITING_ROLE'], facts(ROLE))).toBe(false);
      await accounts.remove(winner.id, true, 7_000);
      expect(await accounts.connect(loser.id, ['AWAITING_ROLE'], facts(ROLE))).toBe(true);
      tenantId = fixture.tenants[1];
      expect(await accounts.connect((await insert()).id, ['AWAITING_ROLE'], facts(ROLE))).toBe(true);
    });

    test('keeps a waiver and the age of a key as long as the connection that they came with', async () => {
      const { id } = await insert();
      await accounts.connect(id, ['AWAITING_ROLE'], { ...facts(KEY), waiver: WAIVER });
      expect(await accounts.load(id)).toMatchObject({
        waiver: WAIVER,
        accessKey: KEY.accessKey,
        nextVerificationAt: 7_000,
      });
      await accounts.connect(id, ['CONNECTED'], facts(ROLE));
      expect(await accounts.load(id)).toMatchObject({ waiver: null, accessKey: null });
    });

    test('connects nothing that was moved to another tenant meanwhile', async () => {
      const { id } = await insert();
      const elsewhere = { ...facts(KEY), tenantId: fixture.tenants[1] };
      expect(await accounts.connect(id, ['AWAITING_ROLE'], elsewhere)).toBe(false);
      expect(await accounts.load(id)).toMatchObject({ status: 'AWAITING_ROLE' });
      expect(await accounts.sealedAccessKey(id)).toBeNull();
    });

    test('stores no proof of a connection that is no longer there', async () => {
      const { id } = await insert();
      await accounts.connect(id, ['AWAITING_ROLE'], facts(KEY));
      const byKey = (await accounts.load(id))!;
      await accounts.connect(id, ['CONNECTED'], facts(ROLE));
      const byRole = (await accounts.load(id))!;
      const failed = { ...PASSED, ok: false };
      expect(await save(byKey, failed)).toBeNull();
      expect(await accounts.load(id)).toEqual(byRole);
      expect(await save(byRole, failed)).toEqual({ from: 'CONNECTED', to: 'CONNECTED' });
      await accounts.connect(id, ['CONNECTED'], { ...facts(ROLE), roleArn: `${ROLE.roleArn}-2` });
      expect(await save(byRole, failed)).toBeNull();
    });

    test('stores a proof with the status that it leads to from the present one, and its audit entry', async () => {
      const { id } = await insert();
      await accounts.connect(id, ['AWAITING_ROLE'], facts(ROLE));
      const proved = (await accounts.load(id))!;
      await accounts.changeStatus(id, ['CONNECTED'], 'DEGRADED', 'meanwhile');
      const seen: unknown[] = [];
      const moved = await save(proved, PASSED, (present) => {
        seen.push(present);
        return { status: 'INSECURE', statusReason: 'open' };
      });
      expect(moved).toEqual({ from: 'DEGRADED', to: 'INSECURE' });
      expect(seen).toEqual([{ status: 'DEGRADED', statusReason: 'meanwhile', verification: PASSED }]);
      expect(await accounts.load(id)).toMatchObject({
        ...{ status: 'INSECURE', statusReason: 'open' },
        ...{ verification: PASSED, nextVerificationAt: 8_000 },
      });
      await expect(
        accounts.saveVerification(
          proved,
          { ...proofOf(PASSED), audit: { ...AUDIT, tenantId: 999_999 } },
          () => ({
            ...{ status: 'CONNECTED', statusReason: null },
          }),
        ),
      ).rejects.toThrow();
      expect(await accounts.load(id)).toMatchObject({ status: 'INSECURE' });
    });

    test('finds whose proof is due, the longest overdue first, and not where nothing is to be proved', async () => {
      const due = async (status: AccountStatus, at: number, awsAccountId: string) => {
        const { id } = await insert();
        await accounts.connect(id, ['AWAITING_ROLE'], {
          ...facts(ROLE, awsAccountId),
          nextVerificationAt: at,
        });
        await accounts.changeStatus(id, ['CONNECTED'], status, null);
        return id;
      };
      const found = async (now: number, limit: number) =>
        (await accounts.dueForVerification(now, limit)).map(({ accountId }) => accountId);
      await insert();
      const late = await due('CONNECTED', 5_000, '111111111111');
      const later = await due('INSECURE', 3_000, '222222222222');
      await due('PAUSED', 3_000, '333333333333');
      const future = await due('BROKEN', 9_000, '444444444444');
      expect(await found(8_999, 10)).toEqual([later, late]);
      expect(await found(9_000, 10)).toEqual([later, late, future]);
      expect(await found(9_000, 1)).toEqual([later]);
      // Somebody has decided otherwise since.
      await accounts.postponeVerification({ id: later, nextVerificationAt: 2_000 }, 20_000);
      expect(await found(9_000, 10)).toEqual([later, late, future]);
      await accounts.postponeVerification({ id: later, nextVerificationAt: 3_000 }, 20_000);
      expect(await found(9_000, 10)).toEqual([late, future]);
    });

    test('finds whose proof is due in every tenant, whoever has more of them', async () => {
      const due = async (at: number, awsAccountId: string) => {
        const { id } = await insert();
        await accounts.connect(id, ['AWAITING_ROLE'], {
          ...facts(ROLE, awsAccountId),
          nextVerificationAt: at,
        });
        return { accountId: id, tenantId };
      };
      const first = await due(1_000, '111111111111');
      const second = await due(1_001, '222222222222');
      await due(1_002, '333333333333');
      tenantId = fixture.tenants[1];
      const other = await due(8_000, '444444444444');
      expect(await accounts.dueForVerification(9_000, 3)).toEqual([first, other, second]);
    });

    test('changes a status only from where it was expected', async () => {
      const { id } = await insert();
      expect(await accounts.changeStatus(id, ['CONNECTED', 'PAUSED'], 'BROKEN', 'no')).toBe(false);
      expect(await accounts.changeStatus(id, ['PAUSED', 'AWAITING_ROLE'], 'PAUSED', 'why')).toBe(true);
      expect(await accounts.changeStatus(id, ['PAUSED'], 'CONNECTED', null, 5_000)).toBe(false);
      expect(await accounts.changeStatus(id, ['PAUSED'], 'PAUSED', 'why', null)).toBe(true);
      expect(await accounts.load(id)).toMatchObject({ status: 'PAUSED', statusReason: 'why' });
    });

    test('changes what is given and leaves the rest; null clears the budget', async () => {
      const account = await insert({ monthlyBudgetUsd: 5, labels: { a: 'b' } });
      await accounts.updateSettings(account.id, { name: 'New', monthlyBudgetUsd: null });
      await accounts.updateSettings(account.id, {});
      expect(await save(account, PASSED)).not.toBeNull();
      await accounts.recordCollection(account.id, 9_000);
      expect(await accounts.load(account.id)).toEqual({
        ...account,
        name: 'New',
        monthlyBudgetUsd: null,
        verification: PASSED,
        nextVerificationAt: 8_000,
        lastCollectedAt: 9_000,
      });
    });

    test('removes: a tombstone without credentials, or nothing at all', async () => {
      const [kept, gone] = [await insert(), await insert()];
      await accounts.connect(kept.id, [], facts(KEY));
      expect(await accounts.remove(kept.id, true, 7_000)).toBe(true);
      expect(await accounts.remove(kept.id, true, 8_000)).toBe(false);
      expect(await accounts.remove(gone.id, false, 7_000)).toBe(true);
      expect(await accounts.remove(gone.id, false, 7_000)).toBe(false);
      expect(await accounts.load(kept.id)).toBeNull();
      expect(await accounts.sealedAccessKey(kept.id)).toBeNull();
      const [tombstone, nothing] = await accounts.within({ tenantId }).findMany([kept.id, gone.id]);
      expect(tombstone).toMatchObject({
        status: 'REMOVED',
        removedAt: 7_000,
        externalIds: [{ state: 'RETIRED' }],
      });
      expect(nothing).toBeNull();
      const counts = await accounts.within({ tenantId }).statusCounts({ includeRemoved: true });
      expect(counts).toEqual([{ status: 'REMOVED', count: 1 }]);
      expect(await accounts.within({ tenantId }).statusCounts({})).toEqual([]);
    });

    test('filters by status, AWS account, every label, and a part of the name with no wildcards', async () => {
      const a = await insert({
        name: '100% Alpha_1',
        awsAccountId: '111122223333',
        labels: { env: 'prod', x: '1' },
      });
      const b = await insert({ name: 'beta', awsAccountId: '444455556666', labels: { env: 'prod' } });
      await accounts.changeStatus(b.id, ['AWAITING_ROLE'], 'PAUSED', null);
      const found = async (filter: Parameters<AccountReads['list']>[0]) => {
        const order = { field: 'NAME', direction: 'ASC' } as const;
        const page = await accounts.within({ tenantId }).list(filter, order, { first: 10, after: null });
        expect(page.totalCount).toBe(page.items.length);
        return page.items.map(({ item }) => item.id);
      };
      expect(await found({})).toEqual([a.id, b.id]);
      expect(await found({ statuses: ['PAUSED'] })).toEqual([b.id]);
      expect(await found({ awsAccountIds: ['111122223333'] })).toEqual([a.id]);
      expect(await found({ labels: { env: 'prod' } })).toEqual([a.id, b.id]);
      expect(await found({ labels: { env: 'prod', x: '1' } })).toEqual([a.id]);
      expect(await found({ labels: { env: 'test' } })).toEqual([]);
      expect(await found({ search: 'ALPHA' })).toEqual([a.id]);
      expect(await found({ search: '5555' })).toEqual([b.id]);
      expect(await found({ search: '0%' })).toEqual([a.id]);
      expect(await found({ search: '%a' })).toEqual([]);
      expect(await found({ search: 'a_1' })).toEqual([a.id]);
      expect(await found({ search: 'b_ta' })).toEqual([]);
      expect(await found({ ids: [] })).toEqual([]);
    });

    test('orders by severity', async () => {
      const statuses: AccountStatus[] = [
        'CONNECTED',
        'PAUSED',
        'DEGRADED',
        'BROKEN',
        'INSECURE',
        'AWAITING_ROLE',
      ];
      for (const status of statuses) {
        const { id } = await insert({ name: status });
        await accounts.changeStatus(id, ['AWAITING_ROLE'], status, null);
      }
      await accounts.remove((await insert({ name: 'REMOVED' })).id, true, 1);
      const order = { field: 'STATUS_SEVERITY', direction: 'ASC' } as const;
      const filter = { includeRemoved: true };
      const listed = await allPages((page) => accounts.within({ tenantId }).list(filter, order, page), 2);
      const expected = ['INSECURE', 'BROKEN', 'DEGRADED', 'AWAITING_ROLE', 'PAUSED', 'CONNECTED', 'REMOVED'];
      expect(listed.map(({ name: listedName }) => listedName)).toEqual(expected);
      const counts = await accounts.within({ tenantId }).statusCounts(filter);
      expect(counts).toEqual(expected.map((status) => ({ status, count: 1 })));
    });

    test('tells whose completeness was recorded long ago, or never, the longest ago first', async () => {
      const [a, b, c] = [await insert(), await insert(), await insert()];
      await accounts.remove((await insert()).id, true, 1);
      await accounts.changeStatus(c.id, ['AWAITING_ROLE'], 'BROKEN', 'why');
      await accounts.recordCompleteness(a.id, 0.5, 2_000);
      await accounts.recordCompleteness(b.id, null, 1_000);
      const due = async (before: number, limit = 10) => accounts.dueForCompleteness(before, limit);
      expect((await due(2_001)).map(({ id }) => id)).toEqual([c.id, b.id, a.id]);
      expect(await due(1_000)).toEqual([
        { id: c.id, status: 'BROKEN', statusReason: 'why', lastCollectedAt: null },
      ]);
      expect((await due(2_001, 2)).map(({ id }) => id)).toEqual([c.id, b.id]);
    });

    test.each(['ASC', 'DESC'] as const)(
      'pages %s by completeness, what has none at the end of the whole ones',
      async (direction) => {
        const order = { field: 'COMPLETENESS', direction } as const;
        const ids: number[] = [];
        for (const completeness of [1, null, 1 / 3, 0, undefined, 1 / 3]) {
          const { id } = await insert();
          ids.push(id);
          if (completeness !== undefined) await accounts.recordCompleteness(id, completeness, 1);
        }
        const listed = await allPages((page) => accounts.within({ tenantId }).list({}, order, page), 1);
        const ascending = [3, 2, 5, 0, 1, 4].map((index) => ids[index]);
        const expected = direction === 'ASC' ? ascending : ascending.reverse();
        expect(listed.map(({ id }) => id)).toEqual(expected);
      },
    );

    test.each(['ASC', 'DESC'] as const)(
      'pages %s with ties and nulls stay whole while accounts are added and removed',
      async (direction) => {
        const ids: number[] = [];
        for (const collectedAt of [null, 5, 5, null, 7, 5, 3]) {
          const { id } = await insert();
          ids.push(id);
          if (collectedAt !== null) await accounts.recordCollection(id, collectedAt);
        }
        const order = { field: 'LAST_COLLECTED_AT', direction } as const;
        const list = (page: Parameters<AccountReads['list']>[2]) =>
          accounts.within({ tenantId }).list({}, order, page);
        const whole = (await list({ first: 50, after: null })).items.map(({ item }) => item.id);
        expect([...whole].sort()).toEqual([...ids].sort());
        let turns = 0;
        const paged = await allPages(list, 2, async () => {
          // At both ends of the order, so that offsets would shift.
          await accounts.recordCollection((await insert()).id, turns++ % 2 ? 1_000 : 1);
        });
        expect(paged.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual(whole);
        expect(new Set(paged.map(({ id }) => id)).size).toBe(paged.length);
      },
    );
  });
}
