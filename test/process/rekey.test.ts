import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalKey } from '../../src/core/credentials/sealing/local-key';
import { demoAccessKeyUser, startSimulator, type Simulator } from '../../src/simulator';
import { register } from '../e2e/onboard';
import { ConnectAccount, VerifyAccount } from '../e2e/operations.graphql';
import { GraphqlClient } from '../support/graphql-client';
import { ADMIN_TOKEN } from '../support/rolecall';
import { Command, gatewayEnvironment, killCommands, MAIN, startCommand } from './command';

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
const settingOf = (...keys: Buffer[]) => ({
  ROLECALL_ENCRYPTION_KEY: keys.map((key) => key.toString('hex')).join(','),
});
const idOf = (key: Buffer) => new LocalKey(key).id;

let simulator: Simulator;
let dataDir: string;

beforeEach(async () => {
  simulator = await startSimulator();
  dataDir = mkdtempSync(join(tmpdir(), 'rolecall-rekey-'));
});
afterEach(async () => {
  await killCommands();
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

const environment = (...keys: Buffer[]) => ({
  ...gatewayEnvironment(simulator, dataDir),
  ...settingOf(...keys),
  ROLECALL_ADMIN_TOKEN: ADMIN_TOKEN,
});

async function rekey(...keys: Buffer[]) {
  const command = new Command(MAIN, ['rekey'], environment(...keys));
  const { code } = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

it('wraps stored secrets anew beside a running gateway, and fails where a key is missing', async () => {
  const gateway = await startCommand(environment(newKey, oldKey));
  const admin = new GraphqlClient({ url: gateway.url, token: ADMIN_TOKEN });
  const { id } = await register(admin, 'Payments');
  const { accessKeyId, secretAccessKey } = demoAccessKeyUser;
  const input = { accountId: id, accessKey: { accessKeyId, secretAccessKey } };
  expect((await admin.execute(ConnectAccount, { input })).connectAccount.errors).toEqual([]);

  // Back to the old one, which the gateway has too: it opens what the command has just wrapped.
  expect(await rekey(oldKey, newKey)).toEqual({
    code: 0,
    stdout:
      'Stored secrets wrapped anew: 1\n' +
      `Rows of the key ${idOf(oldKey)} (it seals): 1\nRows of the key ${idOf(newKey)}: 0\n`,
    stderr: '',
  });
  const { verifyAccount } = await admin.execute(VerifyAccount, { input: { accountId: id } });
  expect(verifyAccount.errors).toEqual([]);

  const { code, stdout, stderr } = await rekey(newKey);
  expect(code).toBe(1);
  expect(stdout).toContain(`Rows of the key ${idOf(oldKey)}: 1\n`);
  expect(stdout).toContain('Not wrapped anew: account 1: RC_SECRET_KEY_UNKNOWN');
  expect(stderr).toBe('rolecall: Some stored secrets could not be wrapped anew: 1\n');
  await gateway.command.stop();
});

it.each([
  ['nonsense', 'ROLECALL_ENCRYPTION_KEY: (8 characters) was given, wanted is 32 bytes'],
  ['arn:aws:kms:eu-central-1:123456789012:alias/rolecall', 'wanted is 32 bytes as 64 hexadecimal digits'],
])('says the whole of what is wrong with the key %s', async (ROLECALL_ENCRYPTION_KEY, message) => {
  const command = new Command(MAIN, ['rekey'], { ...environment(newKey), ROLECALL_ENCRYPTION_KEY });
  const { code } = await command.ended;
  expect(code).toBe(1);
  expect(command.stderr).toContain(message);
  expect(command.stderr).not.toContain('[secret]');
});
