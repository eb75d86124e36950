import { In, type EntityManager } from 'typeorm';
import type { TenantScope } from '../../core/access/viewer';
import type { CollectionDay, CollectionRun } from '../../core/collection/collection-run';
import type { RunFilter, RunReads, RunRepository } from '../../core/collection/run-repository';
import type { Page, PageRequest } from '../../core/paging';
import { Conditions } from '../conditions';
import { AccountEntity } from '../entities/account-entity';
import { CollectionRunEntity } from '../entities/collection-run-entity';
import { inOrder } from '../in-order';
import { keysetPage, loadPage } from '../keyset-page';
import type { SqliteConnection } from '../sqlite-connection';
import { ofScope } from '../tenant-scope';
import type { EntityWriter } from '../transactions';
import { daysOf, sumRuns } from './sum-runs';

/** Nobody waits so long for an account: who queued the run is dead. */
const QUEUED_MS = 3_600_000;

/** Collection runs. */
export class SqliteRunRepository implements RunRepository {
  constructor(
    private readonly writer: EntityWriter,
    private readonly entities: EntityManager,
    private readonly reader: SqliteConnection,
  ) {}

  within(scope: TenantScope): RunReads {
    return {
      findMany: (ids) => this.#findMany(scope, ids),
      list: (filter, page) => this.#list(scope, filter, page),
    };
  }

  insert(given: Omit<CollectionRun, 'id'>): Promise<CollectionRun> {
    return this.writer.transaction(async ({ manager }) => {
      const { tenantId } = await manager.findOneByOrFail(AccountEntity, { id: given.accountId });
      const run = { ...given, tenantId };
      if (run.state === 'RUNNING')
        await closeLeftOpen(manager, given.accountId, given.startedAt ?? given.scheduledFor);
      const { identifiers } = await manager.insert(CollectionRunEntity, { ...run });
      return { ...run, id: identifiers[0].id as number };
    });
  }

  /** A run that went with its account is left alone. */
  async update({ id, tenantId: _, accountId: __, ...run }: CollectionRun): Promise<void> {
    await this.writer.transaction(({ manager }) => manager.update(CollectionRunEntity, { id }, run));
  }

  async load(id: number): Promise<CollectionRun | null> {
    const run = await this.entities.findOneBy(CollectionRunEntity, { id });
    return run && { ...run };
  }

  async skip(id: number, at: number): Promise<void> {
    await this.writer.transaction(({ manager }) =>
      manager.update(CollectionRunEntity, { id, state: 'QUEUED' }, { state: 'SKIPPED', finishedAt: at }),
    );
  }

  closeAbandoned(at: number): Promise<number> {
    return this.writer.transaction(async ({ manager }) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(CollectionRunEntity)
        .set({ state: 'FAILED', finishedAt: at })
        .where({ state: In(['QUEUED', 'RUNNING']) })
        .andWhere('account_id NOT IN (SELECT account_id FROM collect_lease WHERE lease_until > :at)', { at })
        .execute();
      return affected ?? 0;
    });
  }

  async lastManual(accountId: number): Promise<CollectionRun | null> {
    const [run] = await this.entities.find(CollectionRunEntity, {
      where: { accountId, trigger: 'MANUAL' },
      order: { id: 'DESC' },
      take: 1,
    });
    return run ? { ...run } : null;
  }

  sumBefore(before: number, limit: number): Promise<number> {
    return this.writer.transaction((transaction) => sumRuns(transaction, before, limit));
  }

  days(accountId: number, from: number, to: number): Promise<CollectionDay[]> {
    return daysOf(this.reader, accountId, from, to);
  }

  async #findMany(scope: TenantScope, ids: readonly number[]): Promise<(CollectionRun | null)[]> {
    const found = await this.entities.findBy(CollectionRunEntity, { tenantId: ofScope(scope), id: In(ids) });
    return inOrder(
      ids,
      found.map((run) => ({ ...run })),
    );
  }

  async #list(scope: TenantScope, filter: RunFilter, page: PageRequest): Promise<Page<CollectionRun>> {
    const query = {
      from: 'collection_run',
      where: runConditions(scope, filter),
      id: 'id',
      sort: 'scheduled_for',
      direction: 'DESC' as const,
    };
    return loadPage(await keysetPage(this.reader, query, page), (ids) => this.#findMany(scope, ids));
  }
}

/**
 * One run at a time holds an account: one that is RUNNING still when another begins was left by a dead process. By the index
 * of open runs, which the + and the words in the text let SQLite use: an account has thousands that have ended.
 */
async function closeLeftOpen(manager: EntityManager, accountId: number, at: number): Promise<void> {
  await manager.query(
    `UPDATE collection_run SET state = 'FAILED', finished_at = ?
    WHERE state IN ('QUEUED', 'RUNNING') AND +account_id = ? AND (state = 'RUNNING' OR scheduled_for < ?)`,
    [at, accountId, at - QUEUED_MS],
  );
}

function runConditions(scope: TenantScope, { accountIds, states, from, to }: RunFilter): Conditions {
  const conditions = new Conditions()
    .within('tenant_id', scope)
    .in('account_id', accountIds)
    .in('state', states);
  if (from !== undefined) conditions.and('scheduled_for >= ?', from);
  if (to !== undefined) conditions.and('scheduled_for < ?', to);
  return conditions;
}
