import fc from 'fast-check';
import type { Account } from '../accounts/account';
import { AccountCosts } from './account-costs';
import { DAY_MS, monthOf } from './utc-days';

const HOUR = DAY_MS / 24;
const MONTH = Date.UTC(2026, 10, 1);
const account = (varied: Partial<Account> = {}) =>
  ({ id: 1, status: 'CONNECTED', monthlyBudgetUsd: null, createdAt: 0, ...varied }) as Account;

/** Spent by day, from the start of the month: 0 is its first day. */
async function costs(days: Record<number, number>, now: number, subject = account()) {
  const asked: number[][] = [];
  const ledger = {
    spentByDay: async (ids: readonly number[], from: number, to: number) => {
      asked.push([from, to]);
      return Object.entries(days)
        .map(([day, upper]) => ({
          accountId: ids[0]!,
          day: MONTH + Number(day) * DAY_MS,
          cost: { lower: upper / 2, upper },
        }))
        .filter(({ day }) => day >= from && day < to);
    },
  };
  const [cost] = await new AccountCosts({ ledger, clock: { now: () => now } as never }).of([subject]);
  expect(asked).toHaveLength(1);
  return cost!;
}

describe('AccountCosts', () => {
  it('adds the rest of the month at the rate of the last 24 hours', async () => {
    // 6 h into the 11th: a quarter of that day, three quarters of the one before.
    const now = MONTH + 10 * DAY_MS + 6 * HOUR;
    const cost = await costs({ 8: 100, 9: 4, 10: 2 }, now);
    expect(cost.monthToDateUsdUpperBound).toBe(106);
    expect(cost.monthToDateUsd).toBe(53);
    expect(cost.forecastMonthEndUsdUpperBound).toBeCloseTo(106 + 5 * 19.75, 9);
    expect(cost.forecastMonthEndUsd).toBeCloseTo(53 + 2.5 * 19.75, 9);
  });

  it('looks at the last day of the month before for the rate, and at nothing else of it', async () => {
    const cost = await costs({ [-2]: 50, [-1]: 3, 0: 1 }, MONTH + 12 * HOUR);
    expect(cost.monthToDateUsdUpperBound).toBe(1);
    expect(cost.forecastMonthEndUsdUpperBound).toBeCloseTo(1 + 2.5 * 29.5, 9);
  });

  it('takes the time since it was registered where there is no more', async () => {
    const now = MONTH + 12 * HOUR;
    const cost = await costs({ 0: 1 }, now, account({ createdAt: now - 6 * HOUR }));
    expect(cost.forecastMonthEndUsdUpperBound).toBeCloseTo(1 + 4 * 29.5, 9);
    expect(await costs({}, now)).toMatchObject({ monthToDateUsd: 0, forecastMonthEndUsd: 0 });
  });

  it('takes what the first minutes cost for a whole hour', async () => {
    const now = MONTH + 12 * HOUR;
    const cost = await costs({ 0: 1 }, now, account({ createdAt: now - 120_000 }));
    expect(cost.forecastMonthEndUsdUpperBound).toBeCloseTo(1 + 24 * 29.5, 9);
  });

  it.each([{ status: 'PAUSED' as const }, { monthlyBudgetUsd: 5 }])(
    'adds nothing for what is not collected: %o',
    async (varied) => {
      const cost = await costs({ 0: 5 }, MONTH + 12 * HOUR, account(varied));
      expect(cost.forecastMonthEndUsdUpperBound).toBe(5);
    },
  );

  it.each([
    [null, 'NONE'],
    [10, 'WITHIN'],
    [6.25, 'STRETCHED'],
    [5.01, 'STRETCHED'],
    [5, 'HELD'],
    [0, 'HELD'],
  ])('counts the upper bound against a budget of %p: %s', async (monthlyBudgetUsd, budgetState) => {
    const cost = await costs({ 0: 5 }, MONTH + 12 * HOUR, account({ monthlyBudgetUsd }));
    expect(cost).toMatchObject({ budgetState });
  });
});

test('monthOf holds its instant, and the next month begins where it ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (at) => {
      const { from, to } = monthOf(at);
      expect(from <= at && at < to).toBe(true);
      expect(monthOf(to).from).toBe(to);
      expect(monthOf(to - 1).from).toBe(from);
    }),
  );
});
