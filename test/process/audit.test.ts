import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { startSimulator, type Simulator } from '../../src/simulator';
import { Command, gatewayEnvironment, killCommands, MAIN, startCommand, type Environment } from './command';

let simulator: Simulator;
let dataDir: string;
let environment: Environment;
beforeEach(async () => {
  simulator = await startSimulator();
  dataDir = mkdtempSync(join(tmpdir(), 'rolecall-audit-'));
  environment = gatewayEnvironment(simulator, dataDir);
});
afterEach(async () => {
  await killCommands();
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

async function run(...args: string[]) {
  const command = new Command(MAIN, ['audit', ...args], environment);
  const { code } = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

test('verify tells by its exit code whether the log is whole, beside a gateway and after it', async () => {
  const { command, url } = await startCommand(environment);
  const token = /Admin token \(shown once\): (\S+)/.exec(command.stdout)![1]!;
  const mutate = (name: string) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({
        query: `mutation { registerAccount(input: { name: "${name}" }) { account { id } } }`,
      }),
    });
  for (const name of ['one', 'two', 'three']) expect((await mutate(name)).status).toBe(200);
  const whole = {
    code: 0,
    stdout: expect.stringContaining('tenant 1 (root): 6 entries are whole'),
    stderr: '',
  };
  expect(await run('verify')).toEqual(whole);
  expect(await run('checkpoint')).toMatchObject({ code: 0 });
  expect(existsSync(join(dataDir, 'audit-checkpoints.jsonl'))).toBe(true);
  await command.stop();
  expect(await run('verify')).toEqual(whole);

  const attacker = await SqliteConnection.open(join(dataDir, 'rolecall.sqlite'), 'readwrite');
  await attacker.run('DROP TRIGGER audit_entry_not_deleted');
  await attacker.run('DELETE FROM audit_entry WHERE sequence > 4');
  await attacker.close();
  expect(await run('verify', '--tenant', 'root')).toEqual({
    code: 1,
    stdout: expect.stringContaining('BROKEN: entry 5 is missing, and so is the rest up to 6'),
    stderr: 'rolecall: The audit log is broken (tenants: 1 of 1)\n',
  });
});

test.each([
  [[], 'wanted is verify'],
  [['verify', 'more'], 'wanted is verify'],
  [['verify'], 'there is no database'],
  [['verify', '--nonsense'], 'Unknown option'],
])('audit %j says what is wrong, and makes nothing', async (args, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(existsSync(join(dataDir, 'rolecall.sqlite'))).toBe(false);
});
