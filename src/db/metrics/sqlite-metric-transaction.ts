import type { Fence } from '../../core/collection/leases';
import { requireLease } from '../fence';
import { frame, unframe } from './codec/frames';
import { SqliteMetricReads } from './sqlite-metric-reads';
import {
  TABLE_NAMES,
  type AppendRequest,
  type AppendRows,
  type BlobRow,
  type BlobTable,
  type BlockRow,
  type MetricTransaction,
  type NewGapRow,
  type PublishedChanges,
  type SparseRow,
} from './metric-tables';

/** Three values each: SQLite binds many more. */
const SPARSE_ROWS_AT_ONCE = 500;
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
  readonly #states: BlobRow[] = [];
  readonly #changed = new Map<number, Buffer[]>();

  /** One statement: each costs more to send than to answer. */
  async loadForAppend({ fences, blocks, days, heads }: AppendRequest): Promise<AppendRows> {
    const rows = await this.runner.all<LoadedRow>(
      `SELECT ${KIND.LEASE} AS kind, account_id AS id, token AS a, NULL AS b, NULL AS data
        FROM collect_lease WHERE account_id IN (SELECT value FROM json_each(?1)) AND owner IS NOT NULL
      UNION ALL SELECT ${KIND.BLOCK}, id, account_id, period, NULL
        FROM block WHERE id IN (SELECT value FROM json_each(?2))
      UNION ALL SELECT ${KIND.STATE}, block, NULL, NULL, data
        FROM block_state WHERE block IN (SELECT value FROM json_each(?2))
      UNION ALL SELECT ${KIND.DAY}, id, sealed, NULL, NULL
        FROM block_day WHERE id IN (SELECT value FROM json_each(?3))
      UNION ALL SELECT ${KIND.HEAD}, id, NULL, NULL, data
        FROM head WHERE id IN (SELECT value FROM json_each(?4))`,
      [fences.map(({ accountId }) => accountId), blocks, days, heads].map((ids) => JSON.stringify(ids)),
    );
    const loaded: AppendRows = { held: [], blocks: [], states: [], days: [], heads: [] };
    for (const { kind, id, a, b, data } of rows) {
      if (kind === KIND.LEASE) loaded.held.push({ accountId: id, token: a! });
      else if (kind === KIND.BLOCK) loaded.blocks.push({ id, accountId: a!, period: b! });
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

  /** All rows in one statement. States wait for what changed, which goes into the same rows. */
  async writeBlobs(name: BlobTable, rows: readonly BlobRow[]): Promise<void> {
    if (rows.length === 0) return;
    if (name === 'state') {
      this.#states.push(...rows);
      return;
    }
    const { table, key } = TABLE_NAMES[name];
    const { pieces, data } = joined(rows);
    await this.runner.run(
      `INSERT OR REPLACE INTO ${table} (${key}, data)
      SELECT value ->> 0, substr(?1, value ->> 1, value ->> 2) FROM json_each(?2)`,
      [data, pieces],
    );
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
  /** As bound values: SQLite reads a number from text to the last bit only where its exponent is moderate. */
  async writeSparse(rows: readonly SparseRow[]): Promise<void> {
    for (let start = 0; start < rows.length; start += SPARSE_ROWS_AT_ONCE) {
      const slice = rows.slice(start, start + SPARSE_ROWS_AT_ONCE);
      await this.runner.run(
        `INSERT OR REPLACE INTO sparse_point (series_id, at, value) VALUES ${slice.map(() => '(?, ?, ?)').join()}`,
        slice.flatMap(({ seriesId, at, value }) => [seriesId, at, value]),
      );
    }
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

  /** Into the row of the block's state. */
  async addChange(_accountId: number, data: Buffer, block: number): Promise<void> {
    this.#changed.set(block, [...(this.#changed.get(block) ?? []), frame(data)]);
  }

  async publishChanges(accounts: readonly { accountId: number; at: number }[]): Promise<PublishedChanges[]> {
    const rows = await this.runner.all<{ accountId: number; block: number; changed: Buffer }>(
      `SELECT account_id AS accountId, block, changed FROM block JOIN block_state ON block = block.id
      WHERE account_id IN (SELECT value FROM json_each(?)) AND changed IS NOT NULL`,
      [JSON.stringify(accounts.map(({ accountId }) => accountId))],
    );
    if (rows.length === 0) return [];
    const [newest] = await this.runner.all<{ sequence: number }>(
      'SELECT coalesce(max(sequence), 0) AS sequence FROM metric_event',
    );
    const changed = new Map<number, Buffer[]>();
    for (const row of rows) {
      changed.set(row.accountId, [...(changed.get(row.accountId) ?? []), row.changed]);
    }
    const events = accounts
      .filter(({ accountId }) => changed.has(accountId))
      .map(({ accountId, at }, index) => {
        const data = Buffer.concat(changed.get(accountId)!);
        return { accountId, at, id: newest!.sequence + 1 + index, data };
      });
    const { pieces, data } = joined(events);
    await this.runner.run(
      `INSERT INTO metric_event (sequence, account_id, at, data)
      SELECT piece.value ->> 0, account.value ->> 0, account.value ->> 1,
        substr(?1, piece.value ->> 1, piece.value ->> 2)
      FROM json_each(?2) AS piece JOIN json_each(?3) AS account ON account.key = piece.key`,
      [data, pieces, JSON.stringify(events.map(({ accountId, at }) => [accountId, at]))],
    );
    await this.runner.run(
      'UPDATE block_state SET changed = NULL WHERE block IN (SELECT value FROM json_each(?))',
      [JSON.stringify(rows.map(({ block }) => block))],
    );
    return events.map(({ accountId, id, data: framed }) => {
      return { accountId, sequence: id, changes: unframe(framed) };
    });
  }

  /** Writes the states, each with what changed. */
  async finish(): Promise<void> {
    if (this.#states.length === 0) return;
    const changed = this.#states.map(({ id }) => ({ id, data: Buffer.concat(this.#changed.get(id) ?? []) }));
    const [states, changes] = [joined(this.#states), joined(changed)];
    await this.runner.run(
      `INSERT INTO block_state (block, data, changed)
      SELECT state.value ->> 0, substr(?1, state.value ->> 1, state.value ->> 2),
        nullif(substr(?3, change.value ->> 1, change.value ->> 2), x'')
      FROM json_each(?2) AS state JOIN json_each(?4) AS change ON change.key = state.key
      WHERE TRUE
      ON CONFLICT (block) DO UPDATE SET data = excluded.data,
        changed = iif(excluded.changed IS NULL, changed, CAST(coalesce(changed, x'') || excluded.changed AS BLOB))`,
      [states.data, states.pieces, changes.data, changes.pieces],
    );
  }
}

/** Rows in two parameters: their data end to end, and JSON of where each lies. */
function joined(rows: readonly BlobRow[]): { data: Buffer; pieces: string } {
  let end = 1;
  const pieces = rows.map(({ id, data }) => {
    const start = end;
    end += data.length;
    return `[${id},${start},${data.length}]`;
  });
  return {
    data: rows.length === 1 ? rows[0]!.data : Buffer.concat(rows.map(({ data }) => data)),
    pieces: `[${pieces.join()}]`,
  };
}
