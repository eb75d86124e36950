import type { AccountRepository } from '../../src/core/accounts/account-repository';
import type { AccountStatus } from '../../src/core/accounts/account';
import { allPages } from './pages';
import { newAccount, PASSED } from './samples';

export interface AccountRepositoryFixture {
  accounts: AccountRepository;
  /** Two tenants. */
  tenants: [number, number];
  close(): Promise<void>;
}

const ROLE = { roleArn: 'arn:aws:iam::111122223333:role/rolecall', sealedAccessKey: null };
const KEY = { roleArn: null, sealedAccessKey: 'sealed' };

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
      awsAccountId,
      verification: PASSED,
      at: 6_000,
    });

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
        metricProfiles: [{ plugin: 'ec2', level: 'CUSTOM' as const, metrics: ['CPUUtilization'] }],
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
      expect(account.externalIds).toEqual([
        { value: 'mine', state: 'ACTIVE', createdAt: 1_000, activatedAt: null, retiredAt: null },
      ]);
      expect(await accounts.find({ tenantId }, account.id)).toEqual(account);
      expect(await accounts.load(account.id)).toEqual(account);
    });

    test('answers in the order of ids, and another tenant’s account as a missing one', async () => {
      const [a, b] = [await insert(), await insert()];
      const scope = { tenantId };
      expect(await accounts.findMany(scope, [b.id, 999, a.id, b.id])).toEqual([b, null, a, b]);
      const foreign = { tenantId: fixture.tenants[1] };
      expect(await accounts.findMany(foreign, [a.id])).toEqual([null]);
      expect(await accounts.find(foreign, a.id)).toBeNull();
      const first = { first: 10, after: null };
      const byName = { field: 'NAME', direction: 'ASC' } as const;
      expect(await accounts.list(foreign, { ids: [a.id] }, byName, first)).toMatchObject({
        totalCount: 0,
        items: [],
      });
    });

    test('never takes an external ID twice: not while it is used, retired, nor when its account is gone', async () => {
      const account = await insert({ externalId: 'once' });
      const again = () => insert({ externalId: 'once' });
      await expect(again()).rejects.toThrow();
      await accounts.addPendingExternalId(account.id, 'second', 2_000);
      await accounts.promoteExternalId(account.id, 'second', 3_000);
      await expect(again()).rejects.toThrow();
      await expect(accounts.addPendingExternalId(account.id, 'once', 4_000)).rejects.toThrow();
      await accounts.remove(account.id, false, 5_000);
      await expect(again()).rejects.toThrow();
      tenantId = fixture.tenants[1];
      await expect(again()).rejects.toThrow();
      await expect(insert({ externalId: 'second' })).rejects.toThrow();
      expect((await accounts.statusCounts({ tenantId }, { includeRemoved: true })).length).toBe(0);
    });

    test('rotates an external ID: one PENDING at a time, and a cancel and a promotion cannot both win', async () => {
      const { id } = await insert({ externalId: 'first' });
      const added = await Promise.all(
        ['second', 'third', 'fourth'].map((value) => accounts.addPendingExternalId(id, value, 2_000)),
      );
      expect(added).toEqual([true, false, false]);
      const won = await Promise.all([
        accounts.retirePendingExternalId(id, 'second', 3_000),
        accounts.promoteExternalId(id, 'second', 3_000),
      ]);
      expect(won.filter(Boolean)).toHaveLength(1);
      await accounts.addPendingExternalId(id, 'fifth', 4_000);
      expect(await accounts.promoteExternalId(id, 'second', 5_000)).toBe(false);
      expect(await accounts.promoteExternalId(id, 'fifth', 5_000)).toBe(true);
      expect((await accounts.load(id))!.externalIds).toEqual([
        { value: 'fifth', state: 'ACTIVE', createdAt: 4_000, activatedAt: 5_000, retiredAt: null },
        { value: 'second', state: 'RETIRED', createdAt: 2_000, activatedAt: null, retiredAt: 3_000 },
        { value: 'first', state: 'RETIRED', createdAt: 1_000, activatedAt: null, retiredAt: 5_000 },
      ]);
    });

    test('connects by role or by key; a role destroys the key, and the external ID is activated once', async () => {
      const { id } = await insert({ externalId: 'x' });
      expect(await accounts.connect(id, [], facts(KEY))).toBe(true);
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
      const both = await Promise.all([a, b].map(({ id }) => accounts.connect(id, [], facts(ROLE))));
      expect(both.filter(Boolean)).toHaveLength(1);
      const [winner, loser] = both[0] ? [a, b] : [b, a];
      expect(await accounts.load(loser.id)).toEqual(loser);
      expect(await accounts.connect(c.id, [], facts(ROLE, '444455556666'))).toBe(true);
      await accounts.changeStatus(winner.id, ['CONNECTED'], 'PAUSED', null);
      expect(await accounts.connect(loser.id, [], facts(ROLE))).toBe(false);
      await accounts.remove(winner.id, true, 7_000);
      expect(await accounts.connect(loser.id, [], facts(ROLE))).toBe(true);
      tenantId = fixture.tenants[1];
      expect(await accounts.connect((await insert()).id, [], facts(ROLE))).toBe(true);
    });

    test('changes a status only from where it was expected', async () => {
      const { id } = await insert();
      expect(await accounts.changeStatus(id, ['CONNECTED', 'PAUSED'], 'BROKEN', 'no')).toBe(false);
      expect(await accounts.changeStatus(id, ['PAUSED', 'AWAITING_ROLE'], 'PAUSED', 'why')).toBe(true);
      expect(await accounts.load(id)).toMatchObject({ status: 'PAUSED', statusReason: 'why' });
    });

    test('changes what is given and leaves the rest; null clears the budget', async () => {
      const account = await insert({ monthlyBudgetUsd: 5, labels: { a: 'b' } });
      await accounts.updateSettings(account.id, { name: 'New', monthlyBudgetUsd: null });
      await accounts.updateSettings(account.id, {});
      await accounts.saveVerification(account.id, PASSED);
      await accounts.recordCollection(account.id, 9_000);
      expect(await accounts.load(account.id)).toEqual({
        ...account,
        name: 'New',
        monthlyBudgetUsd: null,
        verification: PASSED,
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
      const [tombstone, nothing] = await accounts.findMany({ tenantId }, [kept.id, gone.id]);
      expect(tombstone).toMatchObject({
        status: 'REMOVED',
        removedAt: 7_000,
        externalIds: [{ state: 'RETIRED' }],
      });
      expect(nothing).toBeNull();
      const counts = await accounts.statusCounts({ tenantId }, { includeRemoved: true });
      expect(counts).toEqual([{ status: 'REMOVED', count: 1 }]);
      expect(await accounts.statusCounts({ tenantId }, {})).toEqual([]);
    });

    test('filters by status, AWS account, every label, and a part of the name with no wildcards', async () => {
      const a = await insert({
        name: '100% Alpha_1',
        awsAccountId: '111122223333',
        labels: { env: 'prod', x: '1' },
      });
      const b = await insert({ name: 'beta', awsAccountId: '444455556666', labels: { env: 'prod' } });
      await accounts.changeStatus(b.id, ['AWAITING_ROLE'], 'PAUSED', null);
      const found = async (filter: Parameters<AccountRepository['list']>[1]) => {
        const order = { field: 'NAME', direction: 'ASC' } as const;
        const page = await accounts.list({ tenantId }, filter, order, { first: 10, after: null });
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
      const listed = await allPages((page) => accounts.list({ tenantId }, filter, order, page), 2);
      const expected = ['INSECURE', 'BROKEN', 'DEGRADED', 'AWAITING_ROLE', 'PAUSED', 'CONNECTED', 'REMOVED'];
      expect(listed.map(({ name: listedName }) => listedName)).toEqual(expected);
      const counts = await accounts.statusCounts({ tenantId }, filter);
      expect(counts).toEqual(expected.map((status) => ({ status, count: 1 })));
    });

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
        const list = (page: Parameters<AccountRepository['list']>[3]) =>
          accounts.list({ tenantId }, {}, order, page);
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
