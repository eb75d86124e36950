import type { TenantScope } from '../access/viewer';
import type { Page, PageRequest } from '../paging';
import type { CollectionRun, CollectionState } from './collection-run';

export interface RunFilter {
  accountIds?: number[];
  states?: CollectionState[];
  /** scheduledFor in [from, to). */
  from?: number;
  to?: number;
}

/** Storage of collection runs. */
export interface RunRepository {
  insert(run: Omit<CollectionRun, 'id'>): Promise<CollectionRun>;
  update(run: CollectionRun): Promise<void>;
  /** A QUEUED run that will not be started becomes SKIPPED. */
  skip(id: number, at: number): Promise<void>;
  /** Runs that a dead process left QUEUED or RUNNING become FAILED; called once at start. @returns how many. */
  closeAbandoned(at: number): Promise<number>;
  /** The newest run by hand of the account, finished or not. */
  lastManual(accountId: number): Promise<CollectionRun | null>;
  /** In the order of `ids`; null where missing or foreign. */
  findMany(scope: TenantScope, ids: readonly number[]): Promise<(CollectionRun | null)[]>;
  /** Newest first; `position.sort` is scheduledFor. */
  list(scope: TenantScope, filter: RunFilter, page: PageRequest): Promise<Page<CollectionRun>>;
}
