import {
  TABLE_NAMES,
  type BlobRow,
  type BlobTable,
  type Cut,
  type DayRow,
  type MetricTableReads,
  type SparseRow,
  type TableBounds,
} from '../../metrics/metric-tables';
import type { PostgresRunner } from '../postgres-pool';

/** The reads that a transaction has as well. */
export class PostgresTableReads implements MetricTableReads {
  constructor(protected readonly runner: PostgresRunner) {}

  async blobs(name: BlobTable, ids: readonly number[], cut?: Cut): Promise<BlobRow[]> {
    if (ids.length === 0) return [];
    const { table, key } = TABLE_NAMES[name];
    // Of a value that lies outside its row uncompressed, only the pieces of the cut are read.
    const data = cut ? 'substring(data FROM $2::integer FOR $3::integer) AS data' : 'data';
    return this.runner.all(
      `SELECT ${key} AS id, ${data} FROM ${table} WHERE ${key} = ANY($1::bigint[])`,
      cut ? [ids, cut.start + 1, cut.length] : [ids],
    );
  }

  async days(ids: readonly number[]): Promise<DayRow[]> {
    if (ids.length === 0) return [];
    return this.runner.all('SELECT id, sealed FROM block_day WHERE id = ANY($1::bigint[])', [ids]);
  }

  async bounds(): Promise<TableBounds> {
    const [row] = await this.runner.all<TableBounds>(
      `SELECT (SELECT min(id) FROM block_day) AS "firstDay", (SELECT max(id) FROM block_day) AS "lastDay",
        (SELECT max(id) FROM head) AS "newestHead",
        (SELECT min(id) FROM rollup) AS "firstRollup", (SELECT max(id) FROM rollup) AS "lastRollup"`,
    );
    return row!;
  }

  async sparse(seriesIds: readonly number[], from: number, to: number): Promise<SparseRow[]> {
    if (seriesIds.length === 0) return [];
    return this.runner.all(
      `SELECT series_id AS "seriesId", at, value FROM sparse_point
      WHERE series_id = ANY($1::bigint[]) AND at >= $2 AND at < $3 ORDER BY at`,
      [seriesIds, from, to],
    );
  }

  async newestSparse(seriesIds: readonly number[], since: number): Promise<SparseRow[]> {
    if (seriesIds.length === 0) return [];
    return this.runner.all(
      `SELECT wanted.id AS "seriesId", newest.at, newest.value
      FROM unnest($1::bigint[]) AS wanted(id) CROSS JOIN LATERAL (
        SELECT at, value FROM sparse_point WHERE series_id = wanted.id AND at >= $2 ORDER BY at DESC LIMIT 1
      ) AS newest`,
      [seriesIds, since],
    );
  }

  seriesOfBlock(block: number): Promise<{ id: number; slot: number }[]> {
    return this.runner.all('SELECT id, slot FROM series WHERE block = $1 ORDER BY slot', [block]);
  }
}
