import { MIGRATIONS } from './migrations';
import type { Migration } from './migrations/migration';
import type { PostgresPool } from './postgres-pool';

/** Of the whole database: any number, but the same in all processes. */
const LOCK = 7_652_001;

/**
 * Runs the migrations that the database has not seen, all in one transaction. Of several processes that start at once,
 * one runs them and the others wait and find nothing to do. There is no way back.
 * @throws Error when the database has seen one that this program does not know.
 */
export async function migrate(pool: PostgresPool, known: readonly Migration[] = MIGRATIONS): Promise<void> {
  await pool.transaction(async (transaction) => {
    await transaction.all('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await transaction.run(`CREATE TABLE IF NOT EXISTS migration (
      id integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
    )`);
    const applied = await transaction.all<{ id: number; name: string }>('SELECT id, name FROM migration');
    const foreign = applied.find(({ id, name }) => known[id - 1]?.name !== name);
    if (foreign) {
      throw new Error(`The database was migrated by another release: ${foreign.name} is not known here`);
    }
    for (const [index, { name, statements }] of known.entries()) {
      const id = index + 1;
      if (applied.some((one) => one.id === id)) continue;
      for (const statement of statements) await transaction.run(statement);
      await transaction.run('INSERT INTO migration (id, name) VALUES ($1, $2)', [id, name]);
    }
  });
}
