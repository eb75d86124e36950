import fc from 'fast-check';
import { SilentMetrics } from './silent-metrics';

const key = fc.nat({ max: 30 }).map((small) => small * 2 ** 45 + small);

describe('SilentMetrics', () => {
  it('holds what the last two listings were without, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(key), { maxLength: 5 }), (listings) => {
        const silent = new SilentMetrics();
        let before: number[] = [];
        for (const missing of listings) {
          silent.replace(missing);
          for (let small = 0; small <= 30; small++) {
            const one = small * 2 ** 45 + small;
            expect(silent.has(one)).toBe(missing.includes(one) && before.includes(one));
          }
          before = missing;
        }
      }),
    );
  });

  it('forgets', () => {
    const silent = new SilentMetrics();
    for (let listing = 0; listing < 2; listing++) silent.replace([7]);
    silent.clear();
    silent.replace([7]);
    expect(silent.has(7)).toBe(false);
  });
});
