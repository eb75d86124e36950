import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditBrokenError, auditCommand } from '../../src/commands/audit';
import { readConfiguration } from '../../src/config/configuration';
import type { Configuration } from '../../src/config/settings';
import { loadAuditKeys } from '../../src/core/audit/audit-key';
import { entryHash, type ChainEntry } from '../../src/core/audit/chain';
import { systemClock } from '../../src/core/clock';
import { openDatabase, type Database } from '../../src/db';
import { SELECT_ENTRY } from '../../src/db/audit/audit-chains';
import { SqliteConnection, type SqlValue } from '../../src/db/sqlite-connection';
import { buildAudit } from '../../src/gateway/audit';
import { silentLog } from '../support/silent-log';

/** Who can write to the database file cannot change the audit log unseen: `audit verify` names the first bad entry. */

const ENTRIES = 12;
let folder: string;
let configuration: Configuration;
let database: Database;
let tenantId: number;
/** The attacker's: no trigger is left on it. */
let attacker: SqliteConnection;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rolecall-tamper-'));
  configuration = readConfiguration({ ROLECALL_DATA_DIR: folder });
  database = await openDatabase({ file: join(folder, 'rolecall.sqlite'), awsEndpoint: null });
  const root = await database.tenants.ensureRoot({ name: 'root', createdAt: 0 });
  tenantId = (await database.tenants.createTenant({ parentId: root.id, name: 'Acme', createdAt: 0 })).id;
  await record(root.id, 1);
  for (let index = 1; index <= ENTRIES; index++) {
    await record(tenantId, index);
    // The other tenant's entries lie in between.
    await record(root.id, index);
    if (index % 5 === 0) await checkpoint();
  }
  await checkpoint();
  attacker = await SqliteConnection.open(join(folder, 'rolecall.sqlite'), 'readwrite');
  await attacker.exec('PRAGMA busy_timeout = 5000');
  const triggers = await attacker.all<{ name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'`,
  );
  expect(triggers.length).toBe(5);
  for (const { name } of triggers) await attacker.run(`DROP TRIGGER ${name}`);
});
afterEach(async () => {
  await attacker.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

const record = (owner: number, index: number) =>
  database.audit.record({
    tenantId: owner,
    actor: 'ops',
    action: 'mutation.connectAccount',
    target: { type: 'Account', id: index },
    accountId: index,
    detail: { index, roleArn: 'arn:aws:iam::123456789012:role/rolecall' },
  });
const checkpoint = () =>
  buildAudit(configuration, { database, clock: systemClock, log: silentLog }).checkpoints.make();

/** What `audit verify` says, beside the database that is in use. */
async function verify(...args: string[]): Promise<{ lines: string[]; isWhole: boolean }> {
  const lines: string[] = [];
  try {
    await auditCommand(configuration, ['verify', ...args], (line) => lines.push(line));
    return { lines, isWhole: true };
  } catch (error) {
    if (!(error instanceof AuditBrokenError)) throw error;
    return { lines, isWhole: false };
  }
}

/** Asserts that the tenant's log is found broken there, and the other tenant's whole. */
async function assertFound(sequence: number, id: number | null, message: string): Promise<void> {
  const { lines, isWhole } = await verify();
  expect(isWhole).toBe(false);
  const place = `entry ${sequence}${id === null ? '' : ` (id ${id})`}`;
  expect(lines).toEqual([
    expect.stringContaining(`tenant 1 (root): ${ENTRIES + 1} entries are whole`),
    expect.stringMatching(
      new RegExp(`^tenant ${tenantId} \\(Acme\\): BROKEN: ${place.replace(/[()]/g, '\\$&')} .*${message}`),
    ),
  ]);
}

const change = (sql: string, ...parameters: SqlValue[]) => attacker.run(sql, [...parameters, tenantId]);
const entryAt = async (sequence: number) =>
  (await attacker.get<ChainEntry>(`${SELECT_ENTRY} WHERE sequence = ? AND tenant_id = ?`, [
    sequence,
    tenantId,
  ]))!;
/** Writes the chain anew from there on, with hashes that fit: no key is needed for that. */
async function rehashFrom(sequence: number): Promise<void> {
  for (let next = sequence; ; next++) {
    const entry = await entryAt(next);
    if (!entry) return;
    const { hash: previousHash } = await entryAt(next - 1);
    await attacker.run('UPDATE audit_entry SET previous_hash = ?, hash = ? WHERE id = ?', [
      previousHash,
      entryHash(previousHash, entry),
      entry.id,
    ]);
  }
}

it('a log that nobody touched is whole', async () => {
  const { lines, isWhole } = await verify();
  expect(isWhole).toBe(true);
  expect(lines).toEqual([
    expect.stringMatching(/^tenant 1 \(root\): 13 entries are whole, signed at \d{4}-/),
    expect.stringMatching(/^tenant 2 \(Acme\): 12 entries are whole, signed at \d{4}-/),
    expect.stringMatching(/^The audit log is whole. Public key of its checkpoints: [\w-]{43}$/),
  ]);
  expect((await verify('--tenant', 'Acme')).lines).toHaveLength(2);
});

it.each(['actor', 'action', 'target', 'detail', 'at', 'account_id', 'hash', 'previous_hash'])(
  'a flipped byte in %s',
  async (column) => {
    const { id } = await entryAt(4);
    const flipped =
      column === 'at' || column === 'account_id'
        ? `${column} = ${column} + 1`
        : `${column} = substr(${column}, 1, length(${column}) - 2) || '~' || substr(${column}, -1)`;
    await change(`UPDATE audit_entry SET ${flipped} WHERE sequence = 4 AND tenant_id = ?`);
    await assertFound(4, id, 'was changed or moved');
  },
);

it('an entry that was given to another tenant', async () => {
  await change(`UPDATE audit_entry SET tenant_id = 1, sequence = 99 WHERE sequence = 12 AND tenant_id = ?`);
  const { lines } = await verify();
  expect(lines[0]).toContain('tenant 1 (root): BROKEN: entry 14');
  expect(lines[1]).toContain('tenant 2 (Acme): BROKEN: entry 12 is missing');
});

it('a deletion, with and without the gap closed', async () => {
  const { id } = await entryAt(7);
  await change('DELETE FROM audit_entry WHERE sequence = 6 AND tenant_id = ?');
  await assertFound(6, id, 'is missing: after it comes 7');
  for (let sequence = 7; sequence <= ENTRIES; sequence++) {
    await change(
      'UPDATE audit_entry SET sequence = ? WHERE sequence = ? AND tenant_id = ?',
      sequence - 1,
      sequence,
    );
  }
  await assertFound(6, id, 'was changed or moved');
  await rehashFrom(6);
  // Checkpoints signed 5, 10 and 12.
  await assertFound(10, (await entryAt(10)).id, 'is not the one that was signed');
});

it('two entries exchanged', async () => {
  const { id } = await entryAt(3);
  for (const [from, to] of [
    [2, 99],
    [3, 2],
    [99, 3],
  ] as const) {
    await change('UPDATE audit_entry SET sequence = ? WHERE sequence = ? AND tenant_id = ?', to, from);
  }
  await assertFound(2, id, 'was changed or moved');
  await rehashFrom(2);
  await assertFound(3, (await entryAt(3)).id, 'does not follow');
});

it('an entry put in', async () => {
  for (let sequence = ENTRIES; sequence > 8; sequence--) {
    await change(
      'UPDATE audit_entry SET sequence = ? WHERE sequence = ? AND tenant_id = ?',
      sequence + 1,
      sequence,
    );
  }
  const before = await entryAt(8);
  const forged = { ...before, id: 1_000, sequence: 9, actor: 'somebody else', previousHash: before.hash };
  await attacker.run(
    `INSERT INTO audit_entry (id, tenant_id, sequence, previous_hash, hash, at, actor, action, target, account_id, detail)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      forged.id,
      tenantId,
      forged.sequence,
      forged.previousHash,
      entryHash(forged.previousHash, forged),
      forged.at,
      forged.actor,
      forged.action,
      forged.target,
      forged.accountId,
      forged.detail,
    ],
  );
  // It fits what is before it, and nothing after it does.
  await assertFound(10, (await entryAt(10)).id, 'was changed or moved');
});

it('a cut, by the checkpoints in the database', async () => {
  rmSync(join(folder, 'audit-checkpoints.jsonl'));
  await change('DELETE FROM audit_entry WHERE sequence > 8 AND tenant_id = ?');
  await assertFound(9, null, 'is missing, and so is the rest up to 12');
});

it('a cut with the checkpoints of the database cut too, by those in the file', async () => {
  await change('DELETE FROM audit_entry WHERE sequence > 8 AND tenant_id = ?');
  await change('DELETE FROM audit_checkpoint WHERE sequence > 8 AND tenant_id = ?');
  await assertFound(9, null, 'is missing, and so is the rest up to 12');
});

it('a cut with the checkpoints of database and file cut too, by a copy elsewhere and the public key', async () => {
  const publicKey = loadAuditKeys({ file: join(folder, 'audit.key') })[0]!.publicKey;
  const file = join(folder, 'audit-checkpoints.jsonl');
  const elsewhere = join(folder, 'elsewhere.jsonl');
  copyFileSync(file, elsewhere);
  await change('DELETE FROM audit_entry WHERE tenant_id = ?');
  await change('DELETE FROM audit_checkpoint WHERE tenant_id = ?');
  const others = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !line.includes(`"tenantId":${tenantId}`));
  writeFileSync(file, others.join('\n'));
  rmSync(join(folder, 'audit.key'));
  const { lines } = await verify('--checkpoints', elsewhere, '--public-key', publicKey);
  expect(lines[1]).toContain('BROKEN: entry 1 is missing, and so is the rest up to 12');
  await expect(verify()).rejects.toThrow('give the public one by --public-key');
});

it('a cut that the running gateway has written on behind', async () => {
  await change('DELETE FROM audit_entry WHERE sequence > 8 AND tenant_id = ?');
  for (let index = 0; index < 10; index++) await record(tenantId, index);
  await checkpoint();
  await assertFound(10, (await entryAt(10)).id, 'is not the one that was signed');
});

it('a checkpoint that was changed, or signed with another key', async () => {
  await change('UPDATE audit_checkpoint SET at = at + 1 WHERE sequence = 10 AND tenant_id = ?');
  await assertFound(10, null, 'has a checkpoint that has a signature that is not its own');
});

it('a whole log under a new key', async () => {
  rmSync(join(folder, 'audit.key'));
  loadAuditKeys({ file: join(folder, 'audit.key') });
  expect((await verify()).lines[1]).toContain('signed with a key that is not known here');
});

it('the table itself cannot be changed while its triggers stand', async () => {
  const intact = mkdtempSync(join(tmpdir(), 'rolecall-tamper-'));
  const other = await openDatabase({ file: join(intact, 'rolecall.sqlite'), awsEndpoint: null });
  const { id } = await other.tenants.ensureRoot({ name: 'root', createdAt: 0 });
  await other.audit.record({ tenantId: id, actor: 'ops', action: 'secret.read' });
  const connection = await SqliteConnection.open(join(intact, 'rolecall.sqlite'), 'readwrite');
  await expect(connection.run('DELETE FROM audit_entry')).rejects.toThrow('never shortened');
  await expect(connection.run(`UPDATE audit_entry SET actor = ''`)).rejects.toThrow('never changed');
  await connection.close();
  await other.close();
  rmSync(intact, { recursive: true });
});
