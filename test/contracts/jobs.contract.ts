import { WHOLE } from '../../src/core/collection/collection-scope';
import type { CollectionJob, Jobs } from '../../src/core/collection/jobs';

const job = (accountId: number, tenantId = 1): CollectionJob => ({
  ...{ accountId, tenantId },
  ...{ scheduledFor: 0, manual: null },
});

const backfill = (accountId: number, tenantId = 1) => ({ ...job(accountId, tenantId), isBackfill: true });

/** A handler whose jobs end when the test says so. */
function heldJobs() {
  const started: number[] = [];
  const release = new Map<number, () => void>();
  const aborted: number[] = [];
  const handler = ({ accountId }: CollectionJob, signal: AbortSignal) => {
    started.push(accountId);
    return new Promise<void>((resolve) => {
      release.set(accountId, resolve);
      signal.addEventListener('abort', () => {
        aborted.push(accountId);
        resolve();
      });
    });
  };
  return { started, release, aborted, handler };
}

/** What every implementation of Jobs keeps to. */
export function describeJobs(name: string, make: () => Jobs): void {
  describe(`Jobs: ${name}`, () => {
    it('runs as many as there are slots, the others in their order', async () => {
      const { started, release, handler } = heldJobs();
      const jobs = make();
      jobs.start(2, handler);
      jobs.submit([job(1), job(2), job(3), job(4)]);
      expect(started).toEqual([1, 2]);
      release.get(1)!();
      await new Promise(setImmediate);
      expect(started).toEqual([1, 2, 3]);
      for (const id of [2, 3]) release.get(id)!();
      await new Promise(setImmediate);
      release.get(4)!();
      await jobs.idle();
      expect(started).toEqual([1, 2, 3, 4]);
    });

    it('queues a due account once, however often it is handed out; a run by hand beside it', async () => {
      const { started, release, handler } = heldJobs();
      const jobs = make();
      jobs.start(1, handler);
      const manual = { ...job(2), manual: { runId: 1, scope: WHOLE } };
      jobs.submit([job(1), job(2), job(2), manual]);
      jobs.submit([job(2)]);
      for (const id of [1, 2, 2]) {
        release.get(id)!();
        await new Promise(setImmediate);
      }
      await jobs.idle();
      expect(started).toEqual([1, 2, 2]);
    });

    it('lets another tenant in, however many accounts the first one has in the queue', async () => {
      const { started, handler } = heldJobs();
      const jobs = make();
      jobs.start(4, handler);
      const many = Array.from({ length: 100 }, (_, index) => job(index + 1));
      jobs.submit([...many, job(901, 2), job(902, 2)]);
      expect(started).toEqual([1, 901, 2, 902]);
      await jobs.stop(0);
    });

    it('starts a backfill while nothing else waits, on half of the slots', async () => {
      const { started, release, handler } = heldJobs();
      const jobs = make();
      jobs.start(4, handler);
      jobs.submit([1, 2, 3, 4].map((id) => job(id)));
      jobs.submit([11, 12, 13].map((id) => backfill(id)));
      jobs.submit([job(5)]);
      for (const id of [1, 2, 3]) {
        release.get(id)!();
        await new Promise(setImmediate);
      }
      // 4 and 5 run, and two of three backfills.
      expect(started).toEqual([1, 2, 3, 4, 5, 11, 12]);
      release.get(4)!();
      await new Promise(setImmediate);
      expect(started).toHaveLength(7);
      release.get(11)!();
      await new Promise(setImmediate);
      expect(started.at(-1)).toBe(13);
      await jobs.stop(0);
    });

    it('runs a backfill on the only slot there is, and waits for it as for any other', async () => {
      const { started, release, handler } = heldJobs();
      const jobs = make();
      jobs.start(1, handler);
      jobs.submit([backfill(1), backfill(1), job(2)]);
      expect(started).toEqual([2]);
      const idle = jobs.idle();
      release.get(2)!();
      await new Promise(setImmediate);
      expect(started).toEqual([2, 1]);
      release.get(1)!();
      await idle;
      expect(started).toEqual([2, 1]);
    });

    it.each([
      ['due', job(1)],
      ['by hand', { ...job(1), manual: { runId: 1, scope: WHOLE } }],
    ])('cuts a backfill short when a collection of its account is %s, and no other', async (_, live) => {
      const { aborted, handler } = heldJobs();
      const jobs = make();
      jobs.start(4, handler);
      jobs.submit([backfill(1), backfill(2)]);
      jobs.submit([live]);
      expect(aborted).toEqual([1]);
      await jobs.stop(0);
    });

    it('lets no tenant take every slot of the backfills', async () => {
      const { started, handler } = heldJobs();
      const jobs = make();
      jobs.start(8, handler);
      const many = Array.from({ length: 20 }, (_, index) => backfill(index + 1));
      jobs.submit([...many, backfill(901, 2)]);
      expect(started).toContain(901);
      expect(started).toHaveLength(4);
      await jobs.stop(0);
    });

    it('stops: what is queued is dropped, what runs is aborted after the grace, nothing new is taken', async () => {
      const { started, aborted, handler } = heldJobs();
      const jobs = make();
      jobs.start(1, handler);
      jobs.submit([job(1), job(2)]);
      await jobs.stop(10);
      jobs.submit([job(3)]);
      expect(started).toEqual([1]);
      expect(aborted).toEqual([1]);
    });

    it('stops without waiting for the grace when nothing runs', async () => {
      const jobs = make();
      jobs.start(1, async () => undefined);
      const before = Date.now();
      await jobs.stop(60_000);
      expect(Date.now() - before).toBeLessThan(5_000);
    });
  });
}
