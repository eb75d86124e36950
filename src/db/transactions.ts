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

/** Works that share one COMMIT: more would keep others waiting for long. */
const WORKS_TOGETHER = 32;

interface WaitingWork {
  run(connection: SqliteConnection): Promise<void>;
  committed(): void;
  failed(error: unknown): void;
}

/** Writes of leases, series and points (synchronous=NORMAL), on a connection of our own. */
export class RawWriter {
  #waiting: WaitingWork[] = [];
  /** In the queue, each for as many works as share a commit. */
  #turns = 0;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly queue: WriteQueue,
  ) {}

  /** As `EntityWriter.transaction`. */
  transaction<T>(work: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    return this.queue.run(() => immediately(this.connection, () => work(this.connection)));
  }

  /**
   * As `transaction`, but those that wait together may be committed together: a page that several of them write goes to
   * the disk once. Each has its own fate: where one fails, the others are run anew without it, so `work` must do nothing
   * but read and write here.
   */
  shared<T>(work: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    const refusal = this.queue.refusal();
    if (refusal) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#waiting.push({
        run: async (connection) => {
          result = await work(connection);
        },
        committed: () => resolve(result),
        failed: reject,
      });
      if (this.#turns * WORKS_TOGETHER < this.#waiting.length) this.#takeTurn();
    });
  }

  /** A turn for each work would hold all of them until the queue is empty, which a busy one never is. */
  #takeTurn(): void {
    this.#turns += 1;
    const turn = this.queue.run(() => {
      this.#turns -= 1;
      return this.#runTogether(this.#waiting.splice(0, WORKS_TOGETHER));
    });
    // Each work was told; the queue alone had to know.
    turn.catch(() => undefined);
  }

  /** @throws what the last of them failed with, when none is left that could be committed. */
  async #runTogether(works: readonly WaitingWork[]): Promise<void> {
    let failing: WaitingWork | null = null;
    try {
      await immediately(this.connection, async () => {
        for (const work of works) {
          failing = work;
          await work.run(this.connection);
        }
        failing = null;
      });
      works.forEach(({ committed }) => committed());
    } catch (error) {
      const culprit = failing ?? works[0]!;
      culprit.failed(error);
      const others = works.filter((work) => work !== culprit);
      if (others.length === 0) throw error;
      await this.#runTogether(others);
    }
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
