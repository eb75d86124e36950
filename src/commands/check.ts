import { existsSync } from 'node:fs';
import type { Configuration } from '../config/settings';
import type { DamagedBlob } from '../core/metrics/metric-maintenance';
import { checkDatabase, seriesNames } from '../db';
import { databaseOptions } from '../gateway/database';
import { UsageError } from './usage-error';

/** The database is not what was written: what was printed says where. */
export class DatabaseDamagedError extends Error {
  override readonly name = 'DatabaseDamagedError';
}

/** Series that are named of one damaged blob. */
const MOST_NAMES = 5;

/**
 * `check`, beside a running gateway or without one: the structure of the file, and the checksum of every blob of points.
 * @throws DatabaseDamagedError, UsageError, SqliteError
 */
export async function checkCommand(
  configuration: Configuration,
  args: string[],
  print: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<void> {
  if (args.length > 0) throw new UsageError('check: it takes no arguments');
  const { file } = databaseOptions(configuration);
  if (!existsSync(file)) throw new UsageError(`check: there is no database ${file}`);
  const { structure, blobs, damaged } = await checkDatabase(file, new AbortController().signal);
  structure.forEach((line) => print(`structure: ${line}`));
  for (const blob of damaged) print(await lineOf(file, blob));
  const faults = structure.length + damaged.length;
  if (faults > 0) {
    throw new DatabaseDamagedError(
      `${file} is damaged (faults: ${faults}). What is whole is served; a backup restores the rest`,
    );
  }
  print(`${file} is whole: its structure, and ${blobs} blobs of points with their checksums`);
}

async function lineOf(file: string, { kind, seriesIds, from, to, problem }: DamagedBlob): Promise<string> {
  const ids = seriesIds.slice(0, MOST_NAMES);
  // Their names may lie in what is damaged, too.
  const names = await seriesNames(file, ids).catch(() => ids.map((id) => `series ${id}`));
  const more = seriesIds.length > MOST_NAMES ? `, and ${seriesIds.length - MOST_NAMES} more` : '';
  const time = kind === 'state' ? '' : ` from ${iso(from)} to ${iso(to)}`;
  return `${kind}${time}: ${problem}: ${names.join(', ')}${more}`;
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
