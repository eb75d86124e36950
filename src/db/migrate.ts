import type { DataSource } from 'typeorm';
import { MIGRATIONS, MIGRATION_TABLE } from './migrations';
import type { SqliteConnection } from './sqlite-connection';
import { checkStamp, writeStamp } from './stamp';
import type { EntityWriter } from './transactions';

/**
 * Checks the stamp, runs the pending migrations and stamps a new database, all in one write transaction: of two
 * processes that start at once, the second waits and finds nothing to do.
 * @throws DatabaseStampError before anything was changed.
 */
export async function migrate(
  source: DataSource,
  writer: EntityWriter,
  awsEndpoint: string | null,
): Promise<void> {
  // A migration that rebuilds a table must not cascade; the pragma has no effect inside a transaction.
  await source.query('PRAGMA foreign_keys = OFF');
  await writer.transaction(async (transaction) => {
    await checkStamp(transaction, awsEndpoint);
    await source.runMigrations({ transaction: 'none' });
    const broken = await transaction.all<{ table: string }>('PRAGMA foreign_key_check');
    if (broken.length > 0) throw new Error(`A migration broke references in ${broken[0].table}`);
    await writeStamp(transaction, awsEndpoint);
  });
  await source.query('PRAGMA foreign_keys = ON');
}

/** Names of the migrations that this program knows and the database has not seen. */
export async function pendingMigrations(reader: SqliteConnection): Promise<string[]> {
  const rows = await reader.all<{ name: string }>(`SELECT name FROM ${MIGRATION_TABLE}`);
  const executed = new Set(rows.map(({ name }) => name));
  return MIGRATIONS.map(({ name }) => name).filter((name) => !executed.has(name));
}
