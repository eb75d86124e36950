import { AsyncLocalStorage } from 'node:async_hooks';
import { SqliteError } from './sqlite-connection';

/** What the disk, or the file, is to blame for: until a write succeeds, none will. */
const DISK_CODES = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_CANTOPEN',
]);

/**
 * One write transaction after another, whichever connection they use: SQLite has one writer, and two transactions
 * on TypeORM's one connection would run into each other and lose rows.
 */
export class WriteQueue {
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  #failure: SqliteError | null = null;
  readonly #transaction = new AsyncLocalStorage<{ open: boolean }>();

  /**
   * Runs `work` when all earlier ones have ended, well or badly.
   * @throws Error when called from inside a work of this queue (it would wait for itself), or after `close`.
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    const refusal = this.refusal();
    if (refusal) return Promise.reject(refusal);
    const result = this.#last.then(() => this.#inTransaction(work));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Why `run` would not take a work from here and now; null when it would. */
  refusal(): Error | null {
    if (this.#transaction.getStore()?.open) {
      return new Error('A write transaction was started inside another one');
    }
    return this.#closed ? new Error('The database is closed') : null;
  }

  /** Why the newest write that came to an end could not be made; null when it could, or failed for a reason of its own. */
  get failure(): SqliteError | null {
    return this.#failure;
  }

  /** Refuses new work and resolves when what was accepted has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
    // One that is left enabled costs every promise of the process a little, for ever.
    this.#transaction.disable();
  }

  async #inTransaction<T>(work: () => Promise<T>): Promise<T> {
    const transaction = { open: true };
    try {
      const result = await this.#transaction.run(transaction, work);
      this.#failure = null;
      return result;
    } catch (error) {
      if (error instanceof SqliteError && DISK_CODES.has(error.code)) this.#failure = error;
      throw error;
    } finally {
      // What the work left behind (a timer, a listener) keeps this context, but is no longer inside.
      transaction.open = false;
    }
  }
}
