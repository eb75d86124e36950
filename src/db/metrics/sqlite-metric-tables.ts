import { HEAD_IDS_PER_DAY, HEAD_IDS_PER_MINUTE } from './head-layout';
import type { SqliteConnection } from '../sqlite-connection';
import type { RawWriter } from '../transactions';
import {
  TABLE_NAMES,
  type BlobRow,
  type BlobTable,
  type ChangeRow,
  type GapRow,
  type MetricTables,
  type MetricTransaction,
  type PruneLimits,
} from './metric-tables';
import { unframe } from './codec/frames';
import { SqliteMetricReads } from './sqlite-metric-reads';
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

  transaction<T>(
    work: (transaction: MetricTransaction) => Promise<T>,
    { long } = { long: false },
  ): Promise<T> {
    const run = async (connection: SqliteConnection) => {
      const transaction = new SqliteMetricTransaction(connection);
      const result = await work(transaction);
      await transaction.finish();
      return result;
    };
    return long ? this.writer.transaction(run) : this.writer.shared(run);
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
    const [row] = await this.runner.all<{ oldest: number; newest: number }>(
      'SELECT coalesce(min(sequence), 0) AS oldest, coalesce(max(sequence), 0) AS newest FROM metric_event',
    );
    return row!;
  }

  async changes(
    accountIds: readonly number[] | null,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<ChangeRow[]> {
    const rows = await this.runner.all<ChangeRow>(
      `SELECT sequence, account_id AS accountId, at, data FROM metric_event
      WHERE sequence > ?1 AND sequence <= ?2 AND (?4 IS NULL OR account_id IN (SELECT value FROM json_each(?4)))
      ORDER BY sequence LIMIT ?3`,
      [after, upTo, limit, accountIds && JSON.stringify(accountIds)],
    );
    return rows.flatMap((row) => unframe(row.data).map((data) => ({ ...row, data })));
  }

  async unsealedDays(below: number, limit: number): Promise<number[]> {
    const rows = await this.runner.all<{ id: number }>(
      'SELECT id FROM block_day WHERE sealed = 0 AND id < ? ORDER BY id LIMIT ?',
      [below, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** In the order of their keys: SQLite writes every page of the table that it takes a row from, and its neighbours. */
  async deleteSealedHeads(below: number): Promise<void> {
    const deleted = await this.writer.transaction((connection) =>
      connection.run(
        `DELETE FROM head WHERE id IN (
          SELECT id FROM head WHERE id < ? AND NOT EXISTS (
            SELECT 1 FROM block_day
            WHERE block_day.id = (head.id / ${HEAD_IDS_PER_DAY}) * ${HEAD_IDS_PER_MINUTE} + head.id % ${HEAD_IDS_PER_MINUTE}
              AND sealed = 0
          ) ORDER BY id LIMIT ${ROWS_DELETED_AT_ONCE}
        )`,
        [below],
      ),
    );
    if (deleted === ROWS_DELETED_AT_ONCE) await this.deleteSealedHeads(below);
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
        `DELETE FROM metric_event WHERE sequence < coalesce(
          (SELECT sequence FROM metric_event WHERE at >= ? ORDER BY sequence LIMIT 1),
          (SELECT max(sequence) FROM metric_event))`,
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
