import { inSlices } from './slices';

it('gives every item once, in order, and lets others have a turn between two slices', async () => {
  const seen: (number[] | 'turn')[] = [];
  const others = setInterval(() => seen.push('turn'), 0);
  try {
    for await (const slice of inSlices([1, 2, 3, 4, 5], 2)) {
      seen.push(slice);
      // Timers come before the next immediate once they are due.
      const until = performance.now() + 3;
      while (performance.now() < until);
    }
  } finally {
    clearInterval(others);
  }
  expect(seen.filter((one) => one !== 'turn')).toEqual([[1, 2], [3, 4], [5]]);
  expect(seen).toContain('turn');
});

it('gives nothing of nothing', async () => {
  for await (const slice of inSlices([], 2)) throw new Error(`There was ${slice}`);
});
