import type { Clock } from '../clock';
import { JoinedWork } from '../joined-work';
import type { Logger } from '../logger';
import type { MetricMaintenance } from './metric-maintenance';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A day is sealed this long after its end: later revisions are rare, and go into sealed days as well. */
const SEALED_AFTER_MS = 6 * HOUR_MS;
/** How long a client may be away and still be told what it missed. */
const EVENTS_KEPT_MS = 6 * HOUR_MS;

/** Keeps the metric store in shape: seals days that are over, and deletes what is older than the retention. */
export class MetricKeeper {
  readonly #work = new JoinedWork((signal) => this.#keep(signal));

  constructor(
    private readonly options: {
      maintenance: Pick<MetricMaintenance, 'seal' | 'prune'>;
      fineRetentionDays: number;
      hourlyRetentionDays: number;
      clock: Pick<Clock, 'now'>;
      log: Pick<Logger, 'error'>;
    },
  ) {}

  /** Ticks that come while one is at work join it. Never rejects: what failed is made up with the next one. */
  tick(): Promise<void> {
    return this.#work.run();
  }

  /** Ends what is at work, after the day of a block that it seals, and begins nothing more. */
  stop(): Promise<void> {
    return this.#work.stop();
  }

  async #keep(signal: AbortSignal): Promise<void> {
    const { maintenance, fineRetentionDays, hourlyRetentionDays, clock, log } = this.options;
    const now = clock.now();
    try {
      if (!signal.aborted) await maintenance.seal(now - SEALED_AFTER_MS, signal);
      if (signal.aborted) return;
      await maintenance.prune({
        fineBefore: now - fineRetentionDays * DAY_MS,
        hourlyBefore: now - hourlyRetentionDays * DAY_MS,
        eventsBefore: now - EVENTS_KEPT_MS,
      });
    } catch (error) {
      log.error(
        { err: error },
        'The metric store could not be kept in shape; the next attempt goes on from here',
      );
    }
  }
}
