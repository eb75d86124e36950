import { MetricKeeper } from './metric-keeper';

const NOW = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function keeperOf(seal: (before: number, signal: AbortSignal) => Promise<number>) {
  const pruned: unknown[] = [];
  const errors: unknown[] = [];
  const keeper = new MetricKeeper({
    maintenance: { seal, prune: async (limits) => void pruned.push(limits) },
    ...{ fineRetentionDays: 63, hourlyRetentionDays: 455 },
    clock: { now: () => NOW },
    log: { error: (...line: unknown[]) => void errors.push(line) },
  });
  return { keeper, pruned, errors };
}

test('seals days that ended six hours ago, then deletes what is too old', async () => {
  const sealed: number[] = [];
  const { keeper, pruned, errors } = keeperOf(async (before) => {
    sealed.push(before);
    return 0;
  });
  await keeper.tick();
  expect(sealed).toEqual([NOW - 6 * HOUR]);
  expect(pruned).toEqual([
    { fineBefore: NOW - 63 * DAY, hourlyBefore: NOW - 455 * DAY, eventsBefore: NOW - 6 * HOUR },
  ]);
  expect(errors).toEqual([]);
});

test('works one at a time, logs a failure and goes on with the next tick', async () => {
  let calls = 0;
  const { keeper, pruned, errors } = keeperOf(async () => {
    calls += 1;
    if (calls === 1) throw new Error('disk full');
    return 0;
  });
  await Promise.all([keeper.tick(), keeper.tick()]);
  expect([calls, pruned.length, errors.length]).toEqual([1, 0, 1]);
  await keeper.tick();
  expect([calls, pruned.length, errors.length]).toEqual([2, 1, 1]);
});

test('a stop aborts what is at work, waits for it, and lets nothing begin', async () => {
  let calls = 0;
  const { keeper, pruned } = keeperOf(
    (_before, signal) =>
      new Promise((resolve) => {
        calls += 1;
        signal.addEventListener('abort', () => resolve(0));
      }),
  );
  void keeper.tick();
  await keeper.stop();
  await keeper.tick();
  expect([calls, pruned.length]).toEqual([1, 0]);
});
