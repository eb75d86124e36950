import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import type { Allowance, Spending } from '../collection/spending';
import type { Series } from '../metrics/series';
import type { UsdBounds } from './prices';
import type { SeriesDemand } from './series-demand';
import type { UsageBook } from './usage-book';
import type { UsageLedger } from './usage-ledger';
import { monthOf } from './utc-days';

/**
 * NONE: no budget is set. STRETCHED: 80 % is spent; series that nobody reads are asked for hourly, and gaps are left for
 * the next month. HELD: all of it is spent; nothing priced is asked for until the month turns.
 */
export type BudgetState = 'NONE' | 'WITHIN' | 'STRETCHED' | 'HELD';

const STRETCHED_SHARE = 0.8;

/**
 * How the spending of a UTC month stands to the budget. The upper bound is what counts: whatever AWS's rule for several
 * statistics is, the bill stays below the budget.
 */
export function budgetState({ monthlyBudgetUsd: budget }: Budgeted, spent: UsdBounds): BudgetState {
  if (budget === null) return 'NONE';
  if (spent.upper >= budget) return 'HELD';
  return spent.upper >= budget * STRETCHED_SHARE ? 'STRETCHED' : 'WITHIN';
}

type Budgeted = Pick<Account, 'monthlyBudgetUsd'>;
type Spender = Pick<Account, 'id'> & Budgeted;

const ALLOWANCE: Record<BudgetState, Allowance> = {
  NONE: 'ALL',
  WITHIN: 'ALL',
  STRETCHED: 'STRETCHED',
  HELD: 'HELD',
};
const NONE: ReadonlySet<number> = new Set();

/** Keeps the priced calls of each account within its monthly budget. */
export class Budget implements Spending {
  /** What the run of an account may still spend, as far as there is a budget. */
  private readonly left = new Map<number, { usd: number; state: BudgetState }>();

  constructor(
    private readonly options: {
      ledger: Pick<UsageLedger, 'spentByDay'>;
      book: Pick<UsageBook, 'unwritten'>;
      demand: Pick<SeriesDemand, 'unread'>;
      clock: Clock;
    },
  ) {}

  async state(account: Spender): Promise<BudgetState> {
    const { monthlyBudgetUsd: budget, id } = account;
    if (budget === null) {
      this.left.delete(id);
      return 'NONE';
    }
    const spent = await this.spent(id);
    const state = budgetState(account, spent);
    this.left.set(id, { usd: budget - spent.upper, state });
    return state;
  }

  async allowance(account: Spender): Promise<Allowance> {
    return ALLOWANCE[await this.state(account)];
  }

  /** Series of an account with a budget are looked at in any case: from then on it counts for how long nobody reads them. */
  async unread({ id }: Pick<Account, 'id'>, series: readonly Series[]): Promise<ReadonlySet<number>> {
    const left = this.left.get(id);
    if (!left) return NONE;
    const unread = await this.options.demand.unread(series);
    return left.state === 'STRETCHED' ? unread : NONE;
  }

  async mayBackfill(account: Spender): Promise<boolean> {
    return (await this.allowance(account)) === 'ALL';
  }

  take(accountId: number, usd: number): boolean {
    const left = this.left.get(accountId);
    if (!left) return true;
    if (left.usd <= 0) return false;
    left.usd -= usd;
    return true;
  }

  private async spent(accountId: number): Promise<UsdBounds> {
    const { ledger, book, clock } = this.options;
    const { from, to } = monthOf(clock.now());
    // Before the ledger: what is written meanwhile may count twice, for a run, but never not at all.
    const unwritten = book.unwritten(accountId, from);
    const days = await ledger.spentByDay([accountId], from, to);
    return days.reduce((sum, { cost }) => added(sum, cost), unwritten);
  }
}

/** The sum of two. */
export function added(a: UsdBounds, b: UsdBounds): UsdBounds {
  return { lower: a.lower + b.lower, upper: a.upper + b.upper };
}
