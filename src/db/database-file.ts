import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteConnection, SqliteError } from './sqlite-connection';

/** The file cannot be made, opened or written: the operator can mend that. */
export class DatabaseFileError extends Error {
  override readonly name = 'DatabaseFileError';

  constructor(file: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`The database ${file} cannot be written: ${why}`, { cause });
  }
}

/** How long a connection waits for another process's write, in milliseconds. */
export const BUSY_TIMEOUT = 5_000;

/**
 * What is deleted or replaced, a sealed key above all, is overwritten in the file. The log keeps it until its pages are
 * used again or the last connection closes.
 */
export const SECURE_DELETE = 'PRAGMA secure_delete = ON';

/**
 * Makes the file where it is missing, readable by its owner alone (SQLite gives -wal and -shm the same mode), in
 * a folder of the same kind, and turns it to WAL, which stays with the file. @throws DatabaseFileError
 */
export async function prepareDatabaseFile(file: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await (await open(file, 'a', 0o600)).close();
    const connection = await SqliteConnection.open(file, 'readwrite');
    try {
      await switchToWal(connection);
    } finally {
      await connection.close();
    }
  } catch (error) {
    throw new DatabaseFileError(file, error);
  }
}

/** SQLite does not wait for another process that does the same at this moment, so we do. */
async function switchToWal(connection: SqliteConnection): Promise<void> {
  const pause = 20;
  for (let waited = 0; ; waited += pause) {
    try {
      return await connection.exec('PRAGMA journal_mode = WAL');
    } catch (error) {
      const busy = error instanceof SqliteError && error.code === 'SQLITE_BUSY';
      if (!busy || waited >= BUSY_TIMEOUT) throw error;
      await sleep(pause);
    }
  }
}

/** Opens a connection of our own on the prepared file. */
export async function openRawConnection(
  file: string,
  mode: 'readonly' | 'readwrite',
): Promise<SqliteConnection> {
  const connection = await SqliteConnection.open(file, mode);
  await connection.exec(`
    PRAGMA busy_timeout = ${BUSY_TIMEOUT};
    PRAGMA foreign_keys = ON;
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -16000;
  `);
  return connection;
}
