import { chunkId, chunkOfId } from '../../metrics/chunk-layout';
import type { PostgresRunner } from '../postgres-pool';

/** Of the whole database, for the making of partitions alone: any number, but the same in all processes. */
const LOCK = 7_652_002;

/**
 * Sees to it that each day of these chunks has a partition: a day is sealed as one and expires as one, and dropping its
 * partition writes nothing of it once more. Attached rather than made in place, which would stop all who read chunks.
 */
export async function makePartitions(
  transaction: PostgresRunner,
  chunkIds: readonly number[],
): Promise<void> {
  const days = [...new Set(chunkIds.map((id) => chunkOfId(id).day))];
  if ((await missing(transaction, days)).length === 0) return;
  await transaction.all('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  for (const day of await missing(transaction, days)) {
    const [from, to] = [chunkId(0, day), chunkId(0, day + 1)];
    await transaction.run(`CREATE TABLE ${nameOf(day)} (LIKE chunk INCLUDING ALL)`);
    await transaction.run(
      `ALTER TABLE chunk ATTACH PARTITION ${nameOf(day)} FOR VALUES FROM (${from}) TO (${to})`,
    );
  }
}

/** Drops the partitions that lie wholly below an id. Waits for readers of chunks only as long as `lock_timeout` says. */
export async function dropPartitions(transaction: PostgresRunner, below: number): Promise<void> {
  for (const day of await partitionDays(transaction)) {
    if (chunkId(0, day + 1) <= below) await transaction.run(`DROP TABLE IF EXISTS ${nameOf(day)}`);
  }
}

/**
 * The days that have a partition, ascending. By the catalogue's tables: `to_regclass` goes by a cache that may not know as
 * yet what another has just made.
 */
export async function partitionDays(runner: PostgresRunner): Promise<number[]> {
  const rows = await runner.all<{ name: string }>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'chunk'::regclass`,
  );
  return rows.map(({ name }) => Number(name.slice(nameOf('').length))).sort((a, b) => a - b);
}

function nameOf(day: number | ''): string {
  return `chunk_${day}`;
}

async function missing(transaction: PostgresRunner, days: readonly number[]): Promise<number[]> {
  const made = new Set(await partitionDays(transaction));
  return days.filter((day) => !made.has(day));
}
