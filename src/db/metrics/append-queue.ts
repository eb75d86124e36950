import type { AppendResult } from '../../core/metrics/metric-store';
import { AppendGroup, ROWS_AT_ONCE, type AppendJob, type AppendOutcome } from './append-group';
import type { DamageLog } from './damage';
import type { MetricTables } from './metric-tables';

interface WaitingAppend extends AppendJob {
  resolve(result: AppendResult): void;
  reject(error: unknown): void;
}

/** Appends that wait for the writer at the same moment go together, as far as their rows fit into memory. */
export class AppendQueue {
  #waiting: WaitingAppend[] = [];
  #isAtWork = false;

  constructor(
    private readonly tables: MetricTables,
    private readonly onDamage: DamageLog,
  ) {}

  append(job: AppendJob): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...job, resolve, reject });
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
    let jobs: WaitingAppend[] = [];
    try {
      // Those that come while this waits for its turn are taken along.
      const outcomes = await this.tables.transaction(async (transaction): Promise<AppendOutcome[]> => {
        if (jobs.length === 0) jobs = this.#take();
        return new AppendGroup(transaction, this.onDamage).run(jobs);
      });
      jobs.forEach((job, index) => {
        const outcome = outcomes[index]!;
        if ('result' in outcome) job.resolve(outcome.result);
        else job.reject(outcome.error);
      });
    } catch (error) {
      // Before its turn: the database is closed.
      if (jobs.length === 0) jobs = this.#waiting.splice(0);
      jobs.forEach(({ reject }) => reject(error));
    }
  }

  #take(): WaitingAppend[] {
    let rows = 0;
    let count = 0;
    while (count < this.#waiting.length) {
      rows += this.#waiting[count]!.heads.length;
      if (count > 0 && rows > ROWS_AT_ONCE) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}
