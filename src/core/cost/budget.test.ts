import type { Account } from '../accounts/account';
import type { Series } from '../metrics/series';
import { Budget } from './budget';
import { DAY_MS } from './utc-days';

const NOW = Date.UTC(2026, 10, 24, 12);
const account = (monthlyBudgetUsd: number | null) => ({ id: 1, monthlyBudgetUsd }) as Account;
const SERIES = [{ id: 1 }, { id: 2 }] as Series[];

/** @param spent in the ledger; `unwritten` is not in it yet */
function setUp(spent: number, unwritten = 0) {
  const asked: object[] = [];
  const budget = new Budget({
    ledger: {
      spentByDay: async (ids, from, to) => {
        asked.push({ ids, from, to });
        return [{ accountId: 1, day: from + DAY_MS, cost: { lower: 0, upper: spent } }];
      },
    },
    book: { unwritten: () => ({ lower: 0, upper: unwritten }) },
    demand: {
      unread: async (series) => {
        asked.push(series);
        return new Set([2]);
      },
    },
    clock: { now: () => NOW } as never,
  });
  return { asked, budget };
}

describe('Budget', () => {
  it.each([
    [7.9, 'ALL', true],
    [8, 'STRETCHED', false],
    [9.99, 'STRETCHED', false],
    [10, 'HELD', false],
  ] as const)('leaves open at %d of 10 dollars: %s', async (spent, allowance, mayBackfill) => {
    const { budget, asked } = setUp(spent - 1, 1);
    expect(await budget.allowance(account(10))).toBe(allowance);
    expect(await budget.mayBackfill(account(10))).toBe(mayBackfill);
    const [month] = asked;
    expect(month).toEqual({ ids: [1], from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) });
  });

  it('sees what goes to the ledger while it reads', async () => {
    let unwritten = { lower: 4, upper: 4 };
    const budget = new Budget({
      ledger: {
        spentByDay: async () => {
          // The read began before the write, and ends after it.
          unwritten = { lower: 0, upper: 0 };
          return [{ accountId: 1, day: NOW, cost: { lower: 7, upper: 7 } }];
        },
      },
      book: { unwritten: () => unwritten },
      demand: { unread: async () => new Set() },
      clock: { now: () => NOW } as never,
    });
    expect(await budget.allowance(account(10))).toBe('HELD');
  });

  it('lets calls go until the line is reached, and one beyond it', async () => {
    const { budget } = setUp(9);
    await budget.allowance(account(10));
    const taken = Array.from({ length: 5 }, () => budget.take(1, 0.4));
    expect(taken).toEqual([true, true, true, false, false]);
  });

  it('asks nothing and holds nothing where there is no budget, or none any more', async () => {
    const { budget, asked } = setUp(20);
    expect(await budget.allowance(account(null))).toBe('ALL');
    expect(budget.take(1, 1_000)).toBe(true);
    expect(await budget.unread(account(null), SERIES)).toEqual(new Set());
    expect(asked).toEqual([]);
    await budget.allowance(account(10));
    expect(budget.take(1, 1)).toBe(false);
    await budget.allowance(account(null));
    expect(budget.take(1, 1)).toBe(true);
  });

  it('slows what nobody reads when it is stretched, and looks at it before', async () => {
    const within = setUp(1);
    await within.budget.allowance(account(10));
    expect(await within.budget.unread(account(10), SERIES)).toEqual(new Set());
    expect(within.asked).toContain(SERIES);
    const stretched = setUp(8.5);
    await stretched.budget.allowance(account(10));
    expect(await stretched.budget.unread(account(10), SERIES)).toEqual(new Set([2]));
  });
});
