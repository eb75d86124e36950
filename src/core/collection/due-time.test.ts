import fc from 'fast-check';
import { nextDueTime, offsetInInterval } from './due-time';

const INTERVAL = 300_000;
const accountIds = fc.integer({ min: 1, max: 1_000_000 });
const instants = fc.integer({ min: 0, max: 4_000_000_000_000 });

describe('nextDueTime', () => {
  it('is the account’s only place in the interval that follows now', () => {
    fc.assert(
      fc.property(accountIds, instants, (accountId, now) => {
        const due = nextDueTime(accountId, now, INTERVAL);
        expect(due).toBeGreaterThan(now);
        expect(due - now).toBeLessThanOrEqual(INTERVAL);
        expect((due - offsetInInterval(accountId, INTERVAL)) % INTERVAL).toBe(0);
      }),
    );
  });

  it('spreads ten thousand accounts: no second has more than three times its share', () => {
    const perSecond = new Array<number>(300).fill(0);
    for (let id = 1; id <= 10_000; id++) perSecond[Math.floor(offsetInInterval(id, INTERVAL) / 1000)]! += 1;
    expect(Math.max(...perSecond)).toBeLessThanOrEqual(100);
  });
});
