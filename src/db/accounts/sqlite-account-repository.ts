import { In, Not, type EntityManager } from 'typeorm';
import type { TenantScope } from '../../core/access/viewer';
import type { Account, AccountSettings, AccountStatus } from '../../core/accounts/account';
import type { Standing } from '../../core/accounts/account-transitions';
import type {
  AccountConnectionFacts,
  AccountFilter,
  AccountOrder,
  AccountReads,
  AccountRepository,
  CountedAccount,
  NewAccount,
  OwnedAccount,
} from '../../core/accounts/account-repository';
import type { Clock } from '../../core/clock';
import type { AuditRecord } from '../../core/audit/audit-trail';
import type { Page, PageRequest } from '../../core/paging';
import { appendAudit } from '../audit/append-audit';
import { AccountEntity } from '../entities/account-entity';
import { inOrder } from '../in-order';
import { keysetPage, loadPage } from '../keyset-page';
import type { SqliteConnection } from '../sqlite-connection';
import { ofScope } from '../tenant-scope';
import type { EntityWriter } from '../transactions';
import { STATUSES_BY_SEVERITY, accountConditions, accountSort } from './account-filter';
import { storeConnection } from './connect-account';
import * as externalIds from './external-ids';
import { moveAccount } from './move-account';
import { storeProof, type Proof } from './store-proof';
import { buryAccount, deleteAccount } from './remove-account';

/** Accounts, with the external IDs that they have. */
export class SqliteAccountRepository implements AccountRepository {
  constructor(
    private readonly writer: EntityWriter,
    private readonly entities: EntityManager,
    private readonly reader: SqliteConnection,
    private readonly clock: Clock,
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
        nextVerificationAt: null,
        waiver: null,
        accessKey: null,
        removedAt: null,
        lastCollectedAt: null,
      });
      await transaction.manager.insert(AccountEntity, entity);
      await externalIds.insertActive(transaction, entity.id, externalId, settings.createdAt);
      return entity;
    });
    return (await this.#complete([account]))[0];
  }

  within(scope: TenantScope): AccountReads {
    return {
      find: async (id) => (await this.#findMany(scope, [id]))[0],
      findMany: (ids) => this.#findMany(scope, ids),
      list: (filter, order, page) => this.#list(scope, filter, order, page),
      statusCounts: (filter) => this.#statusCounts(scope, filter),
    };
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
    provedAt?: number | null,
  ): Promise<boolean> {
    const asProved = provedAt === undefined ? '' : `AND json_extract(verification, '$.at') IS ?`;
    return this.writer.transaction(async ({ run }) => {
      const changed = await run(
        `UPDATE account SET status = ?, status_reason = ?
        WHERE id = ? AND status IN (SELECT value FROM json_each(?)) ${asProved}`,
        [to, reason, id, JSON.stringify(from), ...(provedAt === undefined ? [] : [provedAt])],
      );
      return changed === 1;
    });
  }

  saveVerification(
    proved: Pick<Account, 'id' | 'connection' | 'roleArn' | 'accessKey'>,
    proof: Proof,
    standing: (present: Standing) => Pick<Account, 'status' | 'statusReason'> | null,
  ): Promise<{ from: AccountStatus; to: AccountStatus } | null> {
    return this.writer.transaction((transaction) => storeProof(transaction, proved, proof, standing));
  }

  async postponeVerification(
    { id, nextVerificationAt }: Pick<Account, 'id' | 'nextVerificationAt'>,
    until: number,
  ): Promise<void> {
    await this.writer.transaction(({ run }) =>
      run(`UPDATE account SET next_verification_at = ? WHERE id = ? AND next_verification_at IS ?`, [
        until,
        id,
        nextVerificationAt,
      ]),
    );
  }

  dueForVerification(now: number, limit: number): Promise<OwnedAccount[]> {
    return this.reader.all<OwnedAccount>(
      `SELECT id AS accountId, tenant_id AS tenantId FROM account WHERE next_verification_at <= ?
        AND status IN ('CONNECTED', 'DEGRADED', 'BROKEN', 'INSECURE')
      ORDER BY row_number() OVER (PARTITION BY tenant_id ORDER BY next_verification_at, id), next_verification_at, id
      LIMIT ?`,
      [now, limit],
    );
  }

  async recordCollection(id: number, at: number): Promise<void> {
    await this.writer.transaction(({ manager }) =>
      manager.update(AccountEntity, { id }, { lastCollectedAt: at }),
    );
  }

  dueForCompleteness(before: number, limit: number): Promise<CountedAccount[]> {
    return this.reader.all<CountedAccount>(
      `SELECT id, status, status_reason AS statusReason, last_collected_at AS lastCollectedAt FROM account
      WHERE status <> 'REMOVED' AND (completeness_at IS NULL OR completeness_at < ?)
      ORDER BY completeness_at, id LIMIT ?`,
      [before, limit],
    );
  }

  async recordCompleteness(id: number, completeness: number | null, at: number): Promise<void> {
    await this.writer.transaction(({ run }) =>
      run('UPDATE account SET completeness = ?, completeness_at = ? WHERE id = ?', [completeness, at, id]),
    );
  }

  move(
    account: Pick<Account, 'id' | 'tenantId' | 'connection' | 'accessKey'>,
    toTenantId: number,
    sealedAccessKey: string | null,
    audit: AuditRecord,
    at: number,
  ): Promise<'MOVED' | 'CONNECTED_THERE' | 'CHANGED'> {
    return this.writer.transaction(async (transaction) => {
      const outcome = await moveAccount(transaction, account, toTenantId, sealedAccessKey);
      if (outcome === 'MOVED') await appendAudit(transaction, audit, at);
      return outcome;
    });
  }

  async sealedAccessKey(id: number): Promise<string | null> {
    const account = await this.entities.findOne(AccountEntity, {
      select: { id: true, sealedAccessKey: true },
      where: { id },
    });
    return account?.sealedAccessKey ?? null;
  }

  remove(id: number, keepHistory: boolean, at: number): Promise<boolean> {
    return this.writer.transaction(async (transaction) => {
      if (!(await buryAccount(transaction, id, at))) return false;
      if (!keepHistory) await deleteAccount(transaction, id);
      return true;
    });
  }

  async #findMany(scope: TenantScope, ids: readonly number[]): Promise<(Account | null)[]> {
    const found = await this.entities.findBy(AccountEntity, { tenantId: ofScope(scope), id: In(ids) });
    return inOrder(ids, await this.#complete(found));
  }

  async #list(
    scope: TenantScope,
    filter: AccountFilter,
    order: AccountOrder,
    page: PageRequest,
  ): Promise<Page<Account>> {
    const query = {
      from: 'account',
      where: accountConditions(scope, filter),
      id: 'account.id',
      sort: accountSort(order.field, this.clock.now()),
      direction: order.direction,
    };
    return loadPage(await keysetPage(this.reader, query, page), (ids) => this.#findMany(scope, ids));
  }

  /** By severity; statuses that no account has are left out. */
  async #statusCounts(scope: TenantScope, filter: AccountFilter) {
    const where = accountConditions(scope, filter);
    const counts = await this.reader.all<{ status: AccountStatus; count: number }>(
      `SELECT status, count(*) AS count FROM account WHERE ${where} GROUP BY status`,
      where.parameters,
    );
    const rank = ({ status }: { status: AccountStatus }) => STATUSES_BY_SEVERITY.indexOf(status);
    return counts.sort((a, b) => rank(a) - rank(b));
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
