import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseStampError, openDatabase } from '../../src/db';
import { openDataSource } from '../../src/db/data-sources';
import { MIGRATIONS } from '../../src/db/migrations';
import { SqliteConnection, SqliteError } from '../../src/db/sqlite-connection';
import { newAccount } from '../contracts/samples';
import { TemporaryDatabase } from './temporary-database';

describe('openDatabase', () => {
  let temporary: TemporaryDatabase;
  beforeEach(async () => {
    temporary = await TemporaryDatabase.open();
  });
  afterEach(() => temporary.close());

  test('makes files that nobody else can read', async () => {
    await temporary.tenant();
    const mode = (path: string) => statSync(path).mode & 0o777;
    for (const suffix of ['', '-wal', '-shm']) expect(mode(temporary.file + suffix)).toBe(0o600);
    expect(mode(dirname(temporary.file))).toBe(0o700);
  });

  test('leaves the mode of a folder that was there', async () => {
    chmodSync(dirname(temporary.file), 0o750);
    await temporary.reopen();
    expect(statSync(dirname(temporary.file)).mode & 0o777).toBe(0o750);
  });

  test('refuses a database of another AWS endpoint, naming both, and leaves it as it was', async () => {
    const endpoint = 'http://127.0.0.1:4566';
    const opening = openDatabase({ file: temporary.file, awsEndpoint: endpoint });
    await expect(opening).rejects.toThrow(DatabaseStampError);
    await expect(opening).rejects.toThrow(/AWS itself.*http:\/\/127\.0\.0\.1:4566/);
    await temporary.reopen();
    expect(await temporary.database.health()).toEqual({ ok: true, reason: null });
  });

  test('keeps everything over a restart', async () => {
    const tenantId = await temporary.tenant();
    const account = await temporary.account(tenantId);
    await temporary.database.leases.schedule(account, 77);
    const before = await temporary.database.accounts.load(account);
    await temporary.reopen();
    expect(await temporary.database.accounts.load(account)).toEqual(before);
    expect(before!.nextCollectionAt).toBe(77);
  });

  test('several processes may start on a new file at once', async () => {
    const fresh = { file: `${temporary.file}.new`, awsEndpoint: null };
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(fresh)));
    for (const database of opened) expect(await database.health()).toEqual({ ok: true, reason: null });
    const made = await Promise.all(
      opened.map(async ({ tenants }, index) => {
        const { id: parentId } = await tenants.ensureRoot({ name: 'root', createdAt: 0 });
        return tenants.createTenant({ parentId, name: `tenant ${index}`, createdAt: index });
      }),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(4);
    expect(new Set(made.map(({ parentId }) => parentId)).size).toBe(1);
    for (const database of opened) await database.close();
  });

  test('is not healthy with a migration that did not run, nor when closed', async () => {
    const raw = await SqliteConnection.open(temporary.file, 'readwrite');
    await raw.exec(`UPDATE migration SET name = 'Other'`);
    await raw.close();
    expect(await temporary.database.health()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('pending'),
    });
    const other = await openDatabase({ file: `${temporary.file}.new`, awsEndpoint: null });
    await other.close();
    await other.close();
    expect(await other.health()).toMatchObject({ ok: false });
    await expect(other.tenants.ensureRoot({ name: 'x', createdAt: 0 })).rejects.toThrow('closed');
  });

  test('every migration can be taken back, with rows in the tables, and be done again', async () => {
    const tenantId = await temporary.tenant();
    const fence = await temporary.lease(await temporary.account(tenantId));
    await temporary.series(fence, tenantId, 1);
    await temporary.database.close();
    const source = await openDataSource(temporary.file, 'readwrite');
    for (const _migration of MIGRATIONS) await source.undoLastMigration();
    const tables = await source.query<{ name: string }[]>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
    );
    await source.destroy();
    expect(tables).toEqual([{ name: 'migration' }]);
    await temporary.reopen();
    expect(await temporary.database.health()).toEqual({ ok: true, reason: null });
  });

  test('the database itself keeps external IDs as they are', async () => {
    const account = await temporary.account(await temporary.tenant());
    const raw = await SqliteConnection.open(temporary.file, 'readwrite');
    for (const statement of [
      'DELETE FROM external_id',
      `UPDATE external_id SET value = 'other'`,
      'UPDATE external_id SET account_id = 99',
      `UPDATE external_id SET state = 'PENDING'`,
      `INSERT INTO external_id (value, account_id, state, created_at) VALUES ('b', ${account}, 'ACTIVE', 0)`,
      `INSERT OR REPLACE INTO external_id (value, account_id, state, created_at)
        SELECT value, 99, 'RETIRED', 0 FROM external_id`,
    ]) {
      await expect(raw.run(statement)).rejects.toThrow(SqliteError);
    }
    await raw.close();
  });

  test('an error names the statement and never its values', async () => {
    const tenantId = await temporary.tenant();
    const { accounts } = temporary.database;
    const secret = 'external-id-of-somebody';
    await accounts.insert(newAccount(tenantId, { externalId: secret }));
    const error: unknown = await accounts
      .insert(newAccount(tenantId, { externalId: secret }))
      .catch((e) => e);
    expect(error).toBeInstanceOf(SqliteError);
    expect((error as SqliteError).message).toContain('external_id.value');
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(secret);
  });
});
