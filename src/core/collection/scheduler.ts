import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { Jobs } from './jobs';
import type { Leases } from './leases';

/** Fires `task` at the times of a cron expression (with seconds). node-cron is one; tests fire by hand. */
export interface Cron {
  schedule(expression: string, task: () => void): { stop(): void };
}

/** How many accounts one tick hands out, and how many of them one look at the lease table: in between others have their turn. */
const PLAN_LIMIT = 5000;
const PLAN_CHUNK = 500;
/** What was handed out and not claimed, because the process that held it died, is handed out again. */
const REPLAN_AFTER_MS = 60_000;
/** In between the boundaries a short tick starts what the spread made due. Where both fire at once they are one look. */
const SHORT_TICK = '*/5 * * * * *';

/**
 * Wakes up at each boundary of the interval and shortly in between, and hands out what the lease table says is due.
 * A missed tick costs nothing: the due times stay in the table until they are served.
 */
export class Scheduler {
  private tasks: { stop(): void }[] = [];
  private ticking: Promise<void> | null = null;
  /** When the lease table was last read with success (epoch ms). */
  lastTickAt: number | null = null;

  constructor(
    private readonly options: {
      cron: Cron;
      leases: Leases;
      jobs: Jobs;
      clock: Clock;
      intervalMinutes: number;
      log: Logger;
    },
  ) {}

  start(): void {
    const boundary = `0 */${this.options.intervalMinutes} * * * *`;
    this.tasks = [boundary, SHORT_TICK].map((expression) =>
      this.options.cron.schedule(expression, () => void this.tick()),
    );
    void this.tick();
  }

  stop(): void {
    this.tasks.forEach((task) => task.stop());
    this.tasks = [];
  }

  /** Hands out what is due. Ticks that come while it lasts join it. Never throws. */
  tick(): Promise<void> {
    this.ticking ??= this.handOut().finally(() => (this.ticking = null));
    return this.ticking;
  }

  private async handOut(): Promise<void> {
    const { leases, jobs, clock, log } = this.options;
    try {
      for (let handedOut = 0; handedOut < PLAN_LIMIT; handedOut += PLAN_CHUNK) {
        const due = await leases.plan(clock.now(), REPLAN_AFTER_MS, PLAN_CHUNK);
        jobs.submit(due.map(({ dueAt, ...of }) => ({ ...of, scheduledFor: dueAt, manual: null })));
        if (due.length < PLAN_CHUNK) break;
      }
      this.lastTickAt = clock.now();
    } catch (error) {
      log.error({ error }, 'The lease table cannot be read; the next tick tries again');
    }
  }
}
