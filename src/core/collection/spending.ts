import type { Account } from '../accounts/account';
import type { Series } from '../metrics/series';

/** What an account's budget leaves open: everything, a slower pace for what nobody reads, or nothing that is priced. */
export type Allowance = 'ALL' | 'STRETCHED' | 'HELD';

/** What a collection may spend. */
export interface Spending {
  allowance(account: Account): Promise<Allowance>;
  /** Of these series, the ids of those that nobody reads. */
  unread(series: readonly Series[]): Promise<ReadonlySet<number>>;
  mayBackfill(account: Account): Promise<boolean>;
}

/** No budget. */
export const UNBOUNDED: Spending = {
  allowance: async () => 'ALL',
  unread: async () => new Set(),
  mayBackfill: async () => true,
};
