import { join } from 'node:path';
import { SqliteConnection } from '../../../src/db/sqlite-connection';

/** What a test reads of a run. Instants are epoch milliseconds. */
export interface StoredRun {
  id: number;
  accountId: number;
  state: string;
  scheduledFor: number;
  startedAt: number;
}

/** The database of a gateway from beside it, for what would take an hour through the front door. */
export class DatabaseBeside {
  private constructor(readonly connection: SqliteConnection) {}

  static async open(dataDir: string): Promise<DatabaseBeside> {
    const connection = await SqliteConnection.open(join(dataDir, 'rolecall.sqlite'), 'readwrite');
    await connection.exec('PRAGMA busy_timeout = 5000');
    return new DatabaseBeside(connection);
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** Copies of a connected account, each with an external ID of its own, due for collection and not for a proof. */
  async multiply(accountId: number, copies: number): Promise<void> {
    const { connection } = this;
    const columns = await connection.all<{ name: string }>(
      `SELECT name FROM pragma_table_info('account') WHERE name NOT IN ('id', 'name', 'aws_account_id')`,
    );
    const copied = columns.map(({ name }) => `"${name}"`).join(', ');
    await connection.exec(`
      BEGIN IMMEDIATE;
      CREATE TEMP TABLE before AS SELECT max(id) AS id FROM account;
      INSERT INTO account (name, aws_account_id, ${copied})
        WITH RECURSIVE copy (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < ${copies})
        SELECT name || ' ' || number, 600000000000 + number, ${copied} FROM account, copy WHERE id = ${accountId};
      INSERT INTO external_id (value, account_id, state, created_at, activated_at)
        SELECT 'copy-' || id, id, 'ACTIVE', created_at, created_at FROM account
        WHERE id > (SELECT id FROM before);
      INSERT INTO collect_lease (account_id, next_due)
        SELECT id, 0 FROM account WHERE id > (SELECT id FROM before);
      DROP TABLE before;
      COMMIT;
    `);
  }

  /** Makes accounts due for collection now. */
  async makeDue(accountIds: readonly number[], now: number): Promise<void> {
    await this.connection.run(
      `UPDATE collect_lease SET next_due = ?, planned_at = NULL
      WHERE account_id IN (SELECT value FROM json_each(?))`,
      [now, JSON.stringify(accountIds)],
    );
  }

  /** Makes every account of a tenant due for a proof since an instant. */
  async makeProofsDue(tenantId: number, since: number): Promise<void> {
    await this.connection.run('UPDATE account SET next_verification_at = ? WHERE tenant_id = ?', [
      since,
      tenantId,
    ]);
  }

  /** The runs of a tenant that have started, the oldest first. */
  runs(tenantId: number): Promise<StoredRun[]> {
    return this.connection.all<StoredRun>(
      `SELECT id, account_id AS accountId, state, scheduled_for AS scheduledFor, started_at AS startedAt
      FROM collection_run WHERE tenant_id = ? AND started_at IS NOT NULL ORDER BY id`,
      [tenantId],
    );
  }

  /** Accounts of a tenant whose proof is due. */
  async dueProofs(tenantId: number, now: number): Promise<number> {
    const [row] = await this.connection.all<{ count: number }>(
      'SELECT count(*) AS count FROM account WHERE tenant_id = ? AND next_verification_at <= ?',
      [tenantId, now],
    );
    return row!.count;
  }

  /** How many accounts of a tenant somebody holds. */
  async heldLeases(tenantId: number): Promise<number> {
    const [row] = await this.connection.all<{ count: number }>(
      `SELECT count(*) AS count FROM collect_lease JOIN account ON account.id = account_id
      WHERE tenant_id = ? AND (owner IS NOT NULL OR lease_until IS NOT NULL)`,
      [tenantId],
    );
    return row!.count;
  }
}
