import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Configuration } from '../config/settings';
import { backupDatabase, restoreDatabase } from '../db';
import { databaseOptions } from '../gateway/database';
import { UsageError } from './usage-error';

type Print = (line: string) => void;

const toStandardOutput: Print = (line) => process.stdout.write(`${line}\n`);

/**
 * `backup FILE`, beside a running gateway or without one: a copy of the database as it is at one instant. Encryption and
 * audit keys are no part of it.
 * @throws UsageError, BackupExistsError, BackupDamagedError, SqliteError
 */
export async function backupCommand(
  configuration: Configuration,
  args: string[],
  print: Print = toStandardOutput,
): Promise<void> {
  const [target, ...more] = args;
  if (!target || more.length > 0) throw new UsageError('backup: wanted is backup FILE');
  const { file } = databaseOptions(configuration);
  if (!existsSync(file)) throw new UsageError(`backup: there is no database ${file}`);
  const bytes = await backupDatabase(file, target);
  print(`${target} holds the database as it was when this began: ${bytes} bytes, found whole`);
}

/**
 * `restore FILE`, without a running gateway: puts a backup where the gateway finds it, where no database is.
 * @throws UsageError, BackupExistsError, BackupDamagedError, SqliteError
 */
export async function restoreCommand(
  configuration: Configuration,
  args: string[],
  print: Print = toStandardOutput,
): Promise<void> {
  const [backup, ...more] = args;
  if (!backup || more.length > 0) throw new UsageError('restore: wanted is restore FILE');
  if (!existsSync(backup)) throw new UsageError(`restore: there is no file ${backup}`);
  const { file } = databaseOptions(configuration);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const bytes = await restoreDatabase(backup, file);
  print(`${file} is the database of ${backup}: ${bytes} bytes, found whole`);
}
