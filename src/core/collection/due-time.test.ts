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

  it.each([
    ['as they were made', 1],
    ['of every seventh id, such as one process has of seven', 7],
    ['of every thousandth id', 1_000],
  ])('spreads ten thousand accounts, %s: each second has its share, 33, a fifth more or less', (_, step) => {
    const perSecond = new Array<number>(300).fill(0);
    for (let id = 1; id <= 10_000; id++)
      perSecond[Math.floor(offsetInInterval(id * step, INTERVAL) / 1000)]! += 1;
    expect(Math.max(...perSecond)).toBeLessThanOrEqual(40);
    expect(Math.min(...perSecond)).toBeGreaterThanOrEqual(27);
  });

  it('spreads any accounts about as well as chance would', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 10_000_000 }), {
      minLength: 3_000,
      maxLength: 3_000,
    });
    fc.assert(
      fc.property(fc.noShrink(ids), (chosen) => {
        const perMinute = new Array<number>(5).fill(0);
        for (const id of chosen) perMinute[Math.floor(offsetInInterval(id, INTERVAL) / 60_000)]! += 1;
        // 600 is the mean; six standard deviations of chance are 132.
        expect(Math.max(...perMinute)).toBeLessThan(732);
      }),
      { numRuns: 20 },
    );
  });
});
