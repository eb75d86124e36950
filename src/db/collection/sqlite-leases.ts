import { COLLECTED_STATUSES } from '../../core/accounts/account';
import type { Clock } from '../../core/clock';
import type { DueAccount, Fence, Lease, Leases } from '../../core/collection/leases';
import type { SqlRunner } from '../sqlite-connection';
import type { RawWriter } from '../transactions';

const COLLECTED = COLLECTED_STATUSES.map((status) => `'${status}'`).join(', ');

/** The row of each account in `collect_lease`. Its token outlives every schedule, so that an old fence stays old. */
export class SqliteLeases implements Leases {
  constructor(
    private readonly writer: RawWriter,
    private readonly clock: Clock,
  ) {}

  /** A removed or missing account is never put on the schedule. */
  async schedule(accountId: number, nextDue: number): Promise<void> {
    await this.writer.transaction((connection) =>
      connection.run(
        `INSERT INTO collect_lease (account_id, next_due)
        SELECT id, ? FROM account WHERE id = ? AND status <> 'REMOVED'
        ON CONFLICT (account_id) DO UPDATE SET next_due = excluded.next_due, planned_at = NULL`,
        [nextDue, accountId],
      ),
    );
  }

  async unschedule(accountId: number): Promise<void> {
    await this.writer.transaction(async (connection) => {
      const collected = await connection.all(
        `SELECT 1 FROM account WHERE id = ? AND status IN (${COLLECTED})`,
        [accountId],
      );
      if (collected.length === 0) await revokeLease(connection, accountId);
    });
  }

  restore(nextDue: (accountId: number) => number): Promise<number> {
    return this.writer.transaction(async (connection) => {
      const lost = await connection.all<{ id: number }>(
        `SELECT account.id AS id FROM account LEFT JOIN collect_lease ON account_id = account.id
        WHERE status IN (${COLLECTED}) AND next_due IS NULL`,
        [],
      );
      for (const { id } of lost) {
        await connection.run(
          `INSERT INTO collect_lease (account_id, next_due) VALUES (?, ?)
          ON CONFLICT (account_id) DO UPDATE SET next_due = excluded.next_due`,
          [id, nextDue(id)],
        );
      }
      await connection.run(`UPDATE collect_lease SET planned_at = NULL WHERE planned_at IS NOT NULL`);
      return lost.length;
    });
  }

  plan(now: number, replanAfterMs: number, limit: number): Promise<DueAccount[]> {
    return this.writer.transaction(async (connection) => {
      const due = await connection.all<DueAccount>(
        `SELECT account_id AS accountId, tenant_id AS tenantId, next_due AS dueAt
        FROM collect_lease JOIN account ON account.id = account_id
        WHERE next_due <= ?1 AND (lease_until IS NULL OR lease_until <= ?1)
          AND (planned_at IS NULL OR planned_at < ?1 - ?2)
        ORDER BY row_number() OVER (PARTITION BY tenant_id ORDER BY next_due, account_id), next_due, account_id
        LIMIT ?3`,
        [now, replanAfterMs, limit],
      );
      await connection.run(
        `UPDATE collect_lease SET planned_at = ?
        WHERE account_id IN (SELECT value FROM json_each(?))`,
        [now, JSON.stringify(due.map(({ accountId }) => accountId))],
      );
      return due;
    });
  }

  claim(
    accountId: number,
    owner: string,
    now: number,
    ttlMs: number,
    { onlyIfDue }: { onlyIfDue: boolean },
  ): Promise<Lease | null> {
    return this.writer.transaction(async (connection) => {
      const [lease] = await connection.all<Lease>(
        `UPDATE collect_lease
        SET owner = ?2, token = token + 1, lease_until = ?3 + ?4, planned_at = NULL
        WHERE account_id = ?1 AND next_due IS NOT NULL AND (lease_until IS NULL OR lease_until <= ?3)
          ${onlyIfDue ? 'AND next_due <= ?3' : ''}
        RETURNING account_id AS accountId, token, next_due AS dueAt`,
        [accountId, owner, now, ttlMs],
      );
      return lease ?? null;
    });
  }

  renew(fence: Fence, now: number, ttlMs: number): Promise<boolean> {
    return this.writer.transaction(async (connection) => {
      const renewed = await connection.run(
        `UPDATE collect_lease SET lease_until = ? WHERE account_id = ? AND token = ? AND owner IS NOT NULL`,
        [now + ttlMs, fence.accountId, fence.token],
      );
      return renewed === 1;
    });
  }

  release(fence: Fence, nextDue: number | null): Promise<boolean> {
    return this.writer.transaction(async (connection) => {
      const released = await connection.run(
        `UPDATE collect_lease
        SET owner = NULL, lease_until = NULL, planned_at = NULL, last_done = ?, next_due = ifnull(?, next_due)
        WHERE account_id = ? AND token = ? AND owner IS NOT NULL`,
        [this.clock.now(), nextDue, fence.accountId, fence.token],
      );
      return released === 1;
    });
  }
}

/** Takes the account off the schedule; whoever holds it writes nothing more. */
export async function revokeLease(runner: SqlRunner, accountId: number): Promise<void> {
  await runner.run(
    `UPDATE collect_lease
    SET next_due = NULL, planned_at = NULL, owner = NULL, lease_until = NULL, token = token + 1
    WHERE account_id = ?`,
    [accountId],
  );
}
