import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteError } from './sqlite-connection';
import { WriteQueue } from './write-queue';

test('runs one after the other, in order, also after a failure', async () => {
  const queue = new WriteQueue();
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} starts`);
    await sleep(1);
    log.push(`${name} ends`);
    if (name === 'b') throw new Error('b fails');
    return name;
  };
  const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => queue.run(work(name))));
  expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('refuses a transaction inside another one instead of waiting for ever', async () => {
  const queue = new WriteQueue();
  await expect(queue.run(() => queue.run(async () => 1))).rejects.toThrow('inside another');
  expect(await queue.run(async () => 2)).toBe(2);
});

test('what a transaction left running may write when the transaction has ended', async () => {
  const queue = new WriteQueue();
  let later: Promise<number> | undefined;
  await queue.run(async () => {
    later = sleep(5).then(() => queue.run(async () => 3));
  });
  expect(await later).toBe(3);
});

test('ends what it accepted before it closes, and takes nothing after', async () => {
  const queue = new WriteQueue();
  const accepted = queue.run(() => sleep(5, 'done'));
  const closed = queue.close();
  await expect(queue.run(async () => 1)).rejects.toThrow('closed');
  await closed;
  expect(await accepted).toBe('done');
});

it('remembers that the disk is to blame until a write succeeds', async () => {
  const queue = new WriteQueue();
  const failWith = (code: string) =>
    queue
      .run(() => Promise.reject(new SqliteError(Object.assign(new Error('no'), { code }), 'COMMIT')))
      .catch(() => undefined);
  await failWith('SQLITE_CONSTRAINT');
  expect(queue.failure).toBeNull();
  await failWith('SQLITE_FULL');
  expect(queue.failure?.code).toBe('SQLITE_FULL');
  await failWith('SQLITE_CONSTRAINT');
  expect(queue.failure?.code).toBe('SQLITE_FULL');
  await queue.run(async () => undefined);
  expect(queue.failure).toBeNull();
});
