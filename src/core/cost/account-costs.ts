import { isCollected, type Account } from '../accounts/account';
import type { Clock } from '../clock';
import { added, budgetState, type BudgetState } from './budget';
import type { UsdBounds } from './prices';
import type { UsageLedger } from './usage-ledger';
import { DAY_MS, dayOf, monthOf } from './utc-days';

/** What an account costs in the present UTC month, US dollars. */
export interface AccountCost {
  monthToDateUsd: number;
  monthToDateUsdUpperBound: number;
  forecastMonthEndUsd: number;
  forecastMonthEndUsdUpperBound: number;
  budgetState: BudgetState;
}

type Subject = Pick<Account, 'id' | 'status' | 'monthlyBudgetUsd' | 'createdAt'>;

const FREE: UsdBounds = { lower: 0, upper: 0 };

/** What accounts cost, by the ledger. */
export class AccountCosts {
  constructor(private readonly options: { ledger: Pick<UsageLedger, 'spentByDay'>; clock: Clock }) {}

  /** In the order of `accounts`, by one query. */
  async of(accounts: readonly Subject[]): Promise<AccountCost[]> {
    const now = this.options.clock.now();
    const month = monthOf(now);
    const yesterday = dayOf(now) - DAY_MS;
    const ids = accounts.map(({ id }) => id);
    const rows = await this.options.ledger.spentByDay(ids, Math.min(month.from, yesterday), month.to);
    const byAccount = new Map<number, Map<number, UsdBounds>>(ids.map((id) => [id, new Map()]));
    for (const { accountId, day, cost } of rows) byAccount.get(accountId)!.set(day, cost);
    return accounts.map((account) => costOf(account, byAccount.get(account.id)!, now));
  }
}

/**
 * At the month's end: what is spent, and the rest of the month at the rate of the last 24 hours. Nothing is added for an
 * account that is not collected, or held by its budget.
 */
function costOf(account: Subject, days: ReadonlyMap<number, UsdBounds>, now: number): AccountCost {
  const { from, to } = monthOf(now);
  const spent = [...days].reduce((sum, [day, cost]) => (day >= from ? added(sum, cost) : sum), FREE);
  const state = budgetState(account, spent);
  const goesOn = isCollected(account) && state !== 'HELD';
  const daysLeft = goesOn ? (to - now) / DAY_MS : 0;
  const rate = usdPerDay(account, days, now);
  return {
    monthToDateUsd: spent.lower,
    monthToDateUsdUpperBound: spent.upper,
    forecastMonthEndUsd: spent.lower + rate.lower * daysLeft,
    forecastMonthEndUsdUpperBound: spent.upper + rate.upper * daysLeft,
    budgetState: state,
  };
}

/** The first minutes of an account also pay for its history: what they cost is no rate. */
const SHORTEST_MS = 3_600_000;

/**
 * The spending of the last 24 hours: today's, and of yesterday's the part that is not older. Where yesterday has none,
 * today's is spread over the time since its start, or since the account was registered, an hour at least.
 */
function usdPerDay({ createdAt }: Subject, days: ReadonlyMap<number, UsdBounds>, now: number): UsdBounds {
  const start = dayOf(now);
  const today = days.get(start) ?? FREE;
  const yesterday = days.get(start - DAY_MS);
  if (yesterday) return added(today, times(yesterday, 1 - (now - start) / DAY_MS));
  return times(today, DAY_MS / Math.max(SHORTEST_MS, now - Math.max(start, createdAt)));
}

function times({ lower, upper }: UsdBounds, factor: number): UsdBounds {
  return { lower: lower * factor, upper: upper * factor };
}
