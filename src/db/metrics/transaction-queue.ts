import type { MetricTables, MetricTransaction } from './metric-tables';

export type Outcome<Result> = { result: Result } | { error: unknown };

interface Waiting<Job, Result> {
  job: Job;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Jobs that wait for the writer at the same moment share a transaction: each statement costs more than what it says. */
export class TransactionQueue<Job, Result> {
  #waiting: Waiting<Job, Result>[] = [];
  #isAtWork = false;

  /**
   * @param work answers for each job, in their order. Jobs learn of it in that order too.
   * @param sizeOf jobs go together as far as their sizes stay within `limit`; one that is larger goes alone.
   */
  constructor(
    private readonly tables: MetricTables,
    private readonly work: (
      transaction: MetricTransaction,
      jobs: readonly Job[],
    ) => Promise<Outcome<Result>[]>,
    private readonly sizeOf: (job: Job) => number,
    private readonly limit: number,
  ) {}

  run(job: Job): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      if (!this.#isAtWork) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    while (this.#waiting.length > 0) await this.#next();
    this.#isAtWork = false;
  }

  /** Never rejects. */
  async #next(): Promise<void> {
    let taken: Waiting<Job, Result>[] = [];
    try {
      // Those that come while this waits for its turn are taken along.
      const outcomes = await this.tables.transaction((transaction) => {
        if (taken.length === 0) taken = this.#take();
        return this.work(
          transaction,
          taken.map(({ job }) => job),
        );
      });
      taken.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index]!;
        if ('result' in outcome) resolve(outcome.result);
        else reject(outcome.error);
      });
    } catch (error) {
      // Before its turn: the database is closed.
      if (taken.length === 0) taken = this.#waiting.splice(0);
      taken.forEach(({ reject }) => reject(error));
    }
  }

  #take(): Waiting<Job, Result>[] {
    let size = 0;
    let count = 0;
    while (count < this.#waiting.length) {
      size += this.sizeOf(this.#waiting[count]!.job);
      if (count > 0 && size > this.limit) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}
