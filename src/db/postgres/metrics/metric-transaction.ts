import type { Fence } from '../../../core/collection/leases';
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
} from '../../metrics/metric-tables';
import { requireLease } from '../fence';
import type { PostgresRunner } from '../postgres-pool';
import { makePartitions } from './chunk-partitions';
import { DeferredWrites } from './deferred-writes';
import { PostgresTableReads } from './table-reads';

/**
 * The statements of one write transaction. What is there already, and the same, is not written: PostgreSQL would make a
 * new version of each row, and a cycle asks for the same points several times.
 */
export class PostgresMetricTransaction extends PostgresTableReads implements MetricTransaction {
  private constructor(private readonly deferred: DeferredWrites) {
    super(deferred);
  }

  /** Runs `work`, and leaves nothing of it unwritten. */
  static async run<T>(
    runner: PostgresRunner,
    work: (transaction: MetricTransaction) => Promise<T>,
  ): Promise<T> {
    const deferred = new DeferredWrites(runner);
    const result = await work(new PostgresMetricTransaction(deferred));
    await deferred.flush();
    return result;
  }

  /**
   * Two statements, for one sees the database as it was before it waited for its locks: what another transaction wrote to
   * the blocks meanwhile would be missing, and then lost.
   */
  async loadForAppend({ fences, blocks, days, heads }: AppendRequest): Promise<AppendRows> {
    const accountIds = fences.map(({ accountId }) => accountId);
    return {
      ...(await this.#lockForAppend(accountIds, blocks)),
      ...(await this.#readForAppend(blocks, days, heads)),
    };
  }

  requireLease(fence: Fence): Promise<void> {
    return requireLease(this.runner, fence);
  }

  lockBlocks(ids: readonly number[]): Promise<BlockRow[]> {
    // In the order of ids, so that two who want the same blocks do not wait for each other in a circle.
    return this.runner.all(
      `SELECT id, account_id AS "accountId", period FROM block WHERE id = ANY($1::bigint[])
      ORDER BY id FOR NO KEY UPDATE`,
      [ids],
    );
  }

  /** All rows in one statement: their data end to end in one parameter, cut by PostgreSQL. */
  async writeBlobs(name: BlobTable, rows: readonly BlobRow[]): Promise<void> {
    if (rows.length === 0) return;
    if (name === 'head' || name === 'state') return this.deferred.writeBlobs(name, rows);
    const { table, key } = TABLE_NAMES[name];
    const ids = rows.map(({ id }) => id);
    if (name === 'chunk') await makePartitions(this.runner, ids);
    let end = 1;
    const starts = rows.map(({ data }) => (end += data.length) - data.length);
    await this.runner.run(
      `INSERT INTO ${table} AS stored (${key}, data)
      SELECT id, substring($1::bytea FROM start FOR length)
      FROM unnest($2::bigint[], $3::integer[], $4::integer[]) AS given(id, start, length)
      ON CONFLICT (${key}) DO UPDATE SET data = excluded.data WHERE stored.data IS DISTINCT FROM excluded.data`,
      [Buffer.concat(rows.map(({ data }) => data)), ids, starts, rows.map(({ data }) => data.length)],
    );
  }

  async openDays(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.runner.run(
      'INSERT INTO block_day (id, sealed) SELECT id, false FROM unnest($1::bigint[]) AS given(id) ON CONFLICT DO NOTHING',
      [ids],
    );
  }

  async sealDay(id: number): Promise<void> {
    await this.runner.run('UPDATE block_day SET sealed = true WHERE id = $1 AND NOT sealed', [id]);
  }

  async writeSparse(rows: readonly SparseRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.runner.run(
      `INSERT INTO sparse_point AS stored (series_id, at, value)
      SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::double precision[])
      ON CONFLICT (series_id, at) DO UPDATE SET value = excluded.value
      WHERE stored.value IS DISTINCT FROM excluded.value`,
      [
        rows.map(({ seriesId }) => seriesId),
        rows.map(({ at }) => at),
        rows.map(({ value }) => exactly(value)),
      ],
    );
  }

  async addGaps(rows: readonly NewGapRow[]): Promise<void> {
    for (const { accountId, block, from, to, reason, evidence, recoverable, slots } of rows) {
      await this.runner.run(
        `INSERT INTO gap (account_id, block, "from", "to", reason, evidence, recoverable, slots)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [accountId, block, from, to, reason, evidence, recoverable, slots],
      );
    }
  }

  async removeGaps(accountId: number, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.runner.run('DELETE FROM gap WHERE account_id = $1 AND id = ANY($2::bigint[])', [
      accountId,
      ids,
    ]);
  }

  async addChange(accountId: number, data: Buffer): Promise<void> {
    this.deferred.addChange(accountId, data);
  }

  async publishChanges(accounts: readonly { accountId: number; at: number }[]): Promise<PublishedChanges[]> {
    const waiting = await this.runner.all<{ id: number; accountId: number; data: Buffer }>(
      `SELECT id, account_id AS "accountId", data FROM metric_change
      WHERE account_id = ANY($1::bigint[]) AND sequence IS NULL ORDER BY id FOR UPDATE`,
      [accounts.map(({ accountId }) => accountId)],
    );
    if (waiting.length === 0) return [];
    const changes = byAccount(waiting);
    const changed = accounts.filter(({ accountId }) => changes.has(accountId));
    // Held until the commit: whoever reads a number has every lower one before its eyes.
    const [given] = await this.runner.all<{ last: number }>(
      'UPDATE metric_sequence SET last = last + $1 RETURNING last',
      [changed.length],
    );
    const numbered = changed.map((one, index) => ({
      ...one,
      sequence: given!.last - changed.length + 1 + index,
    }));
    const rows = numbered.flatMap(({ accountId, sequence, at }) => {
      return changes.get(accountId)!.map(({ id }) => ({ id, sequence, at }));
    });
    await this.runner.run(
      `UPDATE metric_change SET sequence = given.sequence, at = given.at
      FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS given(id, sequence, at)
      WHERE metric_change.id = given.id`,
      [rows.map(({ id }) => id), rows.map(({ sequence }) => sequence), rows.map(({ at }) => at)],
    );
    return numbered.map(({ accountId, sequence }) => {
      return { accountId, sequence, changes: changes.get(accountId)!.map(({ data }) => data) };
    });
  }

  /** As `requireLease` and `lockBlocks`, in one. */
  async #lockForAppend(
    accountIds: readonly number[],
    blockIds: readonly number[],
  ): Promise<Pick<AppendRows, 'held' | 'blocks'>> {
    const rows = await this.runner.all<LockedRow>(
      `WITH held AS (
        SELECT account_id, token FROM collect_lease
        WHERE account_id = ANY($1::bigint[]) AND owner IS NOT NULL ORDER BY account_id FOR SHARE
      ), own AS (
        SELECT id, account_id, period FROM block WHERE id = ANY($2::bigint[]) ORDER BY id FOR NO KEY UPDATE
      )
      SELECT account_id AS "accountId", token, NULL::bigint AS id, NULL::integer AS period FROM held
      UNION ALL SELECT account_id, NULL, id, period FROM own`,
      [accountIds, blockIds],
      'lock-for-append',
    );
    const held: Fence[] = [];
    const blocks: BlockRow[] = [];
    for (const { accountId, token, id, period } of rows) {
      if (token !== null) held.push({ accountId, token });
      else blocks.push({ id: id!, accountId, period: period! });
    }
    return { held, blocks };
  }

  async #readForAppend(
    blocks: readonly number[],
    days: readonly number[],
    heads: readonly number[],
  ): Promise<Pick<AppendRows, 'states' | 'days' | 'heads'>> {
    const rows = await this.runner.all<LoadedRow>(
      `SELECT 'STATE' AS kind, block AS id, false AS sealed, data FROM block_state WHERE block = ANY($1::bigint[])
      UNION ALL SELECT 'DAY', id, sealed, NULL FROM block_day WHERE id = ANY($2::bigint[])
      UNION ALL SELECT 'HEAD', id, false, data FROM head WHERE id = ANY($3::bigint[])`,
      [blocks, days, heads],
      'read-for-append',
    );
    const of = (wanted: LoadedRow['kind']) => rows.filter(({ kind }) => kind === wanted);
    const blobs = (kind: 'STATE' | 'HEAD') => of(kind).map(({ id, data }) => ({ id, data: data! }));
    return {
      states: blobs('STATE'),
      days: of('DAY').map(({ id, sealed }) => ({ id, sealed })),
      heads: blobs('HEAD'),
    };
  }
}

/** A lease, which has a token, or a block. */
interface LockedRow {
  accountId: number;
  token: number | null;
  id: number | null;
  period: number | null;
}

interface LoadedRow {
  kind: 'STATE' | 'DAY' | 'HEAD';
  id: number;
  sealed: boolean;
  data: Buffer | null;
}

function byAccount<Row extends { accountId: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) groups.set(row.accountId, [...(groups.get(row.accountId) ?? []), row]);
  return groups;
}

/** As text: `String` of a negative zero has lost its sign. */
function exactly(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
