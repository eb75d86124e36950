import { copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openRawConnection } from './database-file';
import { SqliteConnection } from './sqlite-connection';

/** The copy is not a whole database, and was not put in place. */
export class BackupDamagedError extends Error {
  override readonly name = 'BackupDamagedError';
}

/** There is a file already where the copy should go. */
export class BackupExistsError extends Error {
  override readonly name = 'BackupExistsError';

  constructor(readonly target: string) {
    super(`${target} is there already: it would be overwritten`);
  }
}

/**
 * Copies a database that may be in use, as it is at one instant: VACUUM INTO reads one snapshot and holds no writer up.
 * The copy appears under its name when it is whole, on the disk, and found without fault.
 * @returns its size in bytes. @throws BackupExistsError, BackupDamagedError, SqliteError
 */
export function backupDatabase(file: string, target: string): Promise<number> {
  return putInPlace(target, async (partial) => {
    // SQLite fills an empty file, which keeps its mode.
    await (await open(partial, 'wx', 0o600)).close();
    const connection = await openRawConnection(file, 'readonly');
    try {
      await connection.run('VACUUM INTO ?', [partial]);
    } finally {
      await connection.close();
    }
  });
}

/**
 * Puts a copy where a gateway finds it, which must not be there as yet.
 * @returns its size in bytes. @throws BackupExistsError, BackupDamagedError, SqliteError
 */
export async function restoreDatabase(backup: string, file: string): Promise<number> {
  // What a crash left in the log of another database must not be read into this one.
  for (const companion of [`${file}-wal`, `${file}-shm`]) await refuseExisting(companion);
  return putInPlace(file, async (partial) => {
    await (await open(partial, 'wx', 0o600)).close();
    await copyFile(backup, partial);
  });
}

/** Makes a file beside its place, and moves it there once it has been judged. */
async function putInPlace(target: string, make: (partial: string) => Promise<void>): Promise<number> {
  await refuseExisting(target);
  const partial = `${target}.partial`;
  await rm(partial, { force: true });
  try {
    await make(partial);
    const fault = await findFault(partial);
    if (fault) throw new BackupDamagedError(`The copy is damaged: ${fault}`);
    await flush(partial);
    await rename(partial, target);
    await flush(dirname(target));
    return (await stat(target)).size;
  } finally {
    for (const left of [partial, `${partial}-wal`, `${partial}-shm`]) await rm(left, { force: true });
  }
}

async function refuseExisting(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new BackupExistsError(path);
}

/** The first fault of a whole database file by SQLite's own check; null when there is none. */
async function findFault(file: string): Promise<string | null> {
  const connection = await SqliteConnection.open(file, 'readwrite');
  try {
    const [{ integrity_check: verdict }] = await connection.all<{ integrity_check: string }>(
      'PRAGMA integrity_check(1)',
    );
    if (verdict !== 'ok') return verdict;
    const stamped = await connection.all(`SELECT 1 FROM sqlite_master WHERE name = 'stamp'`);
    return stamped.length === 0 ? 'it is no database of Rolecall' : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await connection.close();
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
