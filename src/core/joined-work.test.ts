import { JoinedWork } from './joined-work';

describe('JoinedWork', () => {
  it('lets those who ask meanwhile join, and begins anew afterwards', async () => {
    const finish: (() => void)[] = [];
    const work = new JoinedWork(() => new Promise((resolve) => finish.push(resolve)));
    const first = work.run();
    expect(work.run()).toBe(first);
    finish.shift()!();
    await first;
    void work.run();
    expect(finish).toHaveLength(1);
  });

  it('begins anew after work that failed', async () => {
    let runs = 0;
    const work = new JoinedWork(async () => {
      runs += 1;
      throw new Error('no');
    });
    await expect(work.run()).rejects.toThrow('no');
    await expect(work.run()).rejects.toThrow('no');
    expect(runs).toBe(2);
  });

  it('stops with the work that goes on', async () => {
    let isOver = false;
    const work = new JoinedWork(async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      isOver = true;
    });
    void work.run();
    await work.stop();
    expect(isOver).toBe(true);
  });
});
