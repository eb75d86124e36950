import type { DamagedBlob } from '../core/metrics/metric-maintenance';
import { openRawConnection } from './database-file';
import { BlobCheck } from './metrics/blob-check';
import { SqliteMetricTables } from './metrics/sqlite-metric-tables';
import { SqliteError, type SqliteConnection } from './sqlite-connection';
import { RawWriter } from './transactions';
import { WriteQueue } from './write-queue';

/** What is wrong with a database. */
export interface DatabaseCheck {
  /** What SQLite finds in the structure of the file, at most a hundred lines, and which points it cannot read; empty when that is whole. */
  structure: string[];
  /** Blobs of points that were read. */
  blobs: number;
  damaged: DamagedBlob[];
}

const MOST_LINES = 100;

/** Reads a database whole that may be in use, and changes nothing. @throws SqliteError when it cannot be read at all */
export async function checkDatabase(file: string, signal: AbortSignal): Promise<DatabaseCheck> {
  const reader = await openRawConnection(file, 'readonly');
  try {
    const structure = await structureOf(reader);
    // On a connection that cannot write.
    const tables = new SqliteMetricTables(new RawWriter(reader, new WriteQueue()), reader);
    const check = await new BlobCheck(tables).run(signal, (table, { message }) => {
      structure.push(`${table} cannot be read to its end: ${message}`);
    });
    return { structure, ...check };
  } finally {
    await reader.close();
  }
}

/** Where the damage is such that SQLite's own check breaks off, that is all that it finds. */
async function structureOf(reader: SqliteConnection): Promise<string[]> {
  try {
    const found = await reader.all<{ integrity_check: string }>(`PRAGMA integrity_check(${MOST_LINES})`);
    return found.map((row) => row.integrity_check).filter((line) => line !== 'ok');
  } catch (error) {
    if (!(error instanceof SqliteError) || error.code !== 'SQLITE_CORRUPT') throw error;
    return [error.message];
  }
}

/** What series are called, for people: `CPUUtilization Average of i-1 (account 3)`. In the order of `ids`. */
export async function seriesNames(file: string, ids: readonly number[]): Promise<string[]> {
  const reader: SqliteConnection = await openRawConnection(file, 'readonly');
  try {
    const rows = await reader.all<{ id: number; title: string }>(
      `SELECT series.id AS id, series.name || ' ' || statistic || ' of ' || resource.key ||
        ' (account ' || series.account_id || ')' AS title
      FROM series JOIN resource ON resource.id = resource_id
      WHERE series.id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    const titles = new Map(rows.map(({ id, title }) => [id, title]));
    return ids.map((id) => titles.get(id) ?? `series ${id}`);
  } finally {
    await reader.close();
  }
}
