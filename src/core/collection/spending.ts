import type { Account } from '../accounts/account';
import type { Series } from '../metrics/series';

/** What an account's budget leaves open: everything, a slower pace for what nobody reads, or nothing that is priced. */
export type Allowance = 'ALL' | 'STRETCHED' | 'HELD';

/** What a run says that the budget keeps from asking. */
export const BUDGET_USED_UP =
  'The monthly budget of the account is used up: nothing that AWS charges for is asked until the month ends';

/** What a collection may spend. */
export interface Spending {
  /** Asked at the start of a run: `take` goes by what it found. */
  allowance(account: Account): Promise<Allowance>;
  /** Of these series, the ids of those that are asked for at the slower pace. */
  unread(account: Account, series: readonly Series[]): Promise<ReadonlySet<number>>;
  /** As `allowance`, for a run that fills gaps. */
  mayBackfill(account: Account): Promise<boolean>;
  /**
   * Takes the price of a call before it is made (US dollars, the upper bound). False: the budget is used up, and the call
   * is not to be made. The call that reaches the line still may be; no more than one goes beyond it, however many are at work.
   */
  take(accountId: number, usd: number): boolean;
}

/** No budget. */
export const UNBOUNDED: Spending = {
  allowance: async () => 'ALL',
  unread: async () => new Set(),
  mayBackfill: async () => true,
  take: () => true,
};
