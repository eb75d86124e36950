import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openRawConnection, prepareDatabaseFile } from './database-file';
import { SqliteError, type SqliteConnection } from './sqlite-connection';
import { RawWriter } from './transactions';
import { WriteQueue } from './write-queue';

describe('RawWriter', () => {
  let folder: string;
  let connection: SqliteConnection;
  let queue: WriteQueue;
  let writer: RawWriter;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rolecall-'));
    const file = join(folder, 'rolecall.sqlite');
    await prepareDatabaseFile(file);
    connection = await openRawConnection(file, 'readwrite');
    await connection.exec('CREATE TABLE one (value INTEGER)');
    queue = new WriteQueue();
    writer = new RawWriter(connection, queue);
  });

  afterEach(async () => {
    await queue.close();
    await connection.close();
    await rm(folder, { recursive: true });
  });

  const insert = (value: number) =>
    writer.shared((runner) => runner.run('INSERT INTO one VALUES (?)', [value]));

  it('takes no more turns in the queue than its works need', async () => {
    const run = jest.spyOn(queue, 'run');

    await Promise.all(Array.from({ length: 40 }, (_, value) => insert(value)));

    expect(run).toHaveBeenCalledTimes(2);
    expect(await connection.get('SELECT count(*) AS count FROM one')).toEqual({ count: 40 });
  });

  it('tells its queue that the disk is full', async () => {
    const full = new SqliteError(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }), 'INSERT');

    await expect(writer.shared(() => Promise.reject(full))).rejects.toBe(full);
    await nextTurn();
    expect(queue.failure).toBe(full);

    await insert(1);
    await nextTurn();
    expect(queue.failure).toBeNull();
  });

  it('refuses a work from inside a transaction, and one that comes when the queue is closed', async () => {
    const inside = writer.shared(() => insert(1));
    await expect(inside).rejects.toThrow('inside another one');

    const accepted = Promise.all(Array.from({ length: 40 }, (_, value) => insert(value)));
    const closed = queue.close();

    await expect(insert(41)).rejects.toThrow('closed');
    await closed;
    expect(await accepted).toHaveLength(40);
  });
});
