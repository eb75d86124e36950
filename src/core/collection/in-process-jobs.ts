import { linkedSignal, manyListened } from '../abort';
import { FairQueue } from '../fair-queue';
import { CollectionFailure } from './collection-failure';
import type { CollectionJob, JobHandler, Jobs } from './jobs';

/** The embedded form of Jobs: a queue in memory with bounded concurrency, fed again from the lease table after a restart. */
export class InProcessJobs implements Jobs {
  private readonly queue = new FairQueue<CollectionJob>(({ tenantId }) => tenantId);
  private readonly backfills = new FairQueue<CollectionJob>(({ tenantId }) => tenantId);
  /** Accounts with a due job, or a backfill, in the queue. */
  private readonly queued = { live: new Set<number>(), backfill: new Set<number>() };
  private readonly running = new Set<Promise<void>>();
  /** Of those, by account. */
  private readonly filling = new Map<number, AbortController>();
  private readonly controller = manyListened();
  private slots = 0;
  private handler: JobHandler | null = null;

  start(slots: number, handler: JobHandler): void {
    this.slots = slots;
    this.handler = handler;
  }

  submit(jobs: readonly CollectionJob[]): void {
    if (this.controller.signal.aborted || this.slots === 0) return;
    for (const job of jobs) this.add(job);
    this.fill();
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  async stop(graceMs: number): Promise<void> {
    this.queue.clear();
    this.backfills.clear();
    this.slots = 0;
    const reason = new CollectionFailure('ABORTED', 'The gateway is shutting down');
    // The rest of a backfill is made up for at any time.
    this.filling.forEach((controller) => controller.abort(reason));
    const timer = setTimeout(() => this.controller.abort(reason), graceMs);
    await this.idle();
    clearTimeout(timer);
    this.controller.abort(reason);
  }

  /** A run by hand is its own job; a due one, and a backfill, waits once. */
  private add(job: CollectionJob): void {
    if (!job.isBackfill) {
      const reason = new CollectionFailure('ABORTED', 'A live collection of the account goes first');
      this.filling.get(job.accountId)?.abort(reason);
    }
    if (!job.manual) {
      const queued = this.queuedAs(job);
      if (queued.has(job.accountId)) return;
      queued.add(job.accountId);
    }
    (job.isBackfill ? this.backfills : this.queue).push(job);
  }

  private fill(): void {
    while (this.running.size < this.slots) {
      const job = this.queue.take(this.slots) ?? this.nextBackfill();
      if (!job) return;
      if (!job.manual) this.queuedAs(job).delete(job.accountId);
      const run = (
        job.isBackfill ? this.runBackfill(job) : this.handler!(job, this.controller.signal)
      ).finally(() => {
        this.running.delete(run);
        (job.isBackfill ? this.backfills : this.queue).done(job);
        this.fill();
      });
      this.running.add(run);
    }
  }

  /** A tenant that may not have another slot still waits for one: its work goes before anybody's backfill. */
  private nextBackfill(): CollectionJob | null {
    const places = Math.max(1, Math.floor(this.slots / 2));
    if (!this.queue.isEmpty || this.filling.size >= places) return null;
    return this.backfills.take(places);
  }

  private async runBackfill(job: CollectionJob): Promise<void> {
    const controller = manyListened();
    const signal = linkedSignal([this.controller.signal, controller.signal]);
    this.filling.set(job.accountId, controller);
    try {
      await this.handler!(job, signal.signal);
    } finally {
      signal.release();
      this.filling.delete(job.accountId);
    }
  }

  private queuedAs({ isBackfill }: CollectionJob): Set<number> {
    return isBackfill ? this.queued.backfill : this.queued.live;
  }
}
