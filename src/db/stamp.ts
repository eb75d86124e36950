import type { SqlRunner } from './sqlite-connection';

/** The database belongs to another AWS endpoint: its accounts and points must not mix with this one's. */
export class DatabaseStampError extends Error {
  constructor(
    /** The endpoint's URL, or null for AWS itself. */
    readonly stamped: string | null,
    readonly given: string | null,
  ) {
    super(
      `The database was made with ${nameOf(stamped)}, but the gateway is configured for ${nameOf(given)}. ` +
        'Start it with the endpoint that the database was made with, or give it another data folder.',
    );
    this.name = 'DatabaseStampError';
  }
}

/** @throws DatabaseStampError when the database is stamped with another endpoint. A new database has no stamp yet. */
export async function checkStamp(runner: SqlRunner, awsEndpoint: string | null): Promise<void> {
  const made = await runner.all(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'stamp'`);
  if (made.length === 0) return;
  const [stamp] = await runner.all<{ value: string | null }>(
    `SELECT value FROM stamp WHERE key = 'awsEndpoint'`,
  );
  if (stamp && stamp.value !== awsEndpoint) throw new DatabaseStampError(stamp.value, awsEndpoint);
}

/** Stamps a database that has no stamp. */
export async function writeStamp(runner: SqlRunner, awsEndpoint: string | null): Promise<void> {
  await runner.run(`INSERT OR IGNORE INTO stamp (key, value) VALUES ('awsEndpoint', ?)`, [awsEndpoint]);
}

function nameOf(endpoint: string | null): string {
  return endpoint === null ? 'AWS itself (no endpoint set)' : `the AWS endpoint ${endpoint}`;
}
