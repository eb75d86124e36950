import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm';
import { SqliteError, type SqliteConnection, type SqlRunner, type SqlValue } from './sqlite-connection';
import type { WriteQueue } from './write-queue';

/** A write transaction on TypeORM's connection: entities, and SQL beside them. */
export interface EntityTransaction extends SqlRunner {
  /** Use `insert`, `update`, `delete` and finds; `save` would open a transaction of its own. */
  manager: EntityManager;
}

/** Writes of entities (synchronous=FULL). Its connection is used by nothing else. */
export class EntityWriter {
  constructor(
    private readonly source: DataSource,
    private readonly queue: WriteQueue,
  ) {}

  /** BEGIN IMMEDIATE, `work`, COMMIT; rolled back when `work` throws. No network inside. */
  transaction<T>(work: (transaction: EntityTransaction) => Promise<T>): Promise<T> {
    const manager = this.source.manager;
    const transaction: EntityTransaction = {
      manager,
      all: <Row>(sql: string, parameters: readonly SqlValue[] = []) =>
        manager.query<Row[]>(sql, [...parameters]),
      run: async (sql, parameters = []) => {
        const result = await this.source.createQueryRunner().query(sql, [...parameters], true);
        return result.affected ?? 0;
      },
    };
    return this.queue.run(async () => {
      try {
        return await immediately(transaction, () => work(transaction));
      } catch (error) {
        throw withoutParameters(error);
      }
    });
  }
}

/** Writes of leases, series and points (synchronous=NORMAL), on a connection of our own. */
export class RawWriter {
  constructor(
    private readonly connection: SqliteConnection,
    private readonly queue: WriteQueue,
  ) {}

  /** As `EntityWriter.transaction`. */
  transaction<T>(work: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    return this.queue.run(() => immediately(this.connection, () => work(this.connection)));
  }
}

async function immediately<T>(runner: SqlRunner, work: () => Promise<T>): Promise<T> {
  // IMMEDIATE waits for another process here; a deferred BEGIN would fail at the first write instead.
  await runner.run('BEGIN IMMEDIATE');
  try {
    const result = await work();
    await runner.run('COMMIT');
    return result;
  } catch (error) {
    // SQLite may have rolled back by itself (disk full); the first error is the one to tell.
    await runner.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** TypeORM's error carries the bound values, which a logger would print. */
function withoutParameters(error: unknown): unknown {
  return error instanceof QueryFailedError ? new SqliteError(error.driverError, error.query) : error;
}
