import { FairQueue } from '../fair-queue';
import type { CollectionJob, JobHandler, Jobs } from './jobs';
import { CollectionFailure } from './run-recorder';

/** The embedded form of Jobs: a queue in memory with bounded concurrency, fed again from the lease table after a restart. */
export class InProcessJobs implements Jobs {
  private readonly queue = new FairQueue<CollectionJob>(({ tenantId }) => tenantId);
  /** Accounts with a due job in the queue. */
  private readonly queued = new Set<number>();
  private readonly running = new Set<Promise<void>>();
  private readonly controller = new AbortController();
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
    this.slots = 0;
    const reason = new CollectionFailure('ABORTED', 'The gateway is shutting down');
    const timer = setTimeout(() => this.controller.abort(reason), graceMs);
    await this.idle();
    clearTimeout(timer);
    this.controller.abort(reason);
  }

  /** A run by hand is its own job; a due one waits once. */
  private add(job: CollectionJob): void {
    if (!job.manual) {
      if (this.queued.has(job.accountId)) return;
      this.queued.add(job.accountId);
    }
    this.queue.push(job);
  }

  private fill(): void {
    while (this.running.size < this.slots) {
      const job = this.queue.take(this.slots);
      if (!job) return;
      if (!job.manual) this.queued.delete(job.accountId);
      const run = this.handler!(job, this.controller.signal).finally(() => {
        this.running.delete(run);
        this.queue.done(job);
        this.fill();
      });
      this.running.add(run);
    }
  }
}
