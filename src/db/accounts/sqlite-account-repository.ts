import { In, Not, type EntityManager } from 'typeorm';
import type { TenantScope } from '../../core/access/viewer';
import type { Account, AccountSettings, AccountStatus, Verification } from '../../core/accounts/account';
import type {
  AccountConnectionFacts,
  AccountFilter,
  AccountOrder,
  AccountRepository,
  NewAccount,
} from '../../core/accounts/account-repository';
import type { Page, PageRequest } from '../../core/paging';
import { AccountEntity } from '../entities/account-entity';
import { inOrder } from '../in-order';
import { keysetPage, loadPage } from '../keyset-page';
import type { SqliteConnection } from '../sqlite-connection';
import type { EntityWriter } from '../transactions';
import { ACCOUNT_SORT, STATUSES_BY_SEVERITY, accountConditions } from './account-filter';
import { storeConnection } from './connect-account';
import * as externalIds from './external-ids';
import { buryAccount, deleteAccount } from './remove-account';

/** Accounts and their external IDs. */
export class SqliteAccountRepository implements AccountRepository {
  constructor(
    private readonly writer: EntityWriter,
    private readonly entities: EntityManager,
    private readonly reader: SqliteConnection,
  ) {}

  async insert({ externalId, ...settings }: NewAccount): Promise<Account> {
    const account = await this.writer.transaction(async (transaction) => {
      const entity = transaction.manager.create(AccountEntity, {
        ...settings,
        status: 'AWAITING_ROLE',
        statusReason: null,
        connection: 'ROLE',
        roleArn: null,
        verification: null,
        removedAt: null,
        lastCollectedAt: null,
      });
      await transaction.manager.insert(AccountEntity, entity);
      await externalIds.insertActive(transaction, entity.id, externalId, settings.createdAt);
      return entity;
    });
    return (await this.#complete([account]))[0];
  }

  async find(scope: TenantScope, id: number): Promise<Account | null> {
    return (await this.findMany(scope, [id]))[0];
  }

  async findMany(scope: TenantScope, ids: readonly number[]): Promise<(Account | null)[]> {
    const found = await this.entities.findBy(AccountEntity, { tenantId: scope.tenantId, id: In(ids) });
    return inOrder(ids, await this.#complete(found));
  }

  async list(
    scope: TenantScope,
    filter: AccountFilter,
    order: AccountOrder,
    page: PageRequest,
  ): Promise<Page<Account>> {
    const query = {
      from: 'account',
      where: accountConditions(scope, filter),
      id: 'account.id',
      sort: ACCOUNT_SORT[order.field],
      direction: order.direction,
    };
    return loadPage(await keysetPage(this.reader, query, page), (ids) => this.findMany(scope, ids));
  }

  /** By severity; statuses that no account has are left out. */
  async statusCounts(scope: TenantScope, filter: AccountFilter) {
    const where = accountConditions(scope, filter);
    const counts = await this.reader.all<{ status: AccountStatus; count: number }>(
      `SELECT status, count(*) AS count FROM account WHERE ${where} GROUP BY status`,
      where.parameters,
    );
    const rank = ({ status }: { status: AccountStatus }) => STATUSES_BY_SEVERITY.indexOf(status);
    return counts.sort((a, b) => rank(a) - rank(b));
  }

  async load(id: number): Promise<Account | null> {
    const found = await this.entities.findBy(AccountEntity, { id, status: Not('REMOVED') });
    return (await this.#complete(found))[0] ?? null;
  }

  async updateSettings(id: number, settings: Partial<AccountSettings>): Promise<void> {
    const { name, regions, plugins, tagFilter, metricProfiles, labels, monthlyBudgetUsd } = settings;
    const given = { name, regions, plugins, tagFilter, metricProfiles, labels, monthlyBudgetUsd };
    if (Object.values(given).every((value) => value === undefined)) return;
    await this.writer.transaction(({ manager }) => manager.update(AccountEntity, { id }, given));
  }

  connect(id: number, from: readonly AccountStatus[], facts: AccountConnectionFacts): Promise<boolean> {
    return this.writer.transaction((transaction) => storeConnection(transaction, id, from, facts));
  }

  changeStatus(
    id: number,
    from: readonly AccountStatus[],
    to: AccountStatus,
    reason: string | null,
  ): Promise<boolean> {
    return this.writer.transaction(async ({ manager }) => {
      const { affected } = await manager.update(
        AccountEntity,
        { id, status: In(from) },
        { status: to, statusReason: reason },
      );
      return affected === 1;
    });
  }

  async saveVerification(id: number, verification: Verification): Promise<void> {
    await this.writer.transaction(({ manager }) => manager.update(AccountEntity, { id }, { verification }));
  }

  async recordCollection(id: number, at: number): Promise<void> {
    await this.writer.transaction(({ manager }) =>
      manager.update(AccountEntity, { id }, { lastCollectedAt: at }),
    );
  }

  async sealedAccessKey(id: number): Promise<string | null> {
    const account = await this.entities.findOne(AccountEntity, {
      select: { id: true, sealedAccessKey: true },
      where: { id },
    });
    return account?.sealedAccessKey ?? null;
  }

  addPendingExternalId(id: number, value: string, at: number): Promise<boolean> {
    return this.writer.transaction((transaction) => externalIds.insertPending(transaction, id, value, at));
  }

  promoteExternalId(id: number, value: string, at: number): Promise<boolean> {
    return this.writer.transaction((transaction) => externalIds.promotePending(transaction, id, value, at));
  }

  retirePendingExternalId(id: number, value: string, at: number): Promise<boolean> {
    return this.writer.transaction((transaction) => externalIds.retirePending(transaction, id, value, at));
  }

  remove(id: number, keepHistory: boolean, at: number): Promise<boolean> {
    return this.writer.transaction(async (transaction) => {
      if (!(await buryAccount(transaction, id, at))) return false;
      if (!keepHistory) await deleteAccount(transaction, id);
      return true;
    });
  }

  /** Adds what lies in other tables. */
  async #complete(entities: readonly AccountEntity[]): Promise<Account[]> {
    if (entities.length === 0) return [];
    const ids = entities.map(({ id }) => id);
    const [externalIdsById, leases] = await Promise.all([
      externalIds.externalIdsOf(this.reader, ids),
      this.reader.all<{ accountId: number; nextDue: number | null }>(
        `SELECT account_id AS accountId, next_due AS nextDue FROM collect_lease
        WHERE account_id IN (SELECT value FROM json_each(?))`,
        [JSON.stringify(ids)],
      ),
    ]);
    const nextDueById = new Map(leases.map(({ accountId, nextDue }) => [accountId, nextDue]));
    return entities.map((entity) => ({
      ...entity,
      externalIds: externalIdsById.get(entity.id) ?? [],
      nextCollectionAt: nextDueById.get(entity.id) ?? null,
    }));
  }
}
