import { readFileSync, statSync, writeFileSync, mkdtempSync, rmSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backupCommand, restoreCommand } from '../../src/commands/backup';
import { readConfiguration } from '../../src/config/configuration';
import { demoAccountIds } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { compareWithOracle } from '../e2e/oracle';
import { MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';

const silent = () => undefined;
const HOUR = 60 * MINUTE;

let rolecall: Rolecall;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rolecall-backup-'));
  rolecall = await startRolecall();
});
afterEach(async () => {
  await rolecall.stop();
  rmSync(folder, { recursive: true, force: true });
});

const configured = (dataDir: string) => readConfiguration({ ROLECALL_DATA_DIR: dataDir });

it('copies a database under load as it is at one instant; what came later is collected again', async () => {
  const accountId = await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop);
  const target = join(folder, 'backup.sqlite');
  await rolecall.collect(5 * MINUTE);
  const collecting = rolecall.collect(5 * MINUTE);
  await backupCommand(configured(rolecall.dataDir), [target], silent);
  await collecting;
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['backup.sqlite']);

  const restored = join(folder, 'data');
  await restoreCommand(configured(restored), [target], silent);
  rolecall.clock.advance(30 * MINUTE);
  await rolecall.restart({ ROLECALL_DATA_DIR: restored });
  await rolecall.collect(5 * MINUTE);
  const to = rolecall.clock.now() - (rolecall.clock.now() % (5 * MINUTE)) - 15 * MINUTE;
  const result = await compareWithOracle(rolecall.admin, rolecall.simulator, {
    accountIds: [accountId],
    from: MORNING - (MORNING % HOUR) - 2 * HOUR,
    to,
  });
  expect(result).toMatchObject({ wrong: [], missing: [] });
  expect(result.equal).toBeGreaterThan(1000);
});

it('overwrites nothing', async () => {
  const target = join(folder, 'backup.sqlite');
  writeFileSync(target, 'something else');
  await expect(backupCommand(configured(rolecall.dataDir), [target], silent)).rejects.toMatchObject({
    name: 'BackupExistsError',
  });
  expect(readFileSync(target, 'utf8')).toBe('something else');
  const copy = join(folder, 'copy.sqlite');
  await backupCommand(configured(rolecall.dataDir), [copy], silent);
  await expect(restoreCommand(configured(rolecall.dataDir), [copy], silent)).rejects.toMatchObject({
    name: 'BackupExistsError',
  });
});

it.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ['with a page overwritten', (bytes: Buffer) => Buffer.from(bytes).fill(0xa5, 4096, 3 * 4096)],
  ['that is something else', () => Buffer.from('a text')],
])('puts no backup in place %s', async (_, damage) => {
  const copy = join(folder, 'copy.sqlite');
  await backupCommand(configured(rolecall.dataDir), [copy], silent);
  writeFileSync(copy, damage(readFileSync(copy)));
  const restored = join(folder, 'data');
  await expect(restoreCommand(configured(restored), [copy], silent)).rejects.toMatchObject({
    name: 'BackupDamagedError',
  });
  expect(readdirSync(restored)).toEqual([]);
});

it.each([
  [[], 'wanted is backup FILE'],
  [['one', 'two'], 'wanted is backup FILE'],
])('tells what it wants: backup %j', async (args, message) => {
  await expect(backupCommand(configured(rolecall.dataDir), args, silent)).rejects.toThrow(message);
});

it('says that there is no database, and no backup', async () => {
  await expect(backupCommand(configured(folder), [join(folder, 'b')], silent)).rejects.toThrow(
    'there is no database',
  );
  await expect(restoreCommand(configured(folder), [join(folder, 'b')], silent)).rejects.toThrow(
    'there is no file',
  );
});
