import { Pool, types, type PoolClient, type PoolConfig, type QueryResult } from 'pg';

export type PostgresValue = string | number | boolean | Buffer | null | readonly number[] | readonly string[];

/**
 * What runs SQL: in a transaction, or on any connection of the pool. A statement with a `name` of its own is kept prepared
 * on each connection, which halves what it costs both sides: for what every append does.
 */
export interface PostgresRunner {
  /** @returns all rows, as objects by column name. */
  all<Row>(sql: string, parameters?: readonly PostgresValue[], name?: string): Promise<Row[]>;
  /** @returns how many rows were changed. */
  run(sql: string, parameters?: readonly PostgresValue[], name?: string): Promise<number>;
}

/** PostgreSQL refused a statement. Names the statement, never its parameters nor PostgreSQL's detail: they hold values. */
export class PostgresError extends Error {
  /** SQLSTATE, or the code of the socket's error; null when no answer came in time. */
  readonly code: string | null;

  constructor(cause: Error & { code?: string }, sql: string) {
    super(`${cause.message} (in ${sql.replace(/\s+/g, ' ').trim().slice(0, 120)})`);
    this.name = 'PostgresError';
    this.code = cause.code ?? null;
  }
}

/** What the caller may say otherwise. Milliseconds. */
const DEFAULTS: PoolConfig = {
  application_name: 'rolecall',
  max: 4,
  keepAlive: true,
  connectionTimeoutMillis: 30_000,
  // Kept by this process, for the server may be what hangs.
  query_timeout: 60_000,
};

/** A process that hangs inside a transaction must not hold its locks. Said here, for PgBouncer refuses it at the start. */
const SESSION = `SET idle_in_transaction_session_timeout = '60s'`;

export interface PoolOptions {
  /** False behind a PgBouncer before 1.21 that pools by transaction: the next one may be on a connection without them. */
  preparedStatements?: boolean;
}

/** Connections to one database, with promises. */
export class PostgresPool implements PostgresRunner {
  readonly #pool: Pool;
  readonly #runner: PostgresRunner;
  readonly #isPreparing: boolean;
  #closing: Promise<void> | null = null;

  constructor(config: PoolConfig, { preparedStatements = true }: PoolOptions = {}) {
    this.#pool = new Pool({
      ...DEFAULTS,
      ...config,
      types: { getTypeParser },
      onConnect: async (client) => {
        await client.query(SESSION);
      },
    });
    // A connection that is lost while nothing runs on it must not end the process; the next statement tells.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
    this.#isPreparing = preparedStatements;
    this.#runner = runnerOn(this.#pool, preparedStatements);
  }

  all<Row>(sql: string, parameters?: readonly PostgresValue[], name?: string): Promise<Row[]> {
    return this.#runner.all<Row>(sql, parameters, name);
  }

  run(sql: string, parameters?: readonly PostgresValue[], name?: string): Promise<number> {
    return this.#runner.run(sql, parameters, name);
  }

  /** BEGIN, `work`, COMMIT; rolled back when `work` throws. No network besides inside. */
  async transaction<T>(work: (transaction: PostgresRunner) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let isUsable = false;
    try {
      await query(client, 'BEGIN');
      const result = await work(runnerOn(client, this.#isPreparing));
      const { command } = await query(client, 'COMMIT');
      isUsable = true;
      // PostgreSQL answers so, without an error, when a statement before it had failed.
      if (command === 'ROLLBACK') throw new Error('A failed statement was passed over: rolled back');
      return result;
    } catch (error) {
      // Without a code the server has not answered at all, and would not answer this either.
      const isSilent = error instanceof PostgresError && error.code === null;
      isUsable ||= !isSilent && (await rollBack(client));
      throw error;
    } finally {
      client.release(!isUsable);
    }
  }

  /** Ends what was accepted. A second call does nothing more. */
  close(): Promise<void> {
    return (this.#closing ??= this.#pool.end());
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw new PostgresError(error as Error, 'connecting');
    }
  }
}

function runnerOn(target: Pool | PoolClient, isPreparing: boolean): PostgresRunner {
  const named = (name?: string) => (isPreparing ? name : undefined);
  return {
    all: async <Row>(sql: string, parameters?: readonly PostgresValue[], name?: string) =>
      (await query(target, sql, parameters, named(name))).rows as Row[],
    run: async (sql, parameters, name) => (await query(target, sql, parameters, named(name))).rowCount ?? 0,
  };
}

async function query(
  target: Pool | PoolClient,
  text: string,
  parameters: readonly PostgresValue[] = [],
  name?: string,
): Promise<QueryResult> {
  try {
    return await target.query({ text, values: [...parameters], name });
  } catch (error) {
    throw new PostgresError(error as Error, text);
  }
}

/** @returns whether the connection can be used again. */
async function rollBack(client: PoolClient): Promise<boolean> {
  try {
    await query(client, 'ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

/** As pg has them, but int8 is a number: ids and instants stay below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  return oid === types.builtins.INT8 ? safeInteger : types.getTypeParser(oid, format as 'text');
}

/** @throws RangeError beyond 2^53, where a number would be another one. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`PostgreSQL answered ${text}, beyond 2^53`);
  return value;
}
