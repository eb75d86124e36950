import type { SqlRunner } from '../sqlite-connection';
import {
  TABLE_NAMES,
  type BlobRow,
  type BlobTable,
  type Cut,
  type DayRow,
  type MetricTableReads,
  type SparseRow,
  type TableBounds,
} from './metric-tables';

/** The reads of the metric store's tables, on a reader or inside a transaction. */
export class SqliteMetricReads implements MetricTableReads {
  constructor(protected readonly runner: SqlRunner) {}

  async blobs(name: BlobTable, ids: readonly number[], cut?: Cut): Promise<BlobRow[]> {
    if (ids.length === 0) return [];
    const { table, key } = TABLE_NAMES[name];
    const data = cut ? `substr(data, ${cut.start + 1}, ${cut.length})` : 'data';
    return this.runner.all(
      `SELECT ${key} AS id, ${data} AS data FROM ${table} WHERE ${key} IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
  }

  async days(ids: readonly number[]): Promise<DayRow[]> {
    if (ids.length === 0) return [];
    const rows = await this.runner.all<{ id: number; sealed: number }>(
      'SELECT id, sealed FROM block_day WHERE id IN (SELECT value FROM json_each(?))',
      [JSON.stringify(ids)],
    );
    return rows.map(({ id, sealed }) => ({ id, sealed: sealed === 1 }));
  }

  async bounds(): Promise<TableBounds> {
    const [row] = await this.runner.all<TableBounds>(
      `SELECT (SELECT min(id) FROM block_day) AS firstDay, (SELECT max(id) FROM block_day) AS lastDay,
        (SELECT max(id) FROM head) AS newestHead,
        (SELECT min(id) FROM rollup) AS firstRollup, (SELECT max(id) FROM rollup) AS lastRollup`,
    );
    return row!;
  }

  async sparse(seriesIds: readonly number[], from: number, to: number): Promise<SparseRow[]> {
    if (seriesIds.length === 0) return [];
    return this.runner.all(
      `SELECT series_id AS seriesId, at, sparse_point.value
      FROM json_each(?) AS wanted CROSS JOIN sparse_point ON series_id = wanted.value AND at >= ? AND at < ?
      ORDER BY at`,
      [JSON.stringify(seriesIds), from, to],
    );
  }

  async newestSparse(seriesIds: readonly number[], since: number): Promise<SparseRow[]> {
    if (seriesIds.length === 0) return [];
    return this.runner.all(
      `SELECT series_id AS seriesId, at, sparse_point.value
      FROM json_each(?) AS wanted CROSS JOIN sparse_point ON series_id = wanted.value
        AND at = (SELECT max(at) FROM sparse_point WHERE series_id = wanted.value AND at >= ?)`,
      [JSON.stringify(seriesIds), since],
    );
  }

  seriesOfBlock(block: number): Promise<{ id: number; slot: number }[]> {
    return this.runner.all('SELECT id, slot FROM series WHERE block = ?', [block]);
  }
}
