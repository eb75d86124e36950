import fc from 'fast-check';
import { DamagedBlobError } from './bytes';
import { decodeRollup, encodeRollup, ROLLUP_DAYS, RollupHours } from './rollup';

const someHour = fc.record({
  hour: fc.nat(ROLLUP_DAYS * 24 - 1),
  values: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), {
    minLength: 1,
    maxLength: 12,
  }),
  isCoarse: fc.boolean(),
});

function shown(hours: RollupHours) {
  return [...hours.count.keys()]
    .filter((hour) => hours.count[hour] !== 0)
    .map((hour) => {
      const { minimum, maximum, sum, count, isCoarse } = hours;
      return [hour, minimum[hour], maximum[hour], sum[hour], count[hour], isCoarse[hour]];
    });
}

test('hours come back as they were, into what held others before', () => {
  const decoded = new RollupHours();
  fc.assert(
    fc.property(fc.uniqueArray(someHour, { selector: ({ hour }) => hour, maxLength: 200 }), (given) => {
      const hours = new RollupHours();
      for (const { hour, values, isCoarse } of given) {
        values.forEach((value) => hours.add(hour, value));
        hours.isCoarse[hour] = isCoarse ? 1 : 0;
        expect(hours.minimum[hour]).toBe(Math.min(...values));
        expect(hours.maximum[hour]).toBe(Math.max(...values));
      }
      decodeRollup(encodeRollup(hours), decoded);
      expect(shown(decoded)).toEqual(shown(hours));
    }),
  );
});

test('any changed byte is found', () => {
  const hours = new RollupHours();
  for (let hour = 0; hour < 48; hour++) hours.add(hour, Math.sqrt(hour));
  const blob = encodeRollup(hours);
  fc.assert(
    fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const damaged = Buffer.from(blob);
      damaged[at]! ^= by;
      expect(() => decodeRollup(damaged, new RollupHours())).toThrow(DamagedBlobError);
    }),
  );
});
