import { openDataSource } from '../../src/db/data-sources';
import { TenantTree1764000400000 } from '../../src/db/migrations/1764000400000-tenant-tree';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { collectionRun, newAccount } from '../contracts/samples';
import { TemporaryDatabase } from './temporary-database';

let temporary: TemporaryDatabase;
beforeEach(async () => {
  temporary = await TemporaryDatabase.open();
});
afterEach(() => temporary.close());

/** Runs SQL on the file, beside the open database. */
async function sql<Row>(statement: string): Promise<Row[]> {
  const raw = await SqliteConnection.open(temporary.file, 'readwrite');
  try {
    return await raw.all<Row>(statement);
  } finally {
    await raw.close();
  }
}

test('tenants of an older database go below its first one, with their accounts', async () => {
  await temporary.database.close();
  const source = await openDataSource(temporary.file, 'readwrite');
  const isThere = async () =>
    (
      await source.query<unknown[]>('SELECT 1 FROM migration WHERE name = ?', [
        new TenantTree1764000400000().name,
      ])
    ).length > 0;
  while (await isThere()) await source.undoLastMigration();
  for (const name of ['mine', 'Acme', 'Umbrella']) {
    await source.query('INSERT INTO tenant (name, created_at) VALUES (?, 7)', [name]);
  }
  await source.destroy();
  await temporary.reopen();
  const { tenants, accounts } = temporary.database;
  expect(await tenants.allTenants()).toEqual([
    { id: 1, parentId: null, name: 'mine', createdAt: 7 },
    { id: 2, parentId: 1, name: 'Acme', createdAt: 7 },
    { id: 3, parentId: 1, name: 'Umbrella', createdAt: 7 },
  ]);
  const account = await accounts.insert(newAccount(2, { externalId: 'x' }));
  for (const [tenantId, isSeen] of [
    [1, true],
    [2, true],
    [3, false],
  ] as const) {
    expect((await accounts.within({ tenantId }).find(account.id)) !== null).toBe(isSeen);
  }
  expect(await temporary.tenant()).toBe(4);
});

test('the database itself keeps one root and each scope true', async () => {
  const child = await temporary.tenant();
  await expect(sql(`INSERT INTO tenant (name, created_at) VALUES ('second', 0)`)).rejects.toThrow('UNIQUE');
  await expect(sql(`UPDATE tenant SET parent_id = NULL WHERE id = ${child}`)).rejects.toThrow('UNIQUE');
});

test('every row that names a tenant moves with its account, and none of another account', async () => {
  const [from, to] = [await temporary.tenant(), await temporary.tenant()];
  const { accounts, runs, usage } = temporary.database;
  const [moved, kept] = [await temporary.account(from), await temporary.account(from)];
  for (const accountId of [moved, kept]) {
    await temporary.series(await temporary.lease(accountId), from, 2);
    await runs.insert(collectionRun(from, accountId));
    await usage.add([
      {
        ...{ accountId, day: 0, plugin: null, region: 'r', api: 'a:B', calls: 1, throttled: 0 },
        ...{ metricsRequested: 0, metricsRequestedLowerBound: 0, cost: { lower: 0, upper: 0 } },
      },
    ]);
  }
  const audit = { tenantId: to, actor: 'gateway', action: 'account.moved' } as const;
  expect(await accounts.move((await accounts.load(moved))!, to, null, audit, 1)).toBe('MOVED');
  const tables = await sql<{ name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table'
      AND EXISTS (SELECT 1 FROM pragma_table_info(sqlite_master.name) WHERE name = 'tenant_id')`,
  );
  // What is of tenants and not of accounts; the audit log stays where it was written.
  const ofTenants = ['tenant_scope', 'api_token'];
  const names = tables
    .map(({ name }) => name)
    .filter((name) => !ofTenants.includes(name) && !name.startsWith('audit'));
  expect(names).toEqual(
    expect.arrayContaining(['account', 'resource', 'series', 'collection_run', 'api_usage']),
  );
  for (const name of names) {
    const account = name === 'account' ? 'id' : 'account_id';
    const rows = await sql<{ account: number; tenant: number }>(
      `SELECT ${account} AS account, tenant_id AS tenant FROM ${name} GROUP BY 1, 2 ORDER BY 1`,
    );
    expect({ name, rows }).toEqual({
      name,
      rows: [
        { account: moved, tenant: to },
        { account: kept, tenant: from },
      ],
    });
  }
});
