import type { CollectionScope } from './collection-scope';

/** What waits to be collected. */
export interface CollectionJob {
  accountId: number;
  tenantId: number;
  /** Epoch ms of the due time, or of the request by hand. */
  scheduledFor: number;
  /** A collection by hand has its run stored already. */
  manual: { runId: number; scope: CollectionScope } | null;
  /** Fills gaps: behind everything else. */
  isBackfill?: boolean;
}

export type JobHandler = (job: CollectionJob, signal: AbortSignal) => Promise<void>;

/**
 * Delivers jobs to a handler. It only delivers: the lease decides whether a job may run, so that a second delivery
 * harms nothing and an engine can be replaced by another.
 */
export interface Jobs {
  /** Before the first submit. `handler` does not throw. */
  start(slots: number, handler: JobHandler): void;
  /**
   * Queues what is not queued already for the account; tenants take turns. A backfill starts while nothing else waits, and
   * takes at most half of the slots (one at least); its signal is aborted when other work of its account is submitted.
   * Returns at once.
   */
  submit(jobs: readonly CollectionJob[]): void;
  /** Waits until nothing is queued or running. */
  idle(): Promise<void>;
  /** Drops what is queued, lets what runs end within `graceMs`, then aborts it and waits for it. */
  stop(graceMs: number): Promise<void>;
}
