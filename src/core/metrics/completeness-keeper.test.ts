import { ManualClock } from '../../../test/support/manual-clock';
import { silentLog } from '../../../test/support/silent-log';
import { CompletenessKeeper } from './completeness-keeper';

const MINUTE = 60_000;

/** Accounts 1 … count, none of which was counted yet; each takes so long to count. */
function setUp(count: number, eachMs = 0) {
  const clock = new ManualClock(100 * MINUTE);
  const countedAt = new Map<number, number>();
  const accounts = {
    dueForCompleteness: jest.fn(async (before: number, limit: number) =>
      Array.from({ length: count }, (_, index) => index + 1)
        .filter((id) => (countedAt.get(id) ?? -Infinity) < before)
        .slice(0, limit)
        .map((id) => ({ id, status: 'CONNECTED' as const, statusReason: null, lastCollectedAt: 0 })),
    ),
    recordCompleteness: jest.fn(
      async (id: number, _: number | null, at: number) => void countedAt.set(id, at),
    ),
  };
  const completeness = jest.fn(async ({ id }: { id: number }) => {
    clock.advance(eachMs);
    return id / 100;
  });
  const keeper = new CompletenessKeeper({ accounts, health: { completeness }, clock, log: silentLog });
  return { keeper, accounts, completeness, countedAt, clock };
}

describe('CompletenessKeeper', () => {
  it('counts every account, and again when its figure is a quarter of an hour old', async () => {
    const { keeper, accounts, completeness, countedAt, clock } = setUp(45);
    await keeper.tick();
    expect(countedAt.size).toBe(45);
    expect(accounts.recordCompleteness).toHaveBeenCalledWith(7, 0.07, 100 * MINUTE);
    clock.advance(15 * MINUTE);
    await keeper.tick();
    expect(completeness).toHaveBeenCalledTimes(45);
    clock.advance(1);
    await keeper.tick();
    expect(completeness).toHaveBeenCalledTimes(90);
  });

  it('takes a tenth of a minute at most, and goes on with the rest', async () => {
    const { keeper, completeness, countedAt } = setUp(10, 1_000);
    await keeper.tick();
    expect(completeness).toHaveBeenCalledTimes(6);
    await keeper.tick();
    expect(countedAt.size).toBe(10);
  });

  it('joins the tick at work, and ends when it is stopped', async () => {
    const { keeper, completeness } = setUp(1_000);
    const ticks = [keeper.tick(), keeper.tick()];
    await keeper.stop();
    await Promise.all(ticks);
    expect(completeness.mock.calls.length).toBeLessThanOrEqual(1);
  });

  it('gives an account none that cannot be counted, and goes on with the others', async () => {
    const { keeper, accounts, completeness } = setUp(2);
    completeness.mockRejectedValueOnce(new Error('damaged'));
    await keeper.tick();
    expect(accounts.recordCompleteness.mock.calls.map(([id, figure]) => [id, figure])).toEqual([
      [1, null],
      [2, 0.02],
    ]);
  });

  it('never rejects, and tries again', async () => {
    const { keeper, accounts, countedAt } = setUp(2);
    accounts.recordCompleteness.mockRejectedValueOnce(new Error('locked'));
    await keeper.tick();
    expect(countedAt.size).toBe(0);
    await keeper.tick();
    expect(countedAt.size).toBe(2);
  });
});
