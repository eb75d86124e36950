import fc from 'fast-check';
import { FairQueue } from './fair-queue';

interface Item {
  tenantId: number;
  number: number;
}

function filled(counts: number[]): FairQueue<Item> {
  const queue = new FairQueue<Item>(({ tenantId }) => tenantId);
  counts.forEach((count, tenantId) => {
    for (let number = 0; number < count; number++) queue.push({ tenantId, number });
  });
  return queue;
}

it('is first come, first served inside a tenant, which alone uses every place', () => {
  const queue = filled([5]);
  const taken = [1, 2, 3, 4].map(() => queue.take(4));
  expect(taken.map((item) => item?.number)).toEqual([0, 1, 2, 3]);
});

it('gives the next place to the tenant that holds the fewest', () => {
  const queue = filled([100, 2, 1]);
  const taken = Array.from({ length: 6 }, () => queue.take(10)!);
  expect(taken.map(({ tenantId }) => tenantId)).toEqual([0, 1, 2, 0, 1, 0]);
});

it('keeps a quarter of the places from a tenant that would fill them all', () => {
  const queue = filled([100, 1]);
  const taken: Item[] = [];
  for (let item = queue.take(8); item; item = queue.take(8)) taken.push(item);
  expect(taken.filter(({ tenantId }) => tenantId === 0)).toHaveLength(6);
  queue.push({ tenantId: 1, number: 1 });
  expect(queue.take(8)).toEqual({ tenantId: 1, number: 1 });
  queue.done(taken[0]!);
  expect(queue.take(8)).toMatchObject({ tenantId: 0 });
});

it('hands out everything once, whatever the tenants have', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { maxLength: 6 }), fc.integer({ min: 1, max: 12 }), (counts, places) => {
      const queue = filled(counts);
      const seen: Item[] = [];
      const running: Item[] = [];
      for (;;) {
        const item = running.length < places ? queue.take(places) : null;
        if (item) running.push(item);
        else if (running.length > 0) {
          const ended = running.shift()!;
          queue.done(ended);
          seen.push(ended);
        } else break;
      }
      expect(seen).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
      counts.forEach((count, tenantId) => {
        const own = seen.filter((item) => item.tenantId === tenantId).map(({ number }) => number);
        expect(own).toEqual(Array.from({ length: count }, (_, number) => number));
      });
    }),
  );
});
