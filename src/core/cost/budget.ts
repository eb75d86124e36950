import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import type { UsdBounds } from './prices';
import type { UsageBook } from './usage-book';
import type { UsageLedger } from './usage-ledger';
import { monthOf } from './utc-days';

/**
 * NONE: no budget is set. STRETCHED: 80 % is spent; series that nobody reads are asked for hourly, and history is left
 * for the next month. HELD: all of it is spent; nothing priced is asked for until the month turns.
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

/** What one run may still spend. */
export interface Allowance {
  /** At the start of the run. */
  readonly state: BudgetState;
  /**
   * Takes what a call costs (US dollars, the upper bound). False when the budget is spent: the call is not to be made.
   * The call that reaches the line may still be, so that no more than one goes beyond it, however many are at work.
   */
  take(usd: number): boolean;
}

/** Keeps the priced calls of each account within its monthly budget. */
export class Budget {
  constructor(
    private readonly options: { ledger: Pick<UsageLedger, 'spentByDay'>; book: UsageBook; clock: Clock },
  ) {}

  async state(account: Pick<Account, 'id'> & Budgeted): Promise<BudgetState> {
    return (await this.allowance(account)).state;
  }

  /** Of a run that begins now: what others spend meanwhile is found by the next one. */
  async allowance(account: Pick<Account, 'id'> & Budgeted): Promise<Allowance> {
    const { monthlyBudgetUsd: budget } = account;
    if (budget === null) return UNLIMITED;
    const spent = await this.spent(account.id);
    let left = budget - spent.upper;
    return {
      state: budgetState(account, spent),
      take(usd) {
        if (left <= 0) return false;
        left -= usd;
        return true;
      },
    };
  }

  private async spent(accountId: number): Promise<UsdBounds> {
    const { ledger, book, clock } = this.options;
    const { from, to } = monthOf(clock.now());
    const days = await ledger.spentByDay([accountId], from, to);
    const unwritten = book.unwritten(accountId, from);
    return days.reduce((sum, { cost }) => added(sum, cost), unwritten);
  }
}

const UNLIMITED: Allowance = { state: 'NONE', take: () => true };

/** The sum of two. */
export function added(a: UsdBounds, b: UsdBounds): UsdBounds {
  return { lower: a.lower + b.lower, upper: a.upper + b.upper };
}
