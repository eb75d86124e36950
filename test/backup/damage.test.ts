import { closeSync, cpSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { backupCommand } from '../../src/commands/backup';
import { checkCommand } from '../../src/commands/check';
import { readConfiguration } from '../../src/config/configuration';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { demoAccountIds } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { compareWithOracle } from '../e2e/oracle';
import { MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';

const HOUR = 60 * MINUTE;

let rolecall: Rolecall;
let accountId: string;
beforeEach(async () => {
  rolecall = await startRolecall({ settings: { ROLECALL_BACKFILL_DAYS: '1' } });
  accountId = await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop);
  // The history of yesterday comes, and is sealed.
  for (let cycle = 0; cycle < 3; cycle++) await rolecall.collect(5 * MINUTE);
});
afterEach(() => rolecall.stop());

async function check(dataDir = rolecall.dataDir): Promise<{ lines: string[]; error: Error | null }> {
  const lines: string[] = [];
  const configuration = readConfiguration({ ROLECALL_DATA_DIR: dataDir });
  const error = await checkCommand(configuration, [], (line) => lines.push(line)).then(
    () => null,
    (reason: Error) => reason,
  );
  return { lines, error };
}

/** Turns one bit of the first blob of a table over, behind the gateway's back. @returns its id */
async function damage(table: 'head' | 'chunk'): Promise<number> {
  const connection = await SqliteConnection.open(`${rolecall.dataDir}/rolecall.sqlite`, 'readwrite');
  const row = await connection.get<{ id: number; data: Buffer }>(
    `SELECT id, data FROM ${table} WHERE length(data) > 64 ORDER BY id LIMIT 1`,
  );
  const data = Buffer.from(row!.data);
  data[20]! ^= 0x10;
  await connection.run(`UPDATE ${table} SET data = ? WHERE id = ?`, [data, row!.id]);
  await connection.close();
  return row!.id;
}

it('finds a database whole', async () => {
  const { lines, error } = await check();
  expect(error).toBeNull();
  expect(lines).toEqual([expect.stringMatching(/is whole: its structure, and \d+ blobs of points/)]);
});

it('names the series of a damaged chunk, and serves all others', async () => {
  await damage('chunk');
  const { lines, error } = await check();
  expect(error).toMatchObject({ name: 'DatabaseDamagedError' });
  expect(lines).toEqual([
    expect.stringMatching(/^chunk from 2026-11-23T.* to 2026-11-2.*: .+: \S+ \S+ of \S+ \(account 1\)$/),
  ]);
  const yesterday = MORNING - (MORNING % (24 * HOUR)) - 12 * HOUR;
  const result = await compareWithOracle(rolecall.admin, rolecall.simulator, {
    accountIds: [accountId],
    ...{ from: yesterday, to: yesterday + 6 * HOUR },
  });
  expect(result.wrong).toEqual([]);
  expect(result.equal).toBeGreaterThan(1_000);
  const [, damaged] = /: (\S+ \S+) of \S+ \(account 1\)$/.exec(lines[0]!)!;
  expect(new Set(result.missing.map((point) => point.split(' at ')[0]))).toEqual(new Set([damaged]));
});

it('names the series of a damaged head row', async () => {
  await damage('head');
  const { lines, error } = await check();
  expect(error).toMatchObject({ name: 'DatabaseDamagedError' });
  expect(lines).toEqual([expect.stringMatching(/^head from 2026-11-24T.*: .* of /)]);
});

it('says what is damaged, whatever pages of the file are overwritten', async () => {
  const backup = join(rolecall.dataDir, 'backup.sqlite');
  await backupCommand(readConfiguration({ ROLECALL_DATA_DIR: rolecall.dataDir }), [backup], () => undefined);
  const pages = statSync(backup).size / PAGE;
  for (let round = 0; round < 8; round++) {
    const dataDir = join(rolecall.dataDir, `damaged-${round}`);
    mkdirSync(dataDir);
    const file = join(dataDir, 'rolecall.sqlite');
    cpSync(backup, file);
    // Behind the tables' definitions; at the start of a page, or in its midst.
    const offset = round % 2 === 0 ? 0 : PAGE / 2;
    for (let page = 100 + round; page < pages; page += 40) overwrite(file, page * PAGE + offset);
    const { lines, error } = await check(dataDir);
    expect(error).toMatchObject({ name: 'DatabaseDamagedError' });
    expect(lines.length).toBeGreaterThan(0);
  }
});

const PAGE = 4_096;

function overwrite(file: string, position: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(64), 0, 64, position);
  closeSync(handle);
}
