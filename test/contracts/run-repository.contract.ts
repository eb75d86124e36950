import type { CollectionRun } from '../../src/core/collection/collection-run';
import type { RunFilter, RunRepository } from '../../src/core/collection/run-repository';
import { allPages } from './pages';
import { collectionRun } from './samples';

export interface RunRepositoryFixture {
  runs: RunRepository;
  tenantId: number;
  /** The one above it, and one beside it. */
  parentId: number;
  otherTenantId: number;
  /** Two accounts of the tenant. */
  accounts: [number, number];
  /** Another process holds the account until then (epoch ms). */
  hold(accountId: number, until: number): Promise<void>;
  close(): Promise<void>;
}

/** What every RunRepository keeps to. */
export function describeRunRepository(name: string, make: () => Promise<RunRepositoryFixture>): void {
  describe(`RunRepository: ${name}`, () => {
    let fixture: RunRepositoryFixture;
    const insert = (varied: Parameters<typeof collectionRun>[2] = {}) =>
      fixture.runs.insert(collectionRun(fixture.tenantId, fixture.accounts[0], varied));
    const find = async (id: number) => (await fixture.runs.within(fixture).findMany([id]))[0];

    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(() => fixture.close());

    test('keeps a run and every change of it', async () => {
      const run = await insert();
      expect(await find(run.id)).toEqual(run);
      const error = { code: 'AccessDenied', message: 'no', retryable: false, missingActions: ['a:B'] };
      const step = {
        step: 'FETCH',
        plugin: null,
        region: 'r',
        state: 'FAILED',
        error,
        durationMs: 5,
      } as const;
      const counts = { resourcesFound: 1, seriesCollected: 2, pointsStored: 3, awsCalls: 4 };
      const ended = {
        ...run,
        state: 'PARTIAL' as const,
        finishedAt: 9,
        costUsd: 0.005,
        steps: [{ ...step, ...counts }],
      };
      await fixture.runs.update(ended);
      expect(await find(run.id)).toEqual(ended);
    });

    test('keeps a run with its account’s tenant, whatever the run says', async () => {
      const { runs, tenantId, otherTenantId, accounts } = fixture;
      const run = await runs.insert(collectionRun(otherTenantId, accounts[0]));
      expect(run).toMatchObject({ tenantId });
      await runs.update({ ...run, tenantId: otherTenantId, accountId: accounts[1], awsCalls: 9 });
      expect(await runs.load(run.id)).toEqual({ ...run, awsCalls: 9 });
      expect(await runs.load(0)).toBeNull();
    });

    test('skips a queued run, never one that started', async () => {
      const [queued, running] = [await insert({ state: 'QUEUED' }), await insert()];
      for (const { id } of [queued, running]) await fixture.runs.skip(id, 20);
      expect(await find(queued.id)).toEqual({ ...queued, state: 'SKIPPED', finishedAt: 20 });
      expect(await find(running.id)).toEqual(running);
    });

    test('closes what a dead process left open', async () => {
      const [queued, running, done] = [
        await insert({ state: 'QUEUED' }),
        await insert(),
        await insert({ state: 'SUCCEEDED', finishedAt: 11 }),
      ];
      expect(await fixture.runs.closeAbandoned(30)).toBe(2);
      expect(await fixture.runs.closeAbandoned(40)).toBe(0);
      expect(await find(queued.id)).toMatchObject({ state: 'FAILED', finishedAt: 30 });
      expect(await find(running.id)).toMatchObject({ state: 'FAILED', finishedAt: 30 });
      expect(await find(done.id)).toEqual(done);
    });

    test('spares the run of an account that somebody holds, until the account is collected again', async () => {
      const run = await insert();
      await fixture.hold(fixture.accounts[0], 60);
      expect(await fixture.runs.closeAbandoned(59)).toBe(0);
      expect(await find(run.id)).toMatchObject({ state: 'RUNNING' });
      await fixture.runs.insert(collectionRun(fixture.tenantId, fixture.accounts[1], { state: 'RUNNING' }));
      expect(await find(run.id)).toMatchObject({ state: 'RUNNING' });
      const queued = await insert({ state: 'QUEUED', startedAt: null });
      const next = await insert({ state: 'RUNNING', startedAt: 61 });
      expect(await find(run.id)).toMatchObject({ state: 'FAILED', finishedAt: 61 });
      expect(await find(queued.id)).toMatchObject({ state: 'QUEUED' });
      expect(await find(next.id)).toMatchObject({ state: 'RUNNING' });
      const late = queued.scheduledFor + 3_600_001;
      await insert({ state: 'RUNNING', startedAt: late });
      expect(await find(queued.id)).toMatchObject({ state: 'FAILED', finishedAt: late });
    });

    test('closes the run of an account whose lease has run out', async () => {
      const run = await insert();
      await fixture.hold(fixture.accounts[0], 60);
      expect(await fixture.runs.closeAbandoned(60)).toBe(1);
      expect(await find(run.id)).toMatchObject({ state: 'FAILED', finishedAt: 60 });
    });

    test('knows the newest run by hand', async () => {
      expect(await fixture.runs.lastManual(fixture.accounts[0])).toBeNull();
      await insert({ trigger: 'MANUAL' });
      const last = await insert({ trigger: 'MANUAL', state: 'SUCCEEDED' });
      await insert();
      await fixture.runs.insert(collectionRun(fixture.tenantId, fixture.accounts[1], { trigger: 'MANUAL' }));
      expect(await fixture.runs.lastManual(fixture.accounts[0])).toEqual(last);
    });

    describe('sums runs by day', () => {
      const DAY = 86_400_000;
      const AT = 20_000 * DAY;
      const NONE = {
        ...{ succeeded: 0, partial: 0, failed: 0, skipped: 0, resourcesFound: 0, seriesCollected: 0 },
        ...{ pointsStored: 0, pointsBackfilled: 0, awsCalls: 0, costUsd: 0, durationMs: 0 },
      };
      const ended = (scheduledFor: number, varied: Partial<CollectionRun> = {}) =>
        insert({
          ...{ scheduledFor, state: 'SUCCEEDED', startedAt: scheduledFor, finishedAt: scheduledFor + 5 },
          ...{ resourcesFound: 1, seriesCollected: 2, pointsStored: 3, pointsBackfilled: 4, awsCalls: 5 },
          costUsd: 0.25,
          ...varied,
        });
      const days = (account = fixture.accounts[0]) => fixture.runs.days(account, 0, AT + 9 * DAY);

      test('each state and each sum, of each account apart', async () => {
        await ended(AT);
        await ended(AT + DAY - 1, { state: 'PARTIAL' });
        await ended(AT + DAY, { state: 'FAILED', startedAt: null });
        await ended(AT + DAY + 1, { state: 'SKIPPED', startedAt: null });
        const other = collectionRun(fixture.tenantId, fixture.accounts[1], {
          ...{ scheduledFor: AT, state: 'FAILED', finishedAt: AT },
        });
        await fixture.runs.insert(other);
        expect(await fixture.runs.sumBefore(AT + 2 * DAY, 100)).toBe(5);
        const two = {
          ...{ resourcesFound: 2, seriesCollected: 4, pointsStored: 6, pointsBackfilled: 8, awsCalls: 10 },
          costUsd: 0.5,
        };
        expect(await days()).toEqual([
          { ...NONE, ...two, day: AT, succeeded: 1, partial: 1, durationMs: 10 },
          { ...NONE, ...two, day: AT + DAY, failed: 1, skipped: 1 },
        ]);
        expect(await days(fixture.accounts[1])).toEqual([{ ...NONE, day: AT, failed: 1 }]);
        expect(await fixture.runs.days(fixture.accounts[0], AT + DAY, AT + 2 * DAY)).toHaveLength(1);
        expect(await fixture.runs.days(fixture.accounts[0], AT, AT + DAY)).toHaveLength(1);
      });

      test('the oldest first, so many at a time, each once', async () => {
        const runs: CollectionRun[] = [];
        for (let hour = 0; hour < 5; hour++) runs.push(await ended(AT + hour));
        const present = async () =>
          (await fixture.runs.within(fixture).findMany(runs.map(({ id }) => id))).map((run) => run !== null);
        expect(await fixture.runs.sumBefore(AT + DAY, 2)).toBe(2);
        expect(await present()).toEqual([false, false, true, true, true]);
        expect(await days()).toMatchObject([{ succeeded: 2 }]);
        expect(await fixture.runs.sumBefore(AT + DAY, 2)).toBe(2);
        expect(await fixture.runs.sumBefore(AT + DAY, 2)).toBe(1);
        expect(await fixture.runs.sumBefore(AT + DAY, 2)).toBe(0);
        expect(await days()).toMatchObject([{ succeeded: 5, awsCalls: 25, costUsd: 1.25 }]);
      });

      test('never what is younger or open', async () => {
        await ended(AT + DAY);
        await ended(AT, { state: 'RUNNING', finishedAt: null });
        await ended(AT, { state: 'QUEUED', finishedAt: null });
        expect(await fixture.runs.sumBefore(AT + DAY, 100)).toBe(0);
        expect(await days()).toEqual([]);
      });
    });

    test('lists the newest first, filtered, page by page, to its own tenant', async () => {
      const ids: number[] = [];
      for (const scheduledFor of [30, 10, 20, 20, 20, 40])
        ids.push((await insert({ scheduledFor, state: 'SUCCEEDED' })).id);
      const [thirty, ten, a, b, c, forty] = ids as [number, number, number, number, number, number];
      await fixture.runs.update({ ...(await find(ten))!, state: 'FAILED' });
      const list = async (filter: RunFilter, tenantId = fixture.tenantId) =>
        (await allPages((page) => fixture.runs.within({ tenantId }).list(filter, page), 2)).map(
          ({ id }) => id,
        );
      expect(await list({})).toEqual([forty, thirty, c, b, a, ten]);
      expect(await list({ from: 20, to: 40 })).toEqual([thirty, c, b, a]);
      expect(await list({ states: ['FAILED'] })).toEqual([ten]);
      expect(await list({ accountIds: [fixture.accounts[1]] })).toEqual([]);
      expect(await list({}, fixture.otherTenantId)).toEqual([]);
      expect(await list({}, fixture.parentId)).toHaveLength(6);
      const foreign = fixture.runs.within({ tenantId: fixture.otherTenantId });
      expect(await foreign.findMany([ten])).toEqual([null]);
    });
  });
}
