import type { Clock } from '../clock';
import { JoinedWork } from '../joined-work';
import type { Logger } from '../logger';
import type { RunRepository } from './run-repository';

const DAY_MS = 24 * 3_600_000;
/** Small enough that a collection's own write does not wait long. */
const BATCH = 500;
/** Of one tick: 100,000 runs. What is left is for the next. */
const MAX_BATCHES = 200;

/** Keeps runs for their time, then sums them by day. */
export class RunKeeper {
  private readonly work = new JoinedWork((signal) => this.sum(signal));

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
    return this.work.run();
  }

  /** Ends with the batch at work. */
  stop(): Promise<void> {
    return this.work.stop();
  }

  private async sum(signal: AbortSignal): Promise<void> {
    const { runs, retentionDays, clock, log } = this.options;
    try {
      const before = clock.now() - retentionDays * DAY_MS;
      for (let batch = 0; batch < MAX_BATCHES && !signal.aborted; batch++) {
        if ((await runs.sumBefore(before, BATCH)) < BATCH) return;
      }
    } catch (error) {
      log.error({ err: error }, 'Old collection runs could not be summed; the next tick tries again');
    }
  }
}
