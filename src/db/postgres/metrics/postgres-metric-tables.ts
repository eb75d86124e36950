import { chunkId } from '../../metrics/chunk-layout';
import { HEAD_IDS_PER_DAY, HEAD_IDS_PER_MINUTE } from '../../metrics/head-layout';
import {
  TABLE_NAMES,
  type BlobRow,
  type BlobTable,
  type ChangeRow,
  type GapRow,
  type MetricTables,
  type MetricTransaction,
  type PruneLimits,
} from '../../metrics/metric-tables';
import type { PostgresPool } from '../postgres-pool';
import { dropPartitions, partitionDays } from './chunk-partitions';
import { PostgresMetricTransaction } from './metric-transaction';
import { PostgresTableReads } from './table-reads';

const SELECT_GAPS = `SELECT gap.id, gap.account_id AS "accountId", gap.block, block.region, block.period, gap."from",
    gap."to", gap.reason, gap.evidence, gap.recoverable, gap.slots
  FROM gap JOIN block ON block.id = gap.block`;

/** How long the dropping of a partition waits for those who read chunks, and lets others wait behind it. */
const LOCK_TIMEOUT = '2s';

/** The tables of the metric store in PostgreSQL. Any number of processes may write: they wait for each other by the block. */
export class PostgresMetricTables extends PostgresTableReads implements MetricTables {
  constructor(
    private readonly writer: PostgresPool,
    reader: PostgresPool,
  ) {
    super(reader);
  }

  transaction<T>(work: (transaction: MetricTransaction) => Promise<T>): Promise<T> {
    return this.writer.transaction((runner) => PostgresMetricTransaction.run(runner, work));
  }

  recoverableGaps(accountId: number, limit: number): Promise<GapRow[]> {
    return this.runner.all(
      `${SELECT_GAPS} WHERE gap.account_id = $1 AND gap.recoverable ORDER BY gap."to" DESC, gap.id DESC LIMIT $2`,
      [accountId, limit],
    );
  }

  gapsOfAccount(accountId: number, from: number, to: number): Promise<GapRow[]> {
    return this.runner.all(
      `${SELECT_GAPS} WHERE gap.account_id = $1 AND gap."to" > $2 AND gap."from" < $3 ORDER BY gap."from", gap.id`,
      [accountId, from, to],
    );
  }

  gapsOfBlock(block: number, from: number, to: number): Promise<GapRow[]> {
    return this.runner.all(
      `${SELECT_GAPS} WHERE gap.block = $1 AND gap."to" > $2 AND gap."from" < $3 ORDER BY gap."from", gap.id`,
      [block, from, to],
    );
  }

  async changeBounds(): Promise<{ oldest: number; newest: number }> {
    const [bounds] = await this.runner.all<{ oldest: number; newest: number }>(
      `SELECT coalesce((SELECT min(sequence) FROM metric_change WHERE sequence IS NOT NULL), 0) AS oldest,
        (SELECT last FROM metric_sequence) AS newest`,
    );
    return bounds!;
  }

  changes(
    accountIds: readonly number[] | null,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<ChangeRow[]> {
    const chosen = `sequence > $1 AND sequence <= $2 ${accountIds ? 'AND account_id = ANY($4::bigint[])' : ''}`;
    return this.runner.all(
      `SELECT sequence, account_id AS "accountId", at, data FROM metric_change
      WHERE ${chosen} AND sequence <= (
        SELECT max(sequence) FROM (
          SELECT DISTINCT sequence FROM metric_change WHERE ${chosen} ORDER BY sequence LIMIT $3
        ) AS first
      )
      ORDER BY sequence, id`,
      accountIds ? [after, upTo, limit, accountIds] : [after, upTo, limit],
    );
  }

  async unsealedDays(below: number, limit: number): Promise<number[]> {
    const rows = await this.runner.all<{ id: number }>(
      'SELECT id FROM block_day WHERE NOT sealed AND id < $1 ORDER BY id LIMIT $2',
      [below, limit],
    );
    return rows.map(({ id }) => id);
  }

  async deleteSealedHeads(below: number): Promise<void> {
    await this.writer.run(
      `DELETE FROM head WHERE id < $1 AND NOT EXISTS (
        SELECT 1 FROM block_day WHERE NOT sealed
          AND block_day.id = (head.id / ${HEAD_IDS_PER_DAY}) * ${HEAD_IDS_PER_MINUTE} + head.id % ${HEAD_IDS_PER_MINUTE}
      )`,
      [below],
    );
  }

  async prune(limits: PruneLimits): Promise<void> {
    const deletions: [sql: string, limit: number][] = [
      ['DELETE FROM head WHERE id < $1', limits.headBelow],
      ['DELETE FROM block_day WHERE id < $1', limits.dayBelow],
      ['DELETE FROM rollup WHERE id < $1', limits.rollupBelow],
      ['DELETE FROM sparse_point WHERE at < $1', limits.sparseBefore],
      ['DELETE FROM gap WHERE "to" <= $1', limits.gapsBefore],
      // By number: those that are kept have no hole among them.
      [
        `DELETE FROM metric_change WHERE sequence < coalesce(
          (SELECT min(sequence) FROM metric_change WHERE at >= $1), (SELECT max(sequence) FROM metric_change))`,
        limits.changesBefore,
      ],
    ];
    for (const [sql, limit] of deletions) await this.writer.run(sql, [limit]);
    await this.writer.transaction(async (transaction) => {
      await transaction.run(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
      await dropPartitions(transaction, limits.chunkBelow);
      await transaction.run('DELETE FROM chunk WHERE id < $1', [limits.chunkBelow]);
    });
  }

  async blobsAfter(name: BlobTable, after: number, limit: number): Promise<BlobRow[]> {
    if (name === 'chunk') return this.#chunksAfter(after, limit);
    const { table, key } = TABLE_NAMES[name];
    return this.runner.all(
      `SELECT ${key} AS id, data FROM ${table} WHERE ${key} > $1 ORDER BY ${key} LIMIT $2`,
      [after, limit],
    );
  }

  /** Day by day: what has no end is planned for every partition behind it, page after page. */
  async #chunksAfter(after: number, limit: number): Promise<BlobRow[]> {
    const rows: BlobRow[] = [];
    for (const day of await partitionDays(this.runner)) {
      const [start, end] = [Math.max(after, chunkId(0, day) - 1), chunkId(0, day + 1)];
      if (rows.length === limit) break;
      if (end <= after) continue;
      const ofDay = await this.runner.all<BlobRow>(
        'SELECT id, data FROM chunk WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3',
        [start, end, limit - rows.length],
      );
      rows.push(...ofDay);
    }
    return rows;
  }
}
