import fc from 'fast-check';
import { manyListened } from '../abort';
import { AnswerRoom, answerRooms } from './answer-room';
import type { PlannedCall } from './planner';

/** A call of so many points. */
const call = (points: number): PlannedCall =>
  ({ region: 'eu-west-1', from: 0, to: points * 300_000, period: 300, series: [{}] }) as PlannedCall;

const { signal } = manyListened();
const settled = () => new Promise(setImmediate);

/** A database that takes its time, and counts what waits for it. */
function slowStore(room: AnswerRoom) {
  const appends: (() => void)[] = [];
  const store = { points: 0, most: 0, order: [] as unknown[] };
  const collect = async (owner: unknown, points: number, stop = signal) => {
    const leave = await room.enter(owner, [call(points)], stop);
    // Fetched: from here on the answer is in memory.
    store.points += points;
    store.most = Math.max(store.most, store.points);
    store.order.push(owner);
    await new Promise<void>((resolve) => appends.push(resolve));
    store.points -= points;
    leave();
  };
  /** Ends the oldest append, until none is left. */
  const drain = async () => {
    for (await settled(); appends.length > 0; await settled()) appends.shift()!();
  };
  return { collect, drain, store };
}

describe('AnswerRoom', () => {
  it('holds no more than it has room for, however much is due and however slow the database is', async () => {
    const room = new AnswerRoom(100_000);
    const { collect, drain, store } = slowStore(room);
    const accounts = Array.from({ length: 500 }, (_, account) => collect(account % 5, 3_500));
    await drain();
    await Promise.all(accounts);
    expect(store.most).toBeLessThanOrEqual(100_000);
    expect(store.most).toBeGreaterThan(90_000);
    expect(room.held).toBe(0);
  });

  it('lets what is larger than all its room in alone', async () => {
    const room = new AnswerRoom(100);
    const { collect, drain, store } = slowStore(room);
    const all = [collect(1, 60), collect(1, 500), collect(1, 60)];
    await drain();
    await Promise.all(all);
    expect(store.most).toBe(500);
  });

  it('keeps a large one waiting no longer for small ones that would fit', async () => {
    const room = new AnswerRoom(100);
    const { collect, drain, store } = slowStore(room);
    const all = [collect('first', 50), collect('large', 80), ...[1, 2, 3].map(() => collect('first', 50))];
    await drain();
    await Promise.all(all);
    expect(store.order.slice(0, 2)).toEqual(['first', 'large']);
  });

  it('lets owners take turns', async () => {
    const room = new AnswerRoom(100);
    const { collect, drain, store } = slowStore(room);
    const all = Array.from({ length: 100 }, () => collect('many', 50));
    all.push(collect('few', 50));
    await drain();
    await Promise.all(all);
    expect(store.order.indexOf('few')).toBeLessThan(4);
  });

  it('a wait ends with its signal, and takes no room', async () => {
    const room = new AnswerRoom(100);
    const { collect, drain, store } = slowStore(room);
    const stop = new AbortController();
    const first = collect(1, 90);
    const waits = collect(2, 50, stop.signal);
    const last = collect(2, 10);
    stop.abort(new Error('over'));
    await expect(waits).rejects.toThrow('over');
    await settled();
    // What stood behind it fits beside the first.
    expect(store.points).toBe(100);
    await drain();
    await Promise.all([first, last]);
    expect(room.held).toBe(0);
    await expect(collect(1, 1, stop.signal)).rejects.toThrow('over');
  });

  it('serves everybody in the end, and never holds more', async () => {
    const guest = fc.record({
      owner: fc.nat(3),
      points: fc.integer({ min: 1, max: 120 }),
      leaves: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(guest, { maxLength: 40 }), async (guests) => {
        const room = new AnswerRoom(100);
        const { collect, drain, store } = slowStore(room);
        const all = guests.map(({ owner, points, leaves }) => {
          const stop = new AbortController();
          const work = collect(owner, points, stop.signal);
          if (leaves) stop.abort(new Error('left'));
          return work;
        });
        const ends = Promise.allSettled(all);
        await drain();
        await ends;
        expect(store.most).toBeLessThanOrEqual(120);
        expect(room.held).toBe(0);
        const stayed = guests.filter(({ leaves }) => !leaves).length;
        expect(store.order.length).toBeGreaterThanOrEqual(stayed);
      }),
    );
  });

  it('is of live calls, whatever backfills wait for', async () => {
    const { live, backfill } = answerRooms(1_000_000);
    const held = [await backfill.enter(1, [call(302_400)], signal)];
    const waiting = backfill.enter(2, [call(302_400)], signal);
    held.push(await live.enter(1, [call(100_800)], signal));
    expect(live.held + backfill.held).toBeLessThanOrEqual(1_000_000);
    held.forEach((leave) => leave());
    (await waiting)();
    expect(live.held + backfill.held).toBe(0);
  });
});
