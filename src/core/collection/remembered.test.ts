import { ManualClock } from '../../../test/support/manual-clock';
import { Remembered } from './remembered';

const MAX_AGE = 900;

function setUp(options: { random?: number; capacity?: number } = {}) {
  const clock = new ManualClock(1_000_000);
  const { random = 0.5, capacity = 100 } = options;
  const remembered = new Remembered({ clock, random: () => random, capacity });
  const load = jest.fn(async (ids: string[]) => new Map(ids.map((id) => [id, `${id} at ${clock.now()}`])));
  const get = (ids: string[], { owner = '1', place = 'elb', by = load } = {}) =>
    remembered.get(owner, place, ids, MAX_AGE, by);
  return { clock, get, load, remembered };
}

describe('Remembered', () => {
  it('loads what it does not know, all at once, and answers in the order of the question', async () => {
    const { get, load } = setUp();
    await get(['b']);
    expect([...(await get(['a', 'b', 'c'])).keys()]).toEqual(['a', 'b', 'c']);
    expect(load.mock.calls).toEqual([[['b']], [['a', 'c']]]);
  });

  it.each([
    [0, 720],
    [0.5, 900],
    [1, 1_080],
  ])('loads again after an age that chance has moved (%d: %i s)', async (random, seconds) => {
    const { clock, get, load } = setUp({ random });
    await get(['a']);
    clock.advance(seconds * 1000 - 1);
    await get(['a']);
    expect(load).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await get(['a']);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('keeps owners and places apart, and forgets an owner', async () => {
    const { get, load, remembered } = setUp();
    await get(['a']);
    await get(['a'], { owner: '11' });
    await get(['a'], { place: 'rds' });
    expect(load).toHaveBeenCalledTimes(3);
    remembered.forget('1');
    await get(['a'], { owner: '11' });
    expect(load).toHaveBeenCalledTimes(3);
    await get(['a']);
    await get(['a'], { place: 'rds' });
    expect(load).toHaveBeenCalledTimes(5);
  });

  it('remembers neither a failure nor what was not answered', async () => {
    const { get } = setUp();
    const by = jest
      .fn<Promise<Map<string, string>>, [string[]]>()
      .mockRejectedValueOnce(new Error('denied'))
      .mockResolvedValue(new Map([['b', 'B']]));
    await expect(get(['a'], { by })).rejects.toThrow('denied');
    expect(await get(['a', 'b'], { by })).toEqual(new Map([['b', 'B']]));
    await get(['a', 'b'], { by });
    expect(by.mock.calls.map(([ids]) => ids)).toEqual([['a'], ['a', 'b'], ['a']]);
  });

  it('lets others wait for what is being loaded, and load it themselves when that fails', async () => {
    const { get, load } = setUp();
    const [first, second] = await Promise.all([get(['a', 'b']), get(['b', 'c'])]);
    expect(load.mock.calls).toEqual([[['a', 'b']], [['c']]]);
    expect([first.size, second.size]).toEqual([2, 2]);
    const failing = jest.fn().mockRejectedValue(new Error('cut off'));
    const [cut, whole] = await Promise.allSettled([get(['d'], { by: failing }), get(['d'])]);
    expect(cut.status).toBe('rejected');
    expect(whole).toMatchObject({ status: 'fulfilled', value: new Map([['d', expect.any(String)]]) });
  });

  it('does not remember what was being loaded when its owner was forgotten', async () => {
    const { get, load, remembered } = setUp();
    const loading = get(['a']);
    remembered.forget('1');
    await loading;
    await get(['a']);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('keeps no more than it may: the least recently used goes', async () => {
    const { get, load } = setUp({ capacity: 2 });
    await get(['a', 'b']);
    await get(['a']);
    await get(['c']);
    load.mockClear();
    await get(['a', 'c']);
    expect(load).not.toHaveBeenCalled();
    await get(['b']);
    expect(load).toHaveBeenCalledTimes(1);
  });
});
