import fc from 'fast-check';
import type { AuditCheckpoint } from '../../src/core/audit/audit-checkpoint';
import { AuditKey, AuditPublicKeys } from '../../src/core/audit/audit-key';
import type { AuditFilter, AuditRepository, ChainHead } from '../../src/core/audit/audit-repository';
import type { AuditRecord } from '../../src/core/audit/audit-trail';
import { AuditVerifier } from '../../src/core/audit/audit-verifier';
import type { ChainEntry } from '../../src/core/audit/chain';
import { allPages } from './pages';

export interface AuditRepositoryFixture {
  audit: AuditRepository;
  /** A tenant, one below it, and one beside it. */
  tenants: { above: number; below: number; beside: number };
  /** What the repository's clock says; epoch ms. */
  setNow(at: number): void;
  close(): Promise<void>;
}

const KEY = new AuditKey(Buffer.alloc(32, 3));

/** What every AuditRepository keeps to. */
export function describeAuditRepository(name: string, make: () => Promise<AuditRepositoryFixture>): void {
  describe(`AuditRepository: ${name}`, () => {
    let fixture: AuditRepositoryFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(() => fixture.close());

    const record = (varied: Partial<AuditRecord> = {}) =>
      fixture.audit.record({
        tenantId: fixture.tenants.above,
        actor: 'gateway',
        action: 'trust.verified',
        ...varied,
      });
    const chain = async (tenantId: number) => {
      const entries: ChainEntry[] = [];
      for await (const entry of fixture.audit.chain(tenantId)) entries.push(entry);
      return entries;
    };
    const verify = async (tenantId: number) =>
      new AuditVerifier(new AuditPublicKeys([KEY.publicKey])).verify(
        tenantId,
        fixture.audit.chain(tenantId),
        await fixture.audit.checkpoints(tenantId),
      );
    const list = async (filter: AuditFilter = {}, tenantId = fixture.tenants.above, first = 2) =>
      allPages((page) => fixture.audit.within({ tenantId }).list(filter, page), first);

    test('keeps all that is told, and gives it back', async () => {
      fixture.setNow(5_000);
      const target = { type: 'Account', id: 9 } as const;
      await record({ actor: 'ops', target, accountId: 9, detail: { b: [1, null], a: 'ü', left: undefined } });
      await record();
      const [second, first] = await list();
      expect(first).toEqual({
        id: expect.any(Number),
        tenantId: fixture.tenants.above,
        sequence: 1,
        at: 5_000,
        actor: 'ops',
        action: 'trust.verified',
        target: 'Account:9',
        accountId: 9,
        detail: { a: 'ü', b: [1, null] },
      });
      expect(second).toMatchObject({ sequence: 2, target: null, accountId: null, detail: {} });
      expect(
        await fixture.audit.within({ tenantId: fixture.tenants.above }).findMany([first!.id, 99]),
      ).toEqual([first, null]);
    });

    test('chains each tenant for itself, whatever is recorded at once', async () => {
      const { above, below, beside } = fixture.tenants;
      const owners = Array.from({ length: 60 }, (_, index) => [above, below, beside][index % 3]!);
      await Promise.all(owners.map((tenantId, index) => record({ tenantId, detail: { index } })));
      for (const tenantId of [above, below, beside]) {
        const entries = await chain(tenantId);
        expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
        // In the order in which they were told.
        const told = owners.flatMap((owner, index) => (owner === tenantId ? index : []));
        expect(entries.map(({ detail }) => JSON.parse(detail).index)).toEqual(told);
        expect(await verify(tenantId)).toMatchObject({ entries: 20, fault: null });
      }
    });

    test('is whole whatever is told', async () => {
      const text = fc.string({
        unit: fc.oneof(fc.constantFrom('\0', '\ud800', '\udfff', '"', '\u2028'), fc.string()),
      });
      const detail = fc.dictionary(text, fc.jsonValue());
      await fc.assert(
        fc.asyncProperty(text, detail, async (actor, told) => record({ actor, detail: told })),
        { numRuns: 50 },
      );
      expect(await verify(fixture.tenants.above)).toMatchObject({ entries: 50, fault: null });
      await list();
    });

    test('takes what is told as it was then', async () => {
      const detail = { checks: ['a'] };
      const recorded = record({ detail });
      detail.checks.push('b');
      await recorded;
      expect(await list()).toMatchObject([{ detail: { checks: ['a'] } }]);
    });

    test('refuses what is no JSON, and stores what was told beside it', async () => {
      const circle: Record<string, unknown> = {};
      circle.circle = circle;
      const told = [record(), record({ detail: circle }), record({ detail: { big: 1n } }), record()];
      expect((await Promise.allSettled(told)).map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'fulfilled',
      ]);
      expect(await list()).toHaveLength(2);
    });

    test('shows a tenant its own log and that of the tenants below', async () => {
      const { above, below, beside } = fixture.tenants;
      for (const tenantId of [above, below, beside]) await record({ tenantId });
      const seen = async (tenantId: number) => (await list({}, tenantId)).map((entry) => entry.tenantId);
      expect(await seen(above)).toEqual([below, above]);
      expect(await seen(below)).toEqual([below]);
      expect(await seen(beside)).toEqual([beside]);
      const [foreign] = await list({}, beside);
      expect(await fixture.audit.within({ tenantId: above }).findMany([foreign!.id])).toEqual([null]);
      expect(await fixture.audit.within({ tenantId: above }).tenantIds()).toEqual([above, below]);
      expect(await fixture.audit.within({ tenantId: beside }).tenantIds()).toEqual([beside]);
    });

    test('lists the newest first, page by page while it grows, and filtered', async () => {
      for (const at of [10, 20, 30, 40]) {
        fixture.setNow(at);
        await record({ accountId: at, action: at < 30 ? 'secret.read' : 'trust.probed' });
      }
      const ats = async (filter: AuditFilter) => (await list(filter)).map(({ at }) => at);
      expect(await ats({})).toEqual([40, 30, 20, 10]);
      expect(await ats({ from: 20, to: 40 })).toEqual([30, 20]);
      expect(await ats({ accountIds: [10, 40, 50] })).toEqual([40, 10]);
      expect(await ats({ actions: ['secret.read'] })).toEqual([20, 10]);
      expect(await ats({ actions: [] })).toEqual([]);
      const reads = fixture.audit.within({ tenantId: fixture.tenants.above });
      const paged = await allPages(
        (page) => reads.list({}, page),
        2,
        () => record(),
      );
      expect(paged.map(({ at }) => at)).toEqual([40, 30, 20, 10]);
      expect((await reads.list({}, { first: 1, after: null })).totalCount).toBeGreaterThan(4);
    });

    test('shows and counts what fits a filter, by the instant, whatever the clocks said', async () => {
      const { above, below, beside } = fixture.tenants;
      const one = fc.record({
        tenantId: fc.constantFrom(above, below, beside),
        at: fc.integer({ min: 0, max: 9 }),
        action: fc.constantFrom('secret.read', 'trust.probed', 'signin.failed'),
        accountId: fc.constantFrom(null, 1, 2),
      });
      const told = fc.sample(one, { numRuns: 60, seed: 1 });
      for (const { at, ...entry } of told) {
        fixture.setNow(at);
        await record(entry as Partial<AuditRecord>);
      }
      const all = [...(await list({}, above, 100)), ...(await list({}, beside, 100))];
      expect(all).toHaveLength(60);
      const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
      const filters = fc.record({
        actions: optional(fc.array(fc.constantFrom('secret.read', 'trust.probed', 'none'), { maxLength: 3 })),
        accountIds: optional(fc.array(fc.constantFrom(1, 2, 3), { maxLength: 3 })),
        from: optional(fc.integer({ min: 0, max: 9 })),
        to: optional(fc.integer({ min: 0, max: 9 })),
      });
      const check = async (filter: AuditFilter, tenantId: number, first: number) => {
        const { actions, accountIds, from = 0, to = 10 } = filter;
        const wanted = all.filter(
          ({ tenantId: owner, action, accountId, at }) =>
            (owner === tenantId || (owner === below && tenantId === above)) &&
            (actions?.includes(action) ?? true) &&
            (accountIds?.some((id) => id === accountId) ?? true) &&
            at >= from &&
            at < to,
        );
        wanted.sort((a, b) => b.at - a.at || b.id - a.id);
        expect(await list(filter, tenantId, first)).toEqual(wanted);
        const reads = fixture.audit.within({ tenantId });
        expect((await reads.list(filter, { first: 1, after: null })).totalCount).toBe(wanted.length);
      };
      await fc.assert(
        fc.asyncProperty(
          filters,
          fc.constantFrom(above, below, beside),
          fc.integer({ min: 1, max: 9 }),
          check,
        ),
      );
    });

    test('is verified over more than one batch', async () => {
      await Promise.all(Array.from({ length: 2_500 }, () => record()));
      expect(await verify(fixture.tenants.above)).toMatchObject({ entries: 2_500, fault: null });
    });

    test('signs each chain that has grown, once', async () => {
      const { above, below } = fixture.tenants;
      const signedAt = async (at: number) => {
        const heads: ChainHead[] = [];
        await fixture.audit.signHeads((head) => {
          heads.push(head);
          return KEY.sign({ ...head, at });
        });
        return heads;
      };
      expect(await signedAt(1)).toEqual([]);
      await record();
      await record({ tenantId: below });
      await record({ tenantId: below });
      const ends = async (tenantId: number) => (await chain(tenantId)).at(-1)!;
      expect(await signedAt(2)).toEqual([
        { tenantId: above, sequence: 1, hash: (await ends(above)).hash, previous: null },
        { tenantId: below, sequence: 2, hash: (await ends(below)).hash, previous: null },
      ]);
      expect(await signedAt(3)).toEqual([]);
      await record();
      const [first] = (await fixture.audit.checkpoints(above)) as [AuditCheckpoint];
      expect(await signedAt(4)).toMatchObject([{ tenantId: above, sequence: 2, previous: first.signature }]);
      expect((await fixture.audit.checkpoints(above)).map(({ at }) => at)).toEqual([2, 4]);
      expect(await verify(above)).toMatchObject({ fault: null, lastCheckpointAt: 4 });
      expect(await fixture.audit.auditedTenants()).toEqual([above, below]);
    });

    test('tells the checkpoints in the order in which they were made', async () => {
      const sign = () => fixture.audit.signHeads((head) => KEY.sign({ ...head, at: 1 }));
      for (const tenantId of [fixture.tenants.below, fixture.tenants.above, fixture.tenants.below]) {
        await record({ tenantId });
        await sign();
      }
      const all = await fixture.audit.checkpointsAfter(null);
      expect(all.map(({ tenantId, sequence }) => [tenantId, sequence])).toEqual([
        [fixture.tenants.below, 1],
        [fixture.tenants.above, 1],
        [fixture.tenants.below, 2],
      ]);
      expect(await fixture.audit.checkpointsAfter(all[1]!.signature)).toEqual([all[2]]);
      expect(await fixture.audit.checkpointsAfter(all[2]!.signature)).toEqual([]);
      expect(await fixture.audit.checkpointsAfter('of another database')).toEqual(all);
    });
  });
}
