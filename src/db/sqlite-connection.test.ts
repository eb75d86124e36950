import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteConnection } from './sqlite-connection';

describe('SqliteConnection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-connection-'));
  const file = join(folder, 'test.sqlite');
  beforeAll(() => writeFileSync(file, ''));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('answers what was asked before it closes, and refuses what is asked while it does', async () => {
    const connection = await SqliteConnection.open(file, 'readwrite');
    const before = connection.all('SELECT 1 AS one');
    const closed = connection.close();
    const read = connection.all('SELECT 2');
    const write = connection.run('CREATE TABLE late (id INTEGER)');
    await expect(read).rejects.toMatchObject({ code: 'SQLITE_MISUSE' });
    await expect(write).rejects.toMatchObject({ code: 'SQLITE_MISUSE' });
    expect(await before).toEqual([{ one: 1 }]);
    await closed;
  });
});
