import fc from 'fast-check';
import { metricKey } from './metric-key';

const dimensions = fc
  .uniqueArray(fc.tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 })), {
    selector: ([name]) => name,
    maxLength: 4,
  })
  .map((pairs) => pairs as [string, string][]);
const metric = fc.record({ name: fc.string({ maxLength: 8 }), dimensions });

describe('metricKey', () => {
  it('does not look at the order of the dimensions', () => {
    fc.assert(
      fc.property(metric, fc.infiniteStream(fc.nat()), ({ name, dimensions }, order) => {
        const shuffled = dimensions
          .map((pair) => ({ pair, at: order.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ pair }) => pair);
        expect(metricKey(name, shuffled)).toBe(metricKey(name, dimensions));
      }),
    );
  });

  it('tells metrics apart, wherever their texts are cut', () => {
    const identity = (one: { name: string; dimensions: [string, string][] }) =>
      JSON.stringify([one.name, Object.entries(Object.fromEntries(one.dimensions)).sort()]);
    fc.assert(
      fc.property(metric, metric, (a, b) => {
        const same = identity(a) === identity(b);
        expect(metricKey(a.name, a.dimensions) === metricKey(b.name, b.dimensions)).toBe(same);
      }),
    );
    expect(metricKey('a', [['b', 'c']])).not.toBe(metricKey('ab', [['', 'c']]));
    expect(metricKey('a', [['b', 'c']])).not.toBe(metricKey('a', [['bc', '']]));
  });

  it('is a whole number of 52 bits and spreads over them', () => {
    const keys = Array.from({ length: 200_000 }, (_, index) =>
      metricKey('CPUUtilization', [['InstanceId', `i-${index}`]]),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => Number.isInteger(key) && key >= 0 && key < 2 ** 52)).toBe(true);
    const upper = keys.filter((key) => key >= 2 ** 51).length;
    expect(Math.abs(upper / keys.length - 0.5)).toBeLessThan(0.02);
    const lower = keys.filter((key) => key % 2 === 1).length;
    expect(Math.abs(lower / keys.length - 0.5)).toBeLessThan(0.02);
  });
});
