import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SeriesPoints } from '../src/core/metrics/metric-store';
import { openRawConnection, prepareDatabaseFile } from '../src/db/database-file';
import type { SqliteConnection } from '../src/db/sqlite-connection';

/** Rows of a statement; 500 and more are written alike (measured). */
const ROWS_A_STATEMENT = 1_000;

/**
 * The reference of the metric store: one row a point, time before series in the key, and the best statement that was
 * measured for them. Each answer is a transaction under a fence, as the store's is; of a value that is there already
 * nothing is written.
 */
export class MetricRows {
  private constructor(
    readonly connection: SqliteConnection,
    private readonly folder: string,
  ) {}

  static async open(): Promise<MetricRows> {
    const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
    const file = join(folder, 'rows.sqlite');
    await prepareDatabaseFile(file);
    const connection = await openRawConnection(file, 'readwrite');
    await connection.exec(`
      CREATE TABLE lease (account_id INTEGER PRIMARY KEY, token INTEGER NOT NULL) STRICT;
      INSERT INTO lease VALUES (1, 1);
      CREATE TABLE point (at INTEGER NOT NULL, series_id INTEGER NOT NULL, value REAL NOT NULL,
        PRIMARY KEY (at, series_id)) STRICT, WITHOUT ROWID;
    `);
    return new MetricRows(connection, folder);
  }

  /** All answers in one transaction, each under its fence. The series of one share their timestamps. */
  async append(answers: readonly (readonly SeriesPoints[])[]): Promise<void> {
    await this.connection.run('BEGIN IMMEDIATE');
    for (const answer of answers) await this.#append(answer);
    await this.connection.run('COMMIT');
  }

  async #append(batch: readonly SeriesPoints[]): Promise<void> {
    const { connection } = this;
    await connection.all('SELECT 1 FROM lease WHERE account_id = ? AND token = ?', [1, 1]);
    for (const [index, at] of batch[0]!.timestamps.entries()) {
      for (let start = 0; start < batch.length; start += ROWS_A_STATEMENT) {
        const slice = batch.slice(start, start + ROWS_A_STATEMENT);
        const values = slice.map(({ values: ofSeries }) => ofSeries[index]!);
        await connection.run(
          `INSERT INTO point (at, series_id, value)
          SELECT ?1, ?2 + key, value FROM json_each(?3) WHERE TRUE
          ON CONFLICT (at, series_id) DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value`,
          [at, slice[0]!.series.id, JSON.stringify(values)],
        );
      }
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
    await rm(this.folder, { recursive: true });
  }
}
