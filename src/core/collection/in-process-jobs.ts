import type { CollectionJob, JobHandler, Jobs } from './jobs';

/** The embedded form of Jobs: a queue in memory with bounded concurrency, fed again from the lease table after a restart. */
export class InProcessJobs implements Jobs {
  private queue: CollectionJob[] = [];
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
    for (const job of jobs) if (!this.isQueued(job)) this.queue.push(job);
    this.fill();
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  async stop(graceMs: number): Promise<void> {
    this.queue = [];
    this.slots = 0;
    const timer = setTimeout(() => this.controller.abort(new Error('The gateway is shutting down')), graceMs);
    await this.idle();
    clearTimeout(timer);
    this.controller.abort(new Error('The gateway is shutting down'));
  }

  /** A run by hand is its own job; a due one waits once. */
  private isQueued(job: CollectionJob): boolean {
    return !job.manual && this.queue.some(({ accountId, manual }) => accountId === job.accountId && !manual);
  }

  private fill(): void {
    while (this.running.size < this.slots && this.queue.length > 0) {
      const run = this.handler!(this.queue.shift()!, this.controller.signal).finally(() => {
        this.running.delete(run);
        this.fill();
      });
      this.running.add(run);
    }
  }
}
