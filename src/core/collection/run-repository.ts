import type { TenantScope } from '../access/viewer';
import type { Page, PageRequest } from '../paging';
import type { CollectionDay, CollectionRun, CollectionState } from './collection-run';

export interface RunFilter {
  accountIds?: number[];
  states?: CollectionState[];
  /** scheduledFor in [from, to). */
  from?: number;
  to?: number;
}

/** What a caller may read: the runs of its tenant and of the tenants below. */
export interface RunReads {
  /** In the order of `ids`; null where missing or foreign. */
  findMany(ids: readonly number[]): Promise<(CollectionRun | null)[]>;
  /** Newest first; `position.sort` is scheduledFor. */
  list(filter: RunFilter, page: PageRequest): Promise<Page<CollectionRun>>;
}

/** Storage of collection runs. */
export interface RunRepository {
  within(scope: TenantScope): RunReads;
  /**
   * Of the tenant that the account has at this moment, whatever the run says. Where it is RUNNING, a run of the account that
   * is RUNNING still, or QUEUED for an hour, becomes FAILED: who begins holds the lease, so that the other is of a process that
   * lost it.
   */
  insert(run: Omit<CollectionRun, 'id'>): Promise<CollectionRun>;
  /** How the run goes; whose it is stays as it is stored. */
  update(run: CollectionRun): Promise<void>;
  /** For the gateway's own work, which serves every tenant. */
  load(id: number): Promise<CollectionRun | null>;
  /** A QUEUED run that will not be started becomes SKIPPED. */
  skip(id: number, at: number): Promise<void>;
  /**
   * Runs that a dead process left QUEUED or RUNNING become FAILED; called once at start. Those of accounts that are held are
   * another process's, or end when the account is collected next. @returns how many.
   */
  closeAbandoned(at: number): Promise<number>;
  /** The newest run by hand of the account, finished or not. */
  lastManual(accountId: number): Promise<CollectionRun | null>;
  /**
   * Adds the oldest `limit` runs to the sums of their days, as far as they have ended and were due before `before`, and deletes
   * them; one transaction. @returns how many.
   */
  sumBefore(before: number, limit: number): Promise<number>;
  /** The sums of an account's days that touch [from, to), the oldest first. */
  days(accountId: number, from: number, to: number): Promise<CollectionDay[]>;
}
