import type { SqliteConnection } from '../sqlite-connection';
import type { RawWriter } from '../transactions';
import type {
  BlobRow,
  BlobTable,
  ChangeRow,
  GapRow,
  MetricTables,
  MetricTransaction,
  PruneLimits,
} from './metric-tables';
import { SqliteMetricReads, TABLE_NAMES } from './sqlite-metric-reads';
import { SqliteMetricTransaction } from './sqlite-metric-transaction';

const ROWS_DELETED_AT_ONCE = 4_000;

/** The metric store's tables in SQLite. */
export class SqliteMetricTables extends SqliteMetricReads implements MetricTables {
  constructor(
    private readonly writer: RawWriter,
    reader: SqliteConnection,
  ) {
    super(reader);
  }

  transaction<T>(work: (transaction: MetricTransaction) => Promise<T>): Promise<T> {
    return this.writer.transaction((connection) => work(new SqliteMetricTransaction(connection)));
  }

  recoverableGaps(accountId: number, limit: number): Promise<GapRow[]> {
    return this.#gaps(
      'gap.account_id = ? AND gap.recoverable = 1 ORDER BY gap."to" DESC, gap.id DESC LIMIT ?',
      [accountId, limit],
    );
  }

  gapsOfAccount(accountId: number, from: number, to: number): Promise<GapRow[]> {
    return this.#gaps(
      `gap.account_id = ? AND gap.recoverable IN (0, 1) AND gap."to" > ? AND gap."from" < ?
      ORDER BY gap."from", gap.id`,
      [accountId, from, to],
    );
  }

  gapsOfBlock(block: number, from: number, to: number): Promise<GapRow[]> {
    return this.#gaps('gap.block = ? AND gap."to" > ? AND gap."from" < ? ORDER BY gap."from", gap.id', [
      ...[block, from, to],
    ]);
  }

  async changeBounds(): Promise<{ oldest: number; newest: number }> {
    const [row] = await this.runner.all<{ oldest: number | null; newest: number }>(
      `SELECT (SELECT min(sequence) FROM metric_change WHERE sequence IS NOT NULL) AS oldest, last AS newest
      FROM metric_sequence`,
    );
    return { oldest: row!.oldest ?? 0, newest: row!.newest };
  }

  changes(
    accountIds: readonly number[] | null,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<ChangeRow[]> {
    const ofAccounts = accountIds ? 'AND account_id IN (SELECT value FROM json_each(?4))' : 'AND ?4 IS NULL';
    const accounts = accountIds ? JSON.stringify(accountIds) : null;
    return this.runner.all(
      `SELECT sequence, account_id AS accountId, at, data FROM metric_change WHERE sequence IN (
        SELECT DISTINCT sequence FROM metric_change
        WHERE sequence IS NOT NULL AND sequence > ?1 AND sequence <= ?2 ${ofAccounts} ORDER BY sequence LIMIT ?3
      ) ORDER BY sequence, id`,
      [after, upTo, limit, accounts],
    );
  }

  async unsealedDays(below: number, limit: number): Promise<number[]> {
    const rows = await this.runner.all<{ id: number }>(
      'SELECT id FROM block_day WHERE sealed = 0 AND id < ? ORDER BY id LIMIT ?',
      [below, limit],
    );
    return rows.map(({ id }) => id);
  }

  async prune(limits: PruneLimits): Promise<void> {
    for (const [table, below] of [
      ['head', limits.headBelow],
      ['block_day', limits.dayBelow],
      ['chunk', limits.chunkBelow],
      ['rollup', limits.rollupBelow],
    ] as const) {
      await this.#deleteBelow(table, below);
    }
    const deletions: [sql: string, limit: number][] = [
      ['DELETE FROM sparse_point WHERE at < ?', limits.sparseBefore],
      ['DELETE FROM gap WHERE "to" <= ?', limits.gapsBefore],
      [
        `DELETE FROM metric_change WHERE sequence < coalesce(
          (SELECT sequence FROM metric_change WHERE sequence IS NOT NULL AND at >= ? ORDER BY sequence LIMIT 1),
          (SELECT last + 1 FROM metric_sequence))`,
        limits.changesBefore,
      ],
    ];
    for (const [sql, limit] of deletions) {
      await this.writer.transaction((connection) => connection.run(sql, [limit]));
    }
  }

  blobsAfter(name: BlobTable, after: number, limit: number): Promise<BlobRow[]> {
    const { table, key } = TABLE_NAMES[name];
    return this.runner.all(
      `SELECT ${key} AS id, data FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`,
      [after, limit],
    );
  }

  async #gaps(where: string, parameters: number[]): Promise<GapRow[]> {
    const rows = await this.runner.all<Omit<GapRow, 'recoverable'> & { recoverable: number }>(
      `SELECT gap.id, gap.account_id AS accountId, gap.block, block.region, block.period, gap."from", gap."to",
        gap.reason, gap.evidence, gap.recoverable, gap.slots
      FROM gap JOIN block ON block.id = gap.block WHERE ${where}`,
      parameters,
    );
    return rows.map((row) => ({ ...row, recoverable: row.recoverable === 1 }));
  }

  /** A range of keys at a time, so that others write in between. */
  async #deleteBelow(table: string, below: number): Promise<void> {
    const deleted = await this.writer.transaction((connection) =>
      connection.run(
        `DELETE FROM ${table} WHERE id <= (
          SELECT max(id) FROM (SELECT id FROM ${table} WHERE id < ? ORDER BY id LIMIT ${ROWS_DELETED_AT_ONCE})
        )`,
        [below],
      ),
    );
    if (deleted === ROWS_DELETED_AT_ONCE) await this.#deleteBelow(table, below);
  }
}
