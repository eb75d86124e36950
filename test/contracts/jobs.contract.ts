import { WHOLE } from '../../src/core/collection/collection-scope';
import type { CollectionJob, Jobs } from '../../src/core/collection/jobs';

const job = (accountId: number, tenantId = 1): CollectionJob => ({
  ...{ accountId, tenantId },
  ...{ scheduledFor: 0, manual: null },
});

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
