import fc from 'fast-check';
import {
  assertKept,
  parseMetricCursor,
  positionAt,
  toMetricCursor,
  type MetricPosition,
} from './metric-cursor';

const number = fc.maxSafeNat();
const anyPosition: fc.Arbitrary<MetricPosition> = fc
  .record({
    ends: fc.tuple(number, number),
    ...{ accountId: number, seriesId: number },
    replay: fc.option(fc.record({ since: number, seriesId: number })),
  })
  .map(({ ends: [a, b], ...rest }) => ({ from: Math.min(a, b), to: Math.max(a, b), ...rest }));

describe('the cursor of metricUpdates', () => {
  it('says what it was made of', () => {
    fc.assert(
      fc.property(anyPosition, (position) => {
        expect(parseMetricCursor(toMetricCursor(position))).toEqual(position);
      }),
    );
  });

  it.each([
    '',
    'nonsense',
    ...[
      [1],
      [1, 2, 1, 0, 0],
      [1, 0, 0, 0, -1],
      [1, 0, 0, 0, 0.5],
      [2, 0, 0, 0, 0],
      [1, 0, 0, 0, 0, 0],
      null,
      {},
    ].map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
  ])('is none: %p', (text) => {
    expect(() => parseMetricCursor(text)).toThrow(expect.objectContaining({ code: 'RC_CURSOR_INVALID' }));
  });

  it('is never anything else than a position or a mistake of the caller', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (text) => {
          try {
            const { from, to } = parseMetricCursor(text);
            expect(from).toBeLessThanOrEqual(to);
          } catch (error) {
            expect(error).toMatchObject({ code: 'RC_CURSOR_INVALID' });
          }
        },
      ),
    );
  });

  it.each<[number, { oldest: number; newest: number }, string | null]>([
    [0, { oldest: 0, newest: 0 }, null],
    [0, { oldest: 1, newest: 3 }, null],
    [3, { oldest: 1, newest: 3 }, null],
    [4, { oldest: 1, newest: 3 }, 'RC_CURSOR_INVALID'],
    [1, { oldest: 2, newest: 3 }, null],
    [1, { oldest: 3, newest: 3 }, 'RC_CURSOR_TOO_OLD'],
    // Nothing is left of three.
    [3, { oldest: 4, newest: 3 }, null],
    [2, { oldest: 4, newest: 3 }, 'RC_CURSOR_TOO_OLD'],
  ])('at %d with %p kept: %p', (sequence, kept, code) => {
    const look = () => assertKept(positionAt(sequence), kept);
    if (code === null) expect(look).not.toThrow();
    else expect(look).toThrow(expect.objectContaining({ code }));
  });
});
