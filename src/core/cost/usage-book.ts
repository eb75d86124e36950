import type { Account } from '../accounts/account';
import type { CallCounter } from '../aws/call-counter';
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { usd, type UsdBounds } from './prices';
import type { UsageMeter } from './usage';
import type { UsageEntry, UsageLedger } from './usage-ledger';
import { dayOf } from './utc-days';

/** Whose calls they are, and by which price list they are charged. */
export type Payer = Pick<Account, 'id' | 'partition'>;

/** Counts calls for an account. */
export type CallsOf = (payer: Payer) => CallCounter;

/** Entries by account, then by what they have in common. */
type Pages = Map<number, Map<string, UsageEntry>>;

/**
 * What the gateway has used and the ledger does not hold yet, by account. It goes to the ledger in one write at the end of
 * each run, and what is used outside of runs within a minute: a crash loses no more than that, and nothing is added twice.
 */
export class UsageBook {
  private pages: Pages = new Map();
  /** On its way to the ledger. */
  private leaving: UsageEntry[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: { ledger: UsageLedger; clock: Clock; log: Logger }) {}

  /** Takes down what is used for the account. */
  meter(payer: Payer): UsageMeter {
    const { clock } = this.options;
    return {
      add: (usage) =>
        this.enter({
          ...usage,
          accountId: payer.id,
          day: dayOf(clock.now()),
          cost: usd(usage, payer.partition),
        }),
    };
  }

  /** What the account has used since `from` (epoch ms) that the ledger does not hold yet. */
  unwritten(accountId: number, from: number): UsdBounds {
    const total = { lower: 0, upper: 0 };
    const leaving = this.leaving.filter((entry) => entry.accountId === accountId);
    for (const { day, cost } of [...leaving, ...(this.pages.get(accountId)?.values() ?? [])]) {
      if (day < from) continue;
      total.lower += cost.lower;
      total.upper += cost.upper;
    }
    return total;
  }

  /**
   * Writes down what was used, of one account or of all, behind a write under way. Never throws: what could not be
   * written is kept for the next time.
   */
  flush(accountId?: number): Promise<void> {
    this.writing = this.writing.then(() => this.write(accountId));
    return this.writing;
  }

  private enter(entry: UsageEntry): void {
    const { accountId, day, plugin, region, api } = entry;
    let page = this.pages.get(accountId);
    if (!page) this.pages.set(accountId, (page = new Map<string, UsageEntry>()));
    const key = JSON.stringify([day, plugin, region, api]);
    const held = page.get(key);
    if (!held) {
      page.set(key, { ...entry, cost: { ...entry.cost } });
      return;
    }
    held.calls += entry.calls;
    held.throttled += entry.throttled;
    held.metricsRequested += entry.metricsRequested;
    held.metricsRequestedLowerBound += entry.metricsRequestedLowerBound;
    held.cost.lower += entry.cost.lower;
    held.cost.upper += entry.cost.upper;
  }

  private async write(accountId?: number): Promise<void> {
    const ids = accountId === undefined ? [...this.pages.keys()] : [accountId];
    this.leaving = ids.flatMap((id) => [...(this.pages.get(id)?.values() ?? [])]);
    if (this.leaving.length === 0) return;
    for (const id of ids) this.pages.delete(id);
    try {
      await this.options.ledger.add(this.leaving);
    } catch (error) {
      this.options.log.error({ err: error }, 'What was used could not be written down: it is kept in memory');
      for (const entry of this.leaving) this.enter(entry);
    } finally {
      this.leaving = [];
    }
  }
}

/** Calls as usage: each request that is sent, and each that AWS throttled. */
export function countInto(meter: UsageMeter, plugin: string | null = null): CallCounter {
  const add = (region: string, api: string, calls: number, throttled: number) =>
    meter.add({
      ...{ plugin, region, api, calls, throttled },
      ...{ metricsRequested: 0, metricsRequestedLowerBound: 0 },
    });
  return {
    count: ({ region, action }) => add(region, action, 1, 0),
    throttled: ({ region, action }) => add(region, action, 0, 1),
  };
}
