import { ManualClock } from '../../../test/support/manual-clock';
import { silentLog } from '../../../test/support/silent-log';
import { SeriesDemand } from './series-demand';
import { DAY_MS } from './utc-days';

const SERIES = [{ id: 1 }, { id: 2 }, { id: 3 }];

function setUp() {
  const clock = new ManualClock(100 * DAY_MS + 1);
  const stored = new Map<number, number>();
  const store = {
    failure: null as Error | null,
    writes: [] as number[][],
    note: async (days: ReadonlyMap<number, number>) => {
      if (store.failure) throw store.failure;
      store.writes.push([...days.keys()]);
      for (const [id, day] of days) stored.set(id, day);
    },
    lastRead: async (ids: readonly number[]) =>
      new Map(ids.flatMap((id) => (stored.has(id) ? [[id, stored.get(id)!] as const] : []))),
  };
  const demand = new SeriesDemand({ store, clock, log: silentLog });
  const unread = async () => [...(await demand.unread(SERIES))];
  return { clock, demand, store, unread };
}

describe('SeriesDemand', () => {
  it('counts a series as read for 30 days from when it is first met', async () => {
    const { clock, demand, unread } = setUp();
    expect(await unread()).toEqual([]);
    await demand.flush();
    clock.advance(29 * DAY_MS);
    expect(await unread()).toEqual([]);
    demand.note([{ id: 2 }]);
    clock.advance(DAY_MS);
    expect(await unread()).toEqual([1, 3]);
    await demand.flush();
    clock.advance(28 * DAY_MS);
    expect(await unread()).toEqual([1, 3]);
    clock.advance(DAY_MS);
    expect(await unread()).toEqual([1, 2, 3]);
    demand.note([{ id: 3 }]);
    expect(await unread()).toEqual([1, 2]);
  });

  it('writes a series once a day, however often it is read', async () => {
    const { clock, demand, store } = setUp();
    for (let i = 0; i < 3; i++) {
      demand.note(SERIES);
      await demand.flush();
    }
    expect(store.writes).toEqual([[1, 2, 3]]);
    clock.advance(DAY_MS);
    demand.note([{ id: 1 }]);
    await demand.flush();
    expect(store.writes).toEqual([[1, 2, 3], [1]]);
  });

  it('keeps what could not be written', async () => {
    const { demand, store } = setUp();
    store.failure = new Error('disk full');
    demand.note([{ id: 1 }]);
    await demand.flush();
    store.failure = null;
    await demand.flush();
    expect(store.writes).toEqual([[1]]);
  });
});
