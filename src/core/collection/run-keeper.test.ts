import { ManualClock } from '../../../test/support/manual-clock';
import { silentLog } from '../../../test/support/silent-log';
import { RunKeeper } from './run-keeper';

const DAY = 24 * 3_600_000;

function setUp(counts: number[], retentionDays = 30) {
  const clock = new ManualClock(100 * DAY);
  const sumBefore = jest.fn(async (_: number, __: number) => counts.shift() ?? 0);
  const keeper = new RunKeeper({ runs: { sumBefore }, retentionDays, clock, log: silentLog });
  return { keeper, sumBefore };
}

describe('RunKeeper', () => {
  it('sums what is older than its days, batch by batch to the end', async () => {
    const { keeper, sumBefore } = setUp([500, 500, 12]);
    await keeper.tick();
    expect(sumBefore.mock.calls).toEqual([
      [70 * DAY, 500],
      [70 * DAY, 500],
      [70 * DAY, 500],
    ]);
  });

  it('leaves what is too much for one tick to the next', async () => {
    const { keeper, sumBefore } = setUp(Array.from({ length: 1_000 }, () => 500));
    await keeper.tick();
    expect(sumBefore).toHaveBeenCalledTimes(200);
  });

  it('joins the tick that lasts, and ends when it is stopped', async () => {
    const { keeper, sumBefore } = setUp(Array.from({ length: 1_000 }, () => 500));
    const ticks = [keeper.tick(), keeper.tick()];
    await keeper.stop();
    await Promise.all(ticks);
    expect(sumBefore.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('never rejects, and tries again', async () => {
    const { keeper, sumBefore } = setUp([]);
    sumBefore.mockRejectedValueOnce(new Error('locked'));
    await keeper.tick();
    await keeper.tick();
    expect(sumBefore).toHaveBeenCalledTimes(2);
  });
});
