import { StaleLeaseError, type Fence } from '../../core/collection/leases';
import { requireLease } from '../fence';
import { SqliteMetricReads, TABLE_NAMES } from './sqlite-metric-reads';
import type {
  AppendRequest,
  AppendRows,
  BlobRow,
  BlobTable,
  BlockRow,
  MetricTransaction,
  NewGapRow,
  SparseRow,
} from './metric-tables';

/** Of the rows that `loadForAppend` reads, what each is. */
const KIND = { LEASE: 0, BLOCK: 1, STATE: 2, DAY: 3, HEAD: 4 };

interface LoadedRow {
  kind: number;
  id: number;
  a: number | null;
  b: number | null;
  data: Buffer | null;
}

/** SQLite has one writer at a time, so nothing needs a lock of its own. */
export class SqliteMetricTransaction extends SqliteMetricReads implements MetricTransaction {
  /** One statement: each costs more to send than to answer. */
  async loadForAppend({ fence, blocks, days, heads }: AppendRequest): Promise<AppendRows> {
    const rows = await this.runner.all<LoadedRow>(
      `SELECT ${KIND.LEASE} AS kind, 0 AS id, NULL AS a, NULL AS b, NULL AS data
        FROM collect_lease WHERE account_id = ?1 AND token = ?2 AND owner IS NOT NULL
      UNION ALL SELECT ${KIND.BLOCK}, id, account_id, period, NULL
        FROM block WHERE id IN (SELECT value FROM json_each(?3))
      UNION ALL SELECT ${KIND.STATE}, block, NULL, NULL, data
        FROM block_state WHERE block IN (SELECT value FROM json_each(?3))
      UNION ALL SELECT ${KIND.DAY}, id, sealed, NULL, NULL
        FROM block_day WHERE id IN (SELECT value FROM json_each(?4))
      UNION ALL SELECT ${KIND.HEAD}, id, NULL, NULL, data
        FROM head WHERE id IN (SELECT value FROM json_each(?5))`,
      [
        ...[fence.accountId, fence.token, JSON.stringify(blocks)],
        ...[JSON.stringify(days), JSON.stringify(heads)],
      ],
    );
    if (rows[0]?.kind !== KIND.LEASE) throw new StaleLeaseError(fence);
    const loaded: AppendRows = { blocks: [], states: [], days: [], heads: [] };
    for (const { kind, id, a, b, data } of rows) {
      if (kind === KIND.BLOCK) loaded.blocks.push({ id, accountId: a!, period: b! });
      else if (kind === KIND.STATE) loaded.states.push({ id, data: data! });
      else if (kind === KIND.DAY) loaded.days.push({ id, sealed: a === 1 });
      else if (kind === KIND.HEAD) loaded.heads.push({ id, data: data! });
    }
    return loaded;
  }

  requireLease(fence: Fence): Promise<void> {
    return requireLease(this.runner, fence);
  }

  lockBlocks(ids: readonly number[]): Promise<BlockRow[]> {
    return this.runner.all(
      'SELECT id, account_id AS accountId, period FROM block WHERE id IN (SELECT value FROM json_each(?))',
      [JSON.stringify(ids)],
    );
  }

  /** All rows in one statement: their data end to end, cut by SQLite. */
  async writeBlobs(name: BlobTable, rows: readonly BlobRow[]): Promise<void> {
    if (rows.length === 0) return;
    const { table, key } = TABLE_NAMES[name];
    let end = 1;
    const pieces = rows.map(({ id, data }) => {
      const start = end;
      end += data.length;
      return [id, start, data.length];
    });
    await this.runner.run(
      `INSERT OR REPLACE INTO ${table} (${key}, data)
      SELECT value ->> 0, substr(?1, value ->> 1, value ->> 2) FROM json_each(?2)`,
      [
        rows.length === 1 ? rows[0]!.data : Buffer.concat(rows.map(({ data }) => data)),
        JSON.stringify(pieces),
      ],
    );
  }

  async deleteHeads(ids: readonly number[]): Promise<void> {
    await this.runner.run('DELETE FROM head WHERE id IN (SELECT value FROM json_each(?))', [
      JSON.stringify(ids),
    ]);
  }

  async openDays(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.runner.run('INSERT OR IGNORE INTO block_day (id, sealed) SELECT value, 0 FROM json_each(?)', [
      JSON.stringify(ids),
    ]);
  }

  async sealDay(id: number): Promise<void> {
    await this.runner.run('UPDATE block_day SET sealed = 1 WHERE id = ?', [id]);
  }

  /** The value travels as text that keeps every bit of it: the sign of zero alone needs a decimal point. */
  async writeSparse(rows: readonly SparseRow[]): Promise<void> {
    if (rows.length === 0) return;
    const pieces = rows.map(({ seriesId, at, value }) => `[${seriesId},${at},${realText(value)}]`);
    await this.runner.run(
      `INSERT OR REPLACE INTO sparse_point (series_id, at, value)
      SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
      [`[${pieces.join()}]`],
    );
  }

  async addGaps(rows: readonly NewGapRow[]): Promise<void> {
    for (const { accountId, block, from, to, reason, evidence, recoverable, slots } of rows) {
      await this.runner.run(
        `INSERT INTO gap (account_id, block, "from", "to", reason, evidence, recoverable, slots)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        [accountId, block, from, to, reason, evidence, recoverable ? 1 : 0, slots],
      );
    }
  }

  async removeGaps(accountId: number, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.runner.run('DELETE FROM gap WHERE account_id = ? AND id IN (SELECT value FROM json_each(?))', [
      accountId,
      JSON.stringify(ids),
    ]);
  }

  async addChange(accountId: number, data: Buffer): Promise<void> {
    await this.runner.run('INSERT INTO metric_change (account_id, data) VALUES (?, ?)', [accountId, data]);
  }

  async publishChanges(accountId: number, at: number): Promise<number | null> {
    const numbered = await this.runner.run(
      `UPDATE metric_change SET sequence = (SELECT last + 1 FROM metric_sequence), at = ?2
      WHERE account_id = ?1 AND sequence IS NULL`,
      [accountId, at],
    );
    if (numbered === 0) return null;
    await this.runner.run('UPDATE metric_sequence SET last = last + 1');
    const [row] = await this.runner.all<{ last: number }>('SELECT last FROM metric_sequence');
    return row!.last;
  }
}

function realText(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value);
}
