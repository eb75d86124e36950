import type { AccountRepository } from '../accounts/account-repository';
import type { Clock } from '../clock';
import { JoinedWork } from '../joined-work';
import type { Logger } from '../logger';
import type { HealthAccount, HealthReader } from './health-reader';

/** How old the figure of an account may become. */
const KEPT_MS = 15 * 60_000;
/** Of each minute: what is left then is for the next tick, the oldest figure first. */
const TICK_MS = 6_000;
const BATCH = 20;

/**
 * Counts now and then how complete the last day of each account is, so that accounts can be ordered by it. An account that
 * is paused or broken has no runs, and its figure falls all the same: hence by time, one account after the other.
 */
export class CompletenessKeeper {
  readonly #work = new JoinedWork((signal) => this.#countAll(signal));

  constructor(
    private readonly options: {
      accounts: Pick<AccountRepository, 'dueForCompleteness' | 'recordCompleteness'>;
      health: Pick<HealthReader, 'completeness'>;
      clock: Pick<Clock, 'now'>;
      log: Pick<Logger, 'error'>;
    },
  ) {}

  /** Ticks that come while one is at work join it. Never rejects: what failed is made up with the next one. */
  tick(): Promise<void> {
    return this.#work.run();
  }

  /** Ends after the account at work. */
  stop(): Promise<void> {
    return this.#work.stop();
  }

  async #countAll(signal: AbortSignal): Promise<void> {
    const { accounts, clock, log } = this.options;
    const startedAt = clock.now();
    const isOver = () => signal.aborted || clock.now() - startedAt >= TICK_MS;
    try {
      while (!isOver()) {
        const due = await accounts.dueForCompleteness(startedAt - KEPT_MS, BATCH);
        for (const account of due) {
          if (isOver()) return;
          const completeness = await this.#count(account);
          await accounts.recordCompleteness(account.id, completeness, startedAt);
        }
        if (due.length < BATCH) return;
      }
    } catch (error) {
      log.error(
        { err: error },
        'The completeness of accounts could not be recorded; the next tick tries again',
      );
    }
  }

  /** Null as well where it cannot be: no account keeps the others waiting. */
  async #count(account: HealthAccount): Promise<number | null> {
    try {
      return await this.options.health.completeness(account, null);
    } catch (error) {
      this.options.log.error({ err: error, accountId: account.id }, 'The completeness could not be counted');
      return null;
    }
  }
}
