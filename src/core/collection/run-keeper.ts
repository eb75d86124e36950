import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { RunRepository } from './run-repository';

const DAY_MS = 24 * 3_600_000;
/** Small enough that a collection's own write does not wait long. */
const BATCH = 500;
/** Of one tick: 100,000 runs. What is left is for the next. */
const MAX_BATCHES = 200;

/** Keeps runs for their time, then sums them by day. */
export class RunKeeper {
  private ticking: Promise<void> | null = null;
  private isStopped = false;

  constructor(
    private readonly options: {
      runs: Pick<RunRepository, 'sumBefore'>;
      retentionDays: number;
      clock: Clock;
      log: Pick<Logger, 'error'>;
    },
  ) {}

  /** Sums what is too old, batch by batch. Ticks that come while it lasts join it. Never rejects. */
  tick(): Promise<void> {
    this.ticking ??= this.sum().finally(() => (this.ticking = null));
    return this.ticking;
  }

  /** Ends with the batch at work. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.ticking;
  }

  private async sum(): Promise<void> {
    const { runs, retentionDays, clock, log } = this.options;
    try {
      const before = clock.now() - retentionDays * DAY_MS;
      for (let batch = 0; batch < MAX_BATCHES && !this.isStopped; batch++) {
        if ((await runs.sumBefore(before, BATCH)) < BATCH) return;
      }
    } catch (error) {
      log.error({ err: error }, 'Old collection runs could not be summed; the next tick tries again');
    }
  }
}
