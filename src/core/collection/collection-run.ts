import type { Account } from '../accounts/account';

export type CollectionTrigger = 'SCHEDULE' | 'MANUAL' | 'BACKFILL';
export type CollectionState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'PARTIAL' | 'FAILED' | 'SKIPPED';
export type CollectionStep = 'CREDENTIALS' | 'DISCOVER' | 'PLAN' | 'FETCH' | 'STORE' | 'PUBLISH';

/**
 * `code` is AWS's own (AccessDenied, ThrottlingException, …), one of the register of errors, or PLUGIN_FAILED,
 * PLUGIN_TIMED_OUT, ABORTED, LEASE_LOST, INTERNAL, CallHeldBack (not sent: AWS throttled all that was).
 */
export interface CollectionError {
  code: string;
  message: string;
  retryable: boolean;
  missingActions: string[];
}

/** How one step went. `plugin` and `region` are null where a step serves several at once. */
export interface CollectionStepResult {
  step: CollectionStep;
  plugin: string | null;
  region: string | null;
  state: CollectionState;
  resourcesFound: number;
  seriesCollected: number;
  pointsStored: number;
  awsCalls: number;
  durationMs: number;
  error: CollectionError | null;
}

/** One collection of one account. Instants are epoch milliseconds. */
export interface CollectionRun {
  id: number;
  tenantId: number;
  accountId: number;
  trigger: CollectionTrigger;
  state: CollectionState;
  scheduledFor: number;
  startedAt: number | null;
  finishedAt: number | null;
  resourcesFound: number;
  seriesCollected: number;
  pointsStored: number;
  /** Of those, older than the last cycle: late ones and ones missed while the gateway was down. */
  pointsBackfilled: number;
  awsCalls: number;
  /** US dollars, the lower bound of what AWS bills for the calls of the run. */
  costUsd: number;
  steps: CollectionStepResult[];
}

/** What is left of the runs of an account that were due on one UTC day and are kept no longer. */
export interface CollectionDay extends Pick<
  CollectionRun,
  'resourcesFound' | 'seriesCollected' | 'pointsStored' | 'pointsBackfilled' | 'awsCalls' | 'costUsd'
> {
  /** Its start (epoch ms). */
  day: number;
  /** Runs by how they ended. */
  succeeded: number;
  partial: number;
  failed: number;
  skipped: number;
  durationMs: number;
}

/** A run that waits to start. */
export function newRun(
  account: Pick<Account, 'id' | 'tenantId'>,
  trigger: CollectionRun['trigger'],
  scheduledFor: number,
): Omit<CollectionRun, 'id'> {
  return {
    tenantId: account.tenantId,
    accountId: account.id,
    trigger,
    state: 'QUEUED',
    scheduledFor,
    startedAt: null,
    finishedAt: null,
    resourcesFound: 0,
    seriesCollected: 0,
    pointsStored: 0,
    pointsBackfilled: 0,
    awsCalls: 0,
    costUsd: 0,
    steps: [],
  };
}
