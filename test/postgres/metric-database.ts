import type { ClientConfig } from 'pg';
import type { Fence } from '../../src/core/collection/leases';
import type { SeriesLocation } from '../../src/core/metrics/metric-store';
import { migrate } from '../../src/db/postgres/migrate';
import { PostgresPool } from '../../src/db/postgres/postgres-pool';
import type { PostgresServer } from '../support/postgres';

const SLOTS_PER_BLOCK = 1_000;

/** Migrated once a server, and then copied. */
const templates = new WeakMap<PostgresServer, Promise<ClientConfig>>();

async function migrated(server: PostgresServer): Promise<ClientConfig> {
  const config = await server.createDatabase();
  const pool = new PostgresPool(config);
  await migrate(pool);
  await pool.close();
  return config;
}

/** A migrated database of its own on the server, and what a suite of the metric store needs to have in it. */
export class MetricDatabase {
  private constructor(
    readonly config: ClientConfig,
    readonly pool: PostgresPool,
  ) {}

  static async make(server: PostgresServer): Promise<MetricDatabase> {
    let template = templates.get(server);
    if (!template) templates.set(server, (template = migrated(server)));
    const config = await server.createDatabase(await template);
    return new MetricDatabase(config, new PostgresPool(config));
  }

  /** Claims the account, as a process would that found it due and free; whoever held it before writes no more. */
  async claim(accountId: number, owner = 'a test'): Promise<Fence> {
    const [lease] = await this.pool.all<{ token: number }>(
      `INSERT INTO collect_lease AS held (account_id, owner, token, lease_until)
      VALUES ($1, $2, 1, now() + interval '1 minute')
      ON CONFLICT (account_id) DO UPDATE
      SET owner = excluded.owner, token = held.token + 1, lease_until = excluded.lease_until
      RETURNING token`,
      [accountId, owner],
    );
    return { accountId, token: lease!.token };
  }

  async revoke(accountId: number): Promise<void> {
    await this.pool.run(
      'UPDATE collect_lease SET owner = NULL, lease_until = NULL, token = token + 1 WHERE account_id = $1',
      [accountId],
    );
  }

  /** Series of one Region, in blocks of their own. */
  async series(
    accountId: number,
    count: number,
    period = 300,
    region = 'eu-central-1',
  ): Promise<SeriesLocation[]> {
    const locations: SeriesLocation[] = [];
    while (locations.length < count) {
      const slots = Math.min(count - locations.length, SLOTS_PER_BLOCK);
      const rows = await this.pool.all<{ id: number; block: number; slot: number }>(
        `WITH made AS (
          INSERT INTO block (account_id, region, period, slots) VALUES ($1, $2, $3, $4) RETURNING id
        )
        INSERT INTO series (block, slot) SELECT id, slot FROM made, generate_series(0, $4::integer - 1) AS slot
        RETURNING id, block, slot`,
        [accountId, region, period, slots],
      );
      for (const { id, block, slot } of rows) locations.push({ id, block, slot, period });
    }
    return locations;
  }

  /** Bytes that the server has written to its log so far. */
  async walPosition(): Promise<number> {
    const [row] = await this.pool.all<{ bytes: number }>(
      `SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint AS bytes`,
    );
    return row!.bytes;
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
