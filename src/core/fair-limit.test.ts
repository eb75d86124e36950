import { FairLimit } from './fair-limit';

/** Work that ends when it is told to. */
function gated() {
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<string>((resolve) => ends.push(() => resolve(name)));
  };
  return { started, ends, work };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('does so much at once, and no more', async () => {
  const { started, ends, work } = gated();
  const limit = new FairLimit(2);
  const all = ['a', 'b', 'c'].map((name) => limit.run(1, work(name)));
  await settled();
  expect(started).toEqual(['a', 'b']);
  ends[1]!();
  await settled();
  expect(started).toEqual(['a', 'b', 'c']);
  ends.forEach((end) => end());
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
});

it('owners take turns, however many one has waiting', async () => {
  const { started, ends, work } = gated();
  const limit = new FairLimit(1);
  for (let number = 0; number < 1_000; number++) void limit.run('many', work(`many ${number}`));
  void limit.run('few', work('few'));
  await settled();
  ends[0]!();
  await settled();
  ends[1]!();
  await settled();
  expect(started).toEqual(['many 0', 'few', 'many 1']);
});

it('keeps room, where it is told to, for others who may come', async () => {
  const { started, work } = gated();
  const limit = new FairLimit(8, { keepsRoom: true });
  for (let number = 0; number < 10; number++) void limit.run('many', work('many'));
  await settled();
  expect(started).toHaveLength(6);
  void limit.run('few', work('few'));
  await settled();
  expect(started[6]).toBe('few');
});

it('a failure is its own caller’s, and gives the place free', async () => {
  const limit = new FairLimit(1);
  const failing = limit.run(1, () => Promise.reject(new Error('no')));
  const next = limit.run(1, () => Promise.resolve('yes'));
  await expect(failing).rejects.toThrow('no');
  await expect(next).resolves.toBe('yes');
});
