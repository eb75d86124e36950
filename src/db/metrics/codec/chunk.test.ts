import fc from 'fast-check';
import { DamagedBlobError } from './bytes';
import { DayPoints, decodeChunk, encodeChunk } from './chunk';

/** Whole numbers, decimals, and any finite double there is, bit by bit. */
const anyDouble = fc
  .tuple(fc.nat(0xffffffff), fc.nat(0xffffffff))
  .map(([low, high]) => new Float64Array(new Uint32Array([low, high]).buffer)[0]!)
  .filter(Number.isFinite);
const someValue = fc.oneof(
  fc.constantFrom(0, -0, 1, 0.1, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53, 2 ** 49 + 1),
  fc.integer(),
  fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  anyDouble,
);
/** Runs of one value among others. */
const someValues = fc
  .array(fc.tuple(someValue, fc.integer({ min: 1, max: 5 })), { maxLength: 120 })
  .map((runs) => runs.flatMap(([value, times]) => Array<number>(times).fill(value)));
const someFamily = fc.oneof(
  someValues,
  fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 1_440 }),
  fc.array(anyDouble, { maxLength: 400 }),
);

function pointsOf(values: readonly number[], places: readonly number[]): DayPoints {
  const points = new DayPoints();
  values.forEach((value, index) => points.push(places[index]!, value));
  return points;
}

function shown({ count, places, values }: DayPoints) {
  return { places: [...places.subarray(0, count)], values: [...values.subarray(0, count)] };
}

test('every bit of every finite double comes back, wherever points are missing', () => {
  const decoded = new DayPoints();
  const someDay = someFamily.chain((values) =>
    fc.record({
      values: fc.constant(values),
      places: fc.oneof(
        fc.constant(values.map((_, index) => index)),
        fc
          .uniqueArray(fc.nat(1_439), { minLength: values.length, maxLength: values.length })
          .map((places) => places.sort((a, b) => a - b)),
      ),
    }),
  );
  fc.assert(
    fc.property(someDay, ({ values, places }) => {
      decodeChunk(encodeChunk(pointsOf(values, places)), decoded);
      // toEqual tells 0 from −0.
      expect(shown(decoded)).toEqual({ places, values });
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['zeros', () => 0, 0.1],
  ['a few counts', (index: number) => (index * 7919) % 50, 1.2],
  ['hundredths', (index: number) => ((index * 7919) % 1_000) / 100, 2.2],
  ['full doubles', (index: number) => 20 + Math.sin(index), 7],
])('a day of %s takes few bytes a point', (_name, valueAt, most) => {
  const values = Array.from({ length: 288 }, (_, index) => valueAt(index));
  const blob = encodeChunk(pointsOf(values, [...values.keys()]));
  expect(blob.length / 288).toBeLessThan(most);
});

test('any changed byte is found', () => {
  const values = Array.from({ length: 50 }, (_, index) => Math.sqrt(index));
  const blob = encodeChunk(pointsOf(values, [...values.keys()]));
  fc.assert(
    fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const damaged = Buffer.from(blob);
      damaged[at]! ^= by;
      expect(() => decodeChunk(damaged, new DayPoints())).toThrow(DamagedBlobError);
      expect(() => decodeChunk(blob.subarray(0, at), new DayPoints())).toThrow(DamagedBlobError);
    }),
  );
});
