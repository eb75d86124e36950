import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditPublicKeys } from '../src/core/audit/audit-key';
import type { AuditRecord } from '../src/core/audit/audit-trail';
import { AuditVerifier } from '../src/core/audit/audit-verifier';
import { systemClock } from '../src/core/clock';
import { appendAudit } from '../src/db/audit/append-audit';
import { SqliteAuditRepository } from '../src/db/audit/sqlite-audit-repository';
import { openDataSource } from '../src/db/data-sources';
import { openRawConnection } from '../src/db/database-file';
import { openDatabase } from '../src/db';
import { EntityWriter, type EntityTransaction } from '../src/db/transactions';
import { WriteQueue } from '../src/db/write-queue';
import { cpuMsOf, median, type Figure } from './figure';

const ROUNDS = 15;
/** Rounds that run before, so that both sides are compiled. */
const WARM_UP_ROUNDS = 3;
const ENTRIES = 200;

/** As a mutation tells what it was asked. */
const RECORD: AuditRecord = {
  tenantId: 1,
  actor: 'ops',
  action: 'mutation.connectAccount',
  target: { type: 'Account', id: 7 },
  accountId: 7,
  detail: {
    mutationId: '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
    caller: { role: 'OPERATOR', tenant: 'VGVuYW50OjE', token: 'QXBpVG9rZW46MQ' },
    input: { accountId: 'QWNjb3VudDo3', roleArn: 'arn:aws:iam::123456789012:role/rolecall', force: false },
  },
};

/**
 * What the chain costs: an entry against the same row without hashes, numbers and triggers, each in a transaction of its
 * own, as a mutation writes two of them; many that are told at once; and their verification.
 */
export async function audit(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-bench-'));
  const file = join(folder, 'rolecall.sqlite');
  const database = await openDatabase({ file, awsEndpoint: null });
  await database.tenants.ensureRoot({ name: 'root', createdAt: 0 });
  await database.close();
  const source = await openDataSource(file, 'readwrite');
  const reader = await openRawConnection(file, 'readonly');
  const writer = new EntityWriter(source, new WriteQueue());
  await writer.transaction(({ run }) => run(PLAIN_TABLE));
  try {
    return await measure(writer, new SqliteAuditRepository(writer, reader, systemClock));
  } finally {
    await reader.close();
    await source.destroy();
    rmSync(folder, { recursive: true });
  }
}

const PLAIN_TABLE = `CREATE TABLE plain_entry (
  id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT,
  account_id INTEGER,
  detail TEXT NOT NULL
) STRICT`;

async function measure(writer: EntityWriter, repository: SqliteAuditRepository): Promise<Figure[]> {
  const rounds: { wall: number; cpu: number; chainedMs: number; together: number }[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const plain = await oneByOne(writer, appendPlain);
    const chained = await oneByOne(writer, (transaction) => appendAudit(transaction, RECORD, round));
    const started = performance.now();
    await Promise.all(Array.from({ length: ENTRIES }, () => repository.record(RECORD)));
    const together = (performance.now() - started) / ENTRIES;
    if (round < 0) continue;
    rounds.push({
      wall: chained.wallMs / plain.wallMs,
      cpu: chained.cpuMs / plain.cpuMs,
      chainedMs: chained.wallMs / ENTRIES,
      together,
    });
  }
  const middle = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
  return [
    { name: 'audit-entry-wall-ratio', value: middle(({ wall }) => wall), goal: '<= 2.00' },
    { name: 'audit-entry-cpu-ratio', value: middle(({ cpu }) => cpu), goal: '<= 2.50' },
    { name: 'audit-ms-per-mutation', value: 2 * middle(({ chainedMs }) => chainedMs), goal: '-' },
    { name: 'audit-us-per-entry-at-once', value: 1000 * middle(({ together }) => together), goal: '-' },
    { name: 'audit-verify-us-per-entry', value: await verifyUs(repository), goal: '-' },
  ];
}

async function oneByOne(
  writer: EntityWriter,
  append: (transaction: EntityTransaction) => Promise<unknown>,
): Promise<{ wallMs: number; cpuMs: number }> {
  const started = performance.now();
  const cpuMs = await cpuMsOf(async () => {
    for (let entry = 0; entry < ENTRIES; entry++) await writer.transaction(append);
  });
  return { wallMs: performance.now() - started, cpuMs };
}

function appendPlain({ run }: EntityTransaction): Promise<number> {
  const { tenantId, actor, action, accountId, detail } = RECORD;
  return run(
    `INSERT INTO plain_entry (tenant_id, at, actor, action, target, account_id, detail) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [tenantId, 0, actor, action, 'Account:7', accountId!, JSON.stringify(detail)],
  );
}

async function verifyUs(repository: SqliteAuditRepository): Promise<number> {
  const verifier = new AuditVerifier(new AuditPublicKeys([]));
  const started = performance.now();
  const { entries, fault } = await verifier.verify(1, repository.chain(1), []);
  if (fault) throw new Error(`Entry ${fault.sequence} ${fault.message}`);
  return (1000 * (performance.now() - started)) / entries;
}
