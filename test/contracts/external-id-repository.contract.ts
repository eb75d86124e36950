import type { AccountRepository } from '../../src/core/accounts/account-repository';
import type { AuditAction, AuditRecord } from '../../src/core/audit/audit-trail';
import type { AuditRepository } from '../../src/core/audit/audit-repository';
import type { ExternalIdRepository } from '../../src/core/accounts/external-id-repository';
import { activeExternalId, newAccount, PASSED } from './samples';

export interface ExternalIdRepositoryFixture {
  accounts: AccountRepository;
  externalIds: ExternalIdRepository;
  audit: Pick<AuditRepository, 'within'>;
  tenantId: number;
  close(): Promise<void>;
}

/** What every ExternalIdRepository keeps to: a rotation is a state machine in the database. */
export function describeExternalIdRepository(
  name: string,
  make: () => Promise<ExternalIdRepositoryFixture>,
): void {
  describe(`ExternalIdRepository: ${name}`, () => {
    let fixture: ExternalIdRepositoryFixture;
    let accounts: AccountRepository;
    let externalIds: ExternalIdRepository;
    let awsAccounts = 0;

    beforeEach(async () => {
      fixture = await make();
      ({ accounts, externalIds } = fixture);
    });
    afterEach(() => fixture.close());

    const insert = async (externalId: string) =>
      (await accounts.insert(newAccount(fixture.tenantId, { externalId }))).id;
    /** An account that is connected by a role. */
    const connected = async (externalId: string) => {
      const id = await insert(externalId);
      const awsAccountId = `${100_000_000_000 + ++awsAccounts}`;
      await accounts.connect(id, ['AWAITING_ROLE'], {
        tenantId: fixture.tenantId,
        ...{ awsAccountId, roleArn: `arn:aws:iam::${awsAccountId}:role/rolecall` },
        ...{ sealedAccessKey: null, accessKey: null, waiver: null, verification: PASSED },
        ...{ at: 1_500, nextVerificationAt: 9_000_000 },
      });
      return id;
    };
    const accept = (id: number, value: string, acceptedAt = 2_500) =>
      externalIds.notePending(
        id,
        value,
        { at: acceptedAt, acceptedAt, failures: 0, nextProbeAt: acceptedAt + 60_000 },
        entryOf(id, 'rotation.accepted'),
      );
    const entryOf = (accountId: number, action: AuditAction): AuditRecord => ({
      tenantId: fixture.tenantId,
      accountId,
      actor: 'somebody',
      action,
    });
    const idsOf = async (id: number) => (await accounts.load(id))!.externalIds;

    test('never takes a value twice: not while it is used, retired, nor when its account is gone', async () => {
      const id = await insert('once');
      await expect(insert('once')).rejects.toThrow();
      await externalIds.addPending(id, 'second', 2_000, entryOf(id, 'rotation.started'));
      await accept(id, 'second');
      expect(await externalIds.promote(id, 'second', 3_000, 4_000, entryOf(id, 'rotation.promoted'))).toBe(
        true,
      );
      await expect(insert('once')).rejects.toThrow();
      await expect(
        externalIds.addPending(id, 'once', 4_000, entryOf(id, 'rotation.started')),
      ).rejects.toThrow();
      await accounts.remove(id, false, 5_000);
      for (const used of ['once', 'second']) await expect(insert(used)).rejects.toThrow();
    });

    test('has one PENDING at a time, and a cancel and a promotion cannot both win', async () => {
      const id = await insert('first');
      const added = await Promise.all(
        ['second', 'third', 'fourth'].map((value) =>
          externalIds.addPending(id, value, 2_000, entryOf(id, 'rotation.started')),
        ),
      );
      expect(added).toEqual([true, false, false]);
      await accept(id, 'second');
      const won = await Promise.all([
        externalIds.cancelPending(id, 'second', 3_000, entryOf(id, 'rotation.cancelled')),
        externalIds.promote(id, 'second', 3_000, 4_000, entryOf(id, 'rotation.promoted')),
      ]);
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    test('promotes what STS has accepted, and nothing else', async () => {
      const id = await insert('first');
      await externalIds.addPending(id, 'second', 2_000, entryOf(id, 'rotation.started'));
      expect(await externalIds.promote(id, 'second', 3_000, 4_000, entryOf(id, 'rotation.promoted'))).toBe(
        false,
      );
      await accept(id, 'second', 2_500);
      expect(await externalIds.promote(id, 'third', 3_000, 4_000, entryOf(id, 'rotation.promoted'))).toBe(
        false,
      );
      expect(await externalIds.promote(id, 'second', 3_000, 4_000, entryOf(id, 'rotation.promoted'))).toBe(
        true,
      );
      expect(await externalIds.promote(id, 'second', 3_000, 4_000, entryOf(id, 'rotation.promoted'))).toBe(
        false,
      );
      expect(await idsOf(id)).toEqual([
        activeExternalId('second', 2_000, { activatedAt: 3_000, acceptedAt: 2_500 }),
        activeExternalId('first', 1_000, { state: 'RETIRED', retiredAt: 3_000 }),
      ]);
    });

    test('shows every one that the role may still accept, and a bounded number of those that it refuses', async () => {
      const id = await insert('first');
      const retire = async (value: string, at: number, refusedAt: number | null) => {
        await externalIds.addPending(id, value, at, entryOf(id, 'rotation.started'));
        await externalIds.cancelPending(id, value, at, entryOf(id, 'rotation.cancelled'));
        const probe = { at, refusedAt, failures: 0, nextProbeAt: refusedAt === null ? at : null };
        await externalIds.noteRetired(id, value, probe, null);
      };
      await retire('unrefused', 2_000, null);
      for (let index = 0; index < 60; index++) await retire(`refused-${index}`, 3_000 + index, 3_000 + index);
      const values = (await idsOf(id)).map(({ value }) => value);
      expect(values).toEqual(expect.arrayContaining(['first', 'unrefused', 'refused-59', 'refused-10']));
      expect(values).not.toContain('refused-9');
    });

    test('forgets a first success when a later probe fails', async () => {
      const id = await insert('first');
      await externalIds.addPending(id, 'second', 2_000, entryOf(id, 'rotation.started'));
      await accept(id, 'second');
      const failed = { at: 10_000, acceptedAt: null, failures: 1, nextProbeAt: 70_000 };
      expect(await externalIds.notePending(id, 'second', failed, null)).toBe(true);
      expect(await externalIds.failures(id, 'second')).toBe(1);
      expect(await externalIds.promote(id, 'second', 3_000, 4_000, entryOf(id, 'rotation.promoted'))).toBe(
        false,
      );
    });

    test('cancels: RETIRED, never used, and notes of it come to nothing', async () => {
      const id = await insert('first');
      await externalIds.addPending(id, 'second', 2_000, entryOf(id, 'rotation.started'));
      expect(await externalIds.cancelPending(id, 'second', 3_000, entryOf(id, 'rotation.cancelled'))).toBe(
        true,
      );
      expect(await externalIds.cancelPending(id, 'second', 3_000, entryOf(id, 'rotation.cancelled'))).toBe(
        false,
      );
      expect(await accept(id, 'second')).toBe(false);
      expect(await idsOf(id)).toContainEqual(
        activeExternalId('second', 2_000, { state: 'RETIRED', retiredAt: 3_000 }),
      );
      expect(await externalIds.addPending(id, 'third', 4_000, entryOf(id, 'rotation.started'))).toBe(true);
    });

    test('keeps the first proof that a RETIRED one is refused', async () => {
      const id = await insert('first');
      await externalIds.addPending(id, 'second', 2_000, entryOf(id, 'rotation.started'));
      await accept(id, 'second');
      const proof = { at: 5_000, failures: 0, nextProbeAt: null };
      expect(await externalIds.noteRetired(id, 'first', { ...proof, refusedAt: 2_800 }, null)).toBe(false);
      await externalIds.promote(id, 'second', 3_000, 4_000, entryOf(id, 'rotation.promoted'));
      await externalIds.noteRetired(id, 'first', { ...proof, refusedAt: 5_000 }, null);
      await externalIds.noteRetired(id, 'first', { ...proof, refusedAt: 6_000 }, null);
      expect((await idsOf(id)).find(({ value }) => value === 'first')).toMatchObject({ refusedAt: 5_000 });
    });

    test('finds the accounts that have one to be tried, the longest overdue first', async () => {
      const [a, b, unconnected] = [await connected('a'), await connected('b'), await insert('c')];
      const due = async (now: number, limit: number) =>
        (await externalIds.due(now, limit)).map(({ accountId }) => accountId);
      await externalIds.addPending(unconnected, 'c2', 0, entryOf(unconnected, 'rotation.started'));
      expect(await due(1e9, 10)).toEqual([]);
      await externalIds.addPending(a, 'a2', 3_000, entryOf(a, 'rotation.started'));
      await externalIds.addPending(b, 'b2', 2_000, entryOf(b, 'rotation.started'));
      expect(await due(1_999, 10)).toEqual([]);
      expect(await due(2_000, 10)).toEqual([b]);
      expect(await due(3_000, 10)).toEqual([b, a]);
      expect(await due(3_000, 1)).toEqual([b]);
      await accept(b, 'b2', 3_000);
      expect(await due(62_999, 10)).toEqual([a]);
      await externalIds.promote(b, 'b2', 63_000, 120_000, entryOf(b, 'rotation.promoted'));
      expect(await due(119_999, 10)).toEqual([a]);
      expect(await due(120_000, 10)).toEqual([a, b]);
      await externalIds.noteRetired(
        b,
        'b',
        { at: 120_000, refusedAt: 120_000, failures: 0, nextProbeAt: null },
        null,
      );
      expect(await due(1e9, 10)).toEqual([a]);
      await accounts.remove(a, true, 200_000);
      expect(await due(1e9, 10)).toEqual([]);
    });

    test('says which of an account are to be tried, and postpones one of them', async () => {
      const id = await connected('first');
      await externalIds.addPending(id, 'second', 2_000, entryOf(id, 'rotation.started'));
      expect(await externalIds.dueOf(id, 1_999)).toEqual([]);
      expect(await externalIds.dueOf(id, 2_000)).toEqual(['second']);
      await accept(id, 'second', 2_500);
      await externalIds.postpone(id, 'second', 100_000);
      await externalIds.postpone(id, 'first', 100_000);
      expect(await externalIds.dueOf(id, 99_999)).toEqual([]);
      expect(await externalIds.dueOf(id, 100_000)).toEqual(['second']);
      expect((await idsOf(id))[0]).toMatchObject({ state: 'PENDING', acceptedAt: 2_500 });
    });

    test('asks no role of an account that is paused', async () => {
      const id = await connected('first');
      await externalIds.addPending(id, 'second', 2_000, entryOf(id, 'rotation.started'));
      await accounts.changeStatus(id, ['CONNECTED'], 'PAUSED', null);
      expect(await externalIds.due(1e9, 10)).toEqual([]);
    });

    test('leaves one entry in the audit log for each step that was done, and none for another', async () => {
      const id = await insert('first');
      await externalIds.addPending(id, 'second', 2_000, entryOf(id, 'rotation.started'));
      await externalIds.addPending(id, 'third', 2_000, entryOf(id, 'rotation.started'));
      await accept(id, 'second');
      await externalIds.promote(id, 'second', 3_000, 4_000, entryOf(id, 'rotation.promoted'));
      await externalIds.promote(id, 'second', 3_000, 4_000, entryOf(id, 'rotation.promoted'));
      await externalIds.cancelPending(id, 'second', 5_000, entryOf(id, 'rotation.cancelled'));
      const page = { first: 50, after: null };
      const { items } = await fixture.audit.within({ tenantId: fixture.tenantId }).list({}, page);
      expect(items.map(({ item }) => [item.action, item.at, item.accountId])).toEqual([
        ['rotation.promoted', 3_000, id],
        ['rotation.accepted', 2_500, id],
        ['rotation.started', 2_000, id],
      ]);
    });

    test('has one decoy for ever, which no account can have', async () => {
      const both = await Promise.all(['decoy', 'another'].map((value) => externalIds.decoy(value, 1_000)));
      expect(both[0]).toBe(both[1]);
      expect(await externalIds.decoy('third', 2_000)).toBe(both[0]);
      await expect(insert(both[0]!)).rejects.toThrow();
    });
  });
}
