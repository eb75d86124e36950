import fc from 'fast-check';
import { countChanges, decodeChanges, encodeChanges } from './changed-points';

const T0 = Date.UTC(2026, 10, 24);

test('rows come back with their ids ascending, and are counted', () => {
  const someRows = fc.array(
    fc.record({
      timestamp: fc.integer({ min: -20_000, max: 20_000 }).map((minute) => T0 + minute * 60_000),
      seriesIds: fc.uniqueArray(fc.oneof(fc.nat(30), fc.nat(2 ** 31)), { minLength: 1, maxLength: 30 }),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(someRows, (rows) => {
      const expected = rows.map(({ timestamp, seriesIds }) => ({
        timestamp,
        seriesIds: [...seriesIds].sort((a, b) => a - b),
      }));
      const data = encodeChanges(rows);
      expect(decodeChanges(data)).toEqual(expected);
      expect(countChanges(data)).toBe(rows.reduce((sum, { seriesIds }) => sum + seriesIds.length, 0));
    }),
  );
});

test('a call of 500 neighbours at three timestamps takes some ten bytes', () => {
  const seriesIds = Array.from({ length: 500 }, (_, index) => 100_000 + index);
  const rows = [0, 1, 2].map((index) => ({ timestamp: T0 + index * 300_000, seriesIds }));
  expect(encodeChanges(rows).length).toBeLessThan(20);
});
