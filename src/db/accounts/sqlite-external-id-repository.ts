import type { OwnedAccount } from '../../core/accounts/account-repository';
import type {
  ExternalIdRepository,
  PendingProbe,
  RetiredProbe,
} from '../../core/accounts/external-id-repository';
import type { AuditRecord } from '../../core/audit/audit-trail';
import { appendAudit } from '../audit/append-audit';
import type { SqliteConnection } from '../sqlite-connection';
import type { EntityTransaction, EntityWriter } from '../transactions';
import * as externalIds from './external-ids';

/** The id of no account: the decoy's. */
const NOBODY = 0;

/** External IDs and where their rotation stands. */
export class SqliteExternalIdRepository implements ExternalIdRepository {
  constructor(
    private readonly writer: EntityWriter,
    private readonly reader: SqliteConnection,
  ) {}

  async decoy(value: string, at: number): Promise<string> {
    const [known] = await this.reader.all<{ value: string }>(
      'SELECT value FROM external_id WHERE account_id = ?',
      [NOBODY],
    );
    if (known) return known.value;
    // Two processes may both find none: the first row is the decoy then, and the other is nobody's either.
    await this.writer.transaction(({ run }) =>
      run(
        `INSERT INTO external_id (value, account_id, state, created_at, retired_at)
        SELECT ?, ?, 'RETIRED', ?, ? WHERE NOT EXISTS (SELECT 1 FROM external_id WHERE account_id = ?)`,
        [value, NOBODY, at, at, NOBODY],
      ),
    );
    return this.decoy(value, at);
  }

  addPending(accountId: number, value: string, at: number, audit: AuditRecord): Promise<boolean> {
    return this.step(at, audit, (transaction) =>
      externalIds.insertPending(transaction, accountId, value, at),
    );
  }

  cancelPending(accountId: number, value: string, at: number, audit: AuditRecord): Promise<boolean> {
    return this.step(at, audit, (transaction) =>
      externalIds.retirePending(transaction, accountId, value, at),
    );
  }

  promote(
    accountId: number,
    value: string,
    at: number,
    retiredProbeAt: number,
    audit: AuditRecord,
  ): Promise<boolean> {
    return this.step(at, audit, (transaction) =>
      externalIds.promotePending(transaction, accountId, value, at, retiredProbeAt),
    );
  }

  notePending(
    accountId: number,
    value: string,
    { at, acceptedAt, failures, nextProbeAt }: PendingProbe,
    audit: AuditRecord | null,
  ): Promise<boolean> {
    return this.step(at, audit, async ({ run }) => {
      const changed = await run(
        `UPDATE external_id SET accepted_at = ?, probe_failures = ?, next_probe_at = ?
        WHERE account_id = ? AND value = ? AND state = 'PENDING'`,
        [acceptedAt, failures, nextProbeAt, accountId, value],
      );
      return changed === 1;
    });
  }

  noteRetired(
    accountId: number,
    value: string,
    { at, refusedAt, failures, nextProbeAt }: RetiredProbe,
    audit: AuditRecord | null,
  ): Promise<boolean> {
    return this.step(at, audit, async ({ run }) => {
      const changed = await run(
        `UPDATE external_id SET refused_at = coalesce(refused_at, ?), probe_failures = ?, next_probe_at = ?
        WHERE account_id = ? AND value = ? AND state = 'RETIRED'`,
        [refusedAt, failures, nextProbeAt, accountId, value],
      );
      return changed === 1;
    });
  }

  due(now: number, limit: number): Promise<OwnedAccount[]> {
    return this.reader.all<OwnedAccount>(
      `WITH due AS (
        SELECT account.id AS accountId, tenant_id AS tenantId, min(external_id.next_probe_at) AS dueAt
        FROM external_id JOIN account ON account.id = external_id.account_id
        WHERE external_id.next_probe_at <= ? AND account.connection = 'ROLE' AND account.role_arn IS NOT NULL
          AND account.status NOT IN ('AWAITING_ROLE', 'PAUSED', 'REMOVED')
        GROUP BY account.id
      )
      SELECT accountId, tenantId FROM due
      ORDER BY row_number() OVER (PARTITION BY tenantId ORDER BY dueAt, accountId), dueAt, accountId LIMIT ?`,
      [now, limit],
    );
  }

  async postpone(accountId: number, value: string, until: number): Promise<void> {
    await this.writer.transaction(({ run }) =>
      run(
        `UPDATE external_id SET next_probe_at = ?
        WHERE account_id = ? AND value = ? AND next_probe_at IS NOT NULL`,
        [until, accountId, value],
      ),
    );
  }

  async dueOf(accountId: number, now: number): Promise<string[]> {
    const rows = await this.reader.all<{ value: string }>(
      'SELECT value FROM external_id WHERE account_id = ? AND next_probe_at <= ?',
      [accountId, now],
    );
    return rows.map(({ value }) => value);
  }

  async failures(accountId: number, value: string): Promise<number> {
    const [row] = await this.reader.all<{ failures: number }>(
      'SELECT probe_failures AS failures FROM external_id WHERE account_id = ? AND value = ?',
      [accountId, value],
    );
    return row?.failures ?? 0;
  }

  /** What `work` changes, with its entry in the audit log; neither when it says that there was nothing to change. */
  private step(
    at: number,
    audit: AuditRecord | null,
    work: (transaction: EntityTransaction) => Promise<boolean>,
  ): Promise<boolean> {
    return this.writer.transaction(async (transaction) => {
      const isDone = await work(transaction);
      if (isDone && audit) await appendAudit(transaction, audit, at);
      return isDone;
    });
  }
}
