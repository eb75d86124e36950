import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock';
import { openDatabase } from '../../src/db';
import { appendAudit } from '../../src/db/audit/append-audit';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { describeAuditRepository } from '../contracts/audit-repository.contract';
import { TemporaryDatabase } from './temporary-database';

describeAuditRepository('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-audit-'));
  let now = 0;
  const clock = { ...systemClock, now: () => now };
  const { tenants, audit, close } = await openDatabase({
    file: join(folder, 'rolecall.sqlite'),
    awsEndpoint: null,
    clock,
  });
  const root = await tenants.ensureRoot({ name: 'root', createdAt: 0 });
  const tenant = async (name: string, parentId: number) =>
    (await tenants.createTenant({ name, parentId, createdAt: 0 })).id;
  const above = await tenant('above', root.id);
  return {
    audit,
    tenants: { above, below: await tenant('below', above), beside: await tenant('beside', root.id) },
    setNow: (at) => (now = at),
    close: async () => {
      await close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('in SQLite', () => {
  let temporary: TemporaryDatabase;
  let tenantId: number;
  let connection: SqliteConnection;
  beforeEach(async () => {
    temporary = await TemporaryDatabase.open();
    tenantId = await temporary.tenant();
    connection = await SqliteConnection.open(temporary.file, 'readwrite');
  });
  afterEach(async () => {
    await connection.close();
    await temporary.close();
  });
  const entry = (detail = {}) => ({
    tenantId,
    actor: 'gateway',
    action: 'rotation.promoted' as const,
    detail,
  });
  const count = async (table: string) =>
    (await connection.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`))!.count;

  test('an entry is stored with the step that it tells of, or neither is', async () => {
    for (const end of ['ROLLBACK', 'COMMIT']) {
      await connection.run('BEGIN IMMEDIATE');
      await connection.run(`UPDATE tenant SET name = ? WHERE id = ?`, [end, tenantId]);
      await appendAudit(connection, entry({ end }), 1);
      await connection.run(end);
    }
    const { items } = await temporary.database.audit
      .within({ tenantId })
      .list({}, { first: 10, after: null });
    expect(items.map(({ item }) => [item.sequence, item.detail])).toEqual([[1, { end: 'COMMIT' }]]);
  });

  test.each([
    [{}, 'audit_entry_at'],
    [{ from: 1, to: 2 }, 'audit_entry_at'],
    [{ actions: ['a', 'b'] }, 'audit_entry_of_action'],
    [{ actions: ['a', 'b'], from: 1 }, 'audit_entry_of_action'],
    [{ accountIds: [1, 2], to: 2 }, 'audit_entry_of_account'],
  ])(
    'a page of %j is read from the end of an index, and not sorted out of the whole log',
    async (filter, index) => {
      const asked = jest.spyOn(SqliteConnection.prototype, 'all');
      await temporary.database.audit
        .within({ tenantId })
        .list(filter, { first: 10, after: { sort: 9, id: 9 } });
      const [page, parameters] = asked.mock.calls.find(([sql]) => sql.includes('ORDER BY at DESC'))!;
      asked.mockRestore();
      const plan = await connection.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${page}`, parameters);
      const reads = plan.map(({ detail }) => detail);
      // Of all that comes after the co-routine only the few that it has found are sorted.
      const ofLog = reads.slice(
        reads.indexOf('CORRELATED SCALAR SUBQUERY 2'),
        reads.indexOf('SCAN (subquery-1)'),
      );
      expect(ofLog).toEqual([
        'CORRELATED SCALAR SUBQUERY 2',
        'CO-ROUTINE (subquery-1)',
        expect.stringContaining(`SEARCH audit_entry USING COVERING INDEX ${index} (tenant_id=?`),
      ]);
    },
  );

  test('two processes write one chain', async () => {
    const other = await temporary.another();
    const both = [temporary.database.audit, other.audit];
    await Promise.all(Array.from({ length: 40 }, (_, index) => both[index % 2]!.record(entry({ index }))));
    const sequences: number[] = [];
    for await (const { sequence } of other.audit.chain(tenantId)) sequences.push(sequence);
    expect(sequences).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  test('neither entries nor checkpoints can be changed, deleted, replaced or put in', async () => {
    const { audit } = temporary.database;
    for (let made = 0; made < 3; made++) await audit.record(entry());
    await audit.signHeads((head) => ({ ...head, at: 1, keyId: 'key', signature: 'signature' }));
    const copy = (change: string) =>
      `INSERT OR REPLACE INTO audit_entry SELECT ${change}, previous_hash, hash, at, actor, action, target, account_id, detail
      FROM audit_entry WHERE sequence = 2`;
    for (const attempt of [
      `UPDATE audit_entry SET actor = 'nobody' WHERE sequence = 1`,
      'DELETE FROM audit_entry WHERE sequence = 3',
      copy('id, tenant_id, sequence'),
      copy('99, tenant_id, sequence'),
      copy('1, tenant_id, 99'),
      'UPDATE audit_checkpoint SET sequence = 1',
      'DELETE FROM audit_checkpoint',
    ]) {
      await expect(connection.run(attempt)).rejects.toThrow(/the audit log|a checkpoint/);
    }
    expect([await count('audit_entry'), await count('audit_checkpoint')]).toEqual([3, 1]);
  });

  test('after a write that failed the next one is stored', async () => {
    const { audit } = temporary.database;
    await expect(audit.record({ ...entry(), tenantId: 999 })).rejects.toThrow('FOREIGN KEY');
    await audit.record(entry());
    await temporary.reopen();
    expect(await count('audit_entry')).toBe(1);
    const closed = temporary.database.audit;
    await temporary.reopen();
    await expect(closed.record(entry())).rejects.toThrow('The database is closed');
    await expect(closed.record(entry())).rejects.toThrow('The database is closed');
  });
});
