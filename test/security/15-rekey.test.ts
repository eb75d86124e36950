import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfiguration } from '../../src/config/configuration';
import { LocalKey } from '../../src/core/credentials/sealing/local-key';
import { openDatabase } from '../../src/db';
import { rekeyCommand, RekeyError } from '../../src/commands/rekey';
import { demoGatewayUser, demoWorld } from '../../src/simulator';
import { makeRole, register } from '../e2e/onboard';
import { ConnectAccount, VerifyAccount } from '../e2e/operations.graphql';
import { gatewayCredentials, MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { StoredKeyOf } from './operations.graphql';

/** Stored keys go over to other encryption keys under a running gateway; their age is told; a role destroys them. */

const DAY = 24 * 3_600_000;
const REGION = 'eu-central-1';
const ACCOUNTS = 5;

const awsAccountId = (index: number) => String(500000000000 + index);
const accessKey = (index: number) => ({
  accessKeyId: `AKIACUSTOMER${String(index).padStart(8, '0')}`,
  secretAccessKey: `secretOfFortyCharacters+0123456789/${String(index).padStart(5, '0')}`,
});

/** The demo's world, with as many more customers, who have an IAM user each, and a KMS key of the gateway's own. */
function world() {
  const permissionPolicy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  };
  const made = demoWorld();
  made.addUser({ ...demoGatewayUser, permissionPolicy });
  for (let index = 0; index < ACCOUNTS; index++) {
    const accountId = awsAccountId(index);
    made.addAccount({ id: accountId, enabledRegions: [REGION, 'us-east-1'] });
    made.addUser({ accountId, name: 'monitor', permissionPolicy, ...accessKey(index) });
  }
  return made;
}

/** An encryption key as the setting takes it, with its id. */
function localKey() {
  const bytes = randomBytes(32);
  return { setting: bytes.toString('base64'), id: new LocalKey(bytes).id };
}

const settingsOf = (...keys: { setting: string }[]) => ({
  ROLECALL_ENCRYPTION_KEY: keys.map(({ setting }) => setting).join(','),
});

let rolecall: Rolecall;
afterEach(() => rolecall.stop());

/** Connects a new account by its access key. @returns its id */
async function connectByKey(index: number): Promise<string> {
  const { id } = await register(rolecall.admin, `Customer ${index}`);
  const input = { accountId: id, accessKey: accessKey(index) };
  const { connectAccount } = await rolecall.admin.execute(ConnectAccount, { input });
  expect(connectAccount.errors).toEqual([]);
  return id;
}

/** Opens the stored key, and asks STS whose it is. @returns whether that went well */
async function opens(accountId: string): Promise<boolean> {
  const { verifyAccount } = await rolecall.admin.execute(VerifyAccount, { input: { accountId } });
  const identity = verifyAccount.verification?.checks.find(({ name }) => name === 'ACCOUNT_MATCHES');
  return verifyAccount.errors.length === 0 && identity?.outcome === 'PASSED';
}

/** `rekey` in another process's stead. @returns what it prints */
async function runRekey(...keys: { setting: string }[]): Promise<string> {
  let printed = '';
  const configuration = readConfiguration({
    ROLECALL_ENV: 'development',
    ROLECALL_AWS_ENDPOINT: rolecall.simulator.url,
    ROLECALL_DATA_DIR: rolecall.dataDir,
    ...settingsOf(...keys),
  });
  await rekeyCommand(configuration, { gatewayCredentials, print: (text) => (printed += text) });
  return printed;
}

const columnOf = (accountId: string) => Number(Buffer.from(accountId, 'base64').toString().split(':').pop());

async function sealedAccessKey(accountId: string): Promise<string | null> {
  const database = await openDatabase({
    file: join(rolecall.dataDir, 'rolecall.sqlite'),
    awsEndpoint: rolecall.simulator.url,
  });
  try {
    return await database.accounts.sealedAccessKey(columnOf(accountId));
  } finally {
    await database.close();
  }
}

it('rotates the encryption key under load, with no failure and no row left on the one before', async () => {
  const [old, fresh] = [localKey(), localKey()];
  rolecall = await startRolecall({ world: world(), settings: settingsOf(old) });
  const { Arn: arn, KeyId } = rolecall.simulator.world.addKmsKey({
    accountId: demoGatewayUser.accountId,
    region: REGION,
  });
  const kms = { setting: arn, id: `kms-${KeyId}` };
  const ids: string[] = [];
  for (let index = 0; index < ACCOUNTS; index++) ids.push(await connectByKey(index));
  await rolecall.restart(settingsOf(fresh, old, kms));

  let isOver = false;
  const outcomes: boolean[][] = ids.map(() => []);
  const load = ids.map(async (id, index) => {
    while (!isOver) outcomes[index]!.push(await opens(id));
  });
  try {
    for (const [first, ...others] of [
      [fresh, old, kms],
      [kms, fresh, old],
      [old, kms, fresh],
      [fresh, old, kms],
    ]) {
      const printed = await runRekey(first!, ...others);
      expect(printed).toContain(`Stored secrets wrapped anew: ${ACCOUNTS}\n`);
      expect(printed).toContain(`Rows of the key ${first!.id} (it seals): ${ACCOUNTS}\n`);
      for (const { id } of others) expect(printed).toContain(`Rows of the key ${id}: 0\n`);
      // Each is opened again before the next.
      const before = outcomes.map(({ length }) => length);
      await until(() => outcomes.every(({ length }, index) => length > before[index]!));
    }
  } finally {
    isOver = true;
    await Promise.allSettled(load);
  }
  expect(outcomes.flat().filter((isFine) => !isFine)).toEqual([]);

  await rolecall.restart(settingsOf(fresh));
  for (const id of ids) expect(await opens(id)).toBe(true);
  expect(await runRekey(fresh)).toBe(
    `Stored secrets wrapped anew: 0\nRows of the key ${fresh.id} (it seals): ${ACCOUNTS}\n`,
  );
});

it('says which rows it could not wrap anew, and does the others', async () => {
  const [old, lost, fresh] = [localKey(), localKey(), localKey()];
  rolecall = await startRolecall({ world: world(), settings: settingsOf(lost) });
  const unreachable = await connectByKey(0);
  await rolecall.restart(settingsOf(old));
  const reachable = await connectByKey(1);
  const attempt = runRekey(fresh, old);
  await expect(attempt).rejects.toThrow(RekeyError);
  await rolecall.restart(settingsOf(fresh));
  expect([await opens(reachable), await opens(unreachable).catch(() => false)]).toEqual([true, false]);
  await rolecall.restart(settingsOf(fresh, lost));
  expect(await opens(unreachable)).toBe(true);
});

it('breaks no account while the gateway may not use its KMS key, and goes on when it may', async () => {
  const made = world();
  const { Arn: setting } = made.addKmsKey({ accountId: demoGatewayUser.accountId, region: REGION });
  rolecall = await startRolecall({ world: made, settings: settingsOf({ setting }), limits: { attempts: 1 } });
  const id = await connectByKey(0);
  const status = async () => (await rolecall.admin.execute(StoredKeyOf, { id })).account!.status;
  // With no session at hand, each collection needs the key.
  await rolecall.restart();
  rolecall.simulator.faults.add({ kind: 'denyAction', match: { service: 'kms' } });
  await rolecall.collect(6 * MINUTE);
  expect(rolecall.simulator.calls.counts()).toMatchObject({ 'kms:Decrypt': expect.any(Number) });
  expect(await status()).toBe('DEGRADED');
  expect(await opens(id).catch(() => false)).toBe(false);
  expect(await status()).toBe('DEGRADED');
  rolecall.simulator.faults.clear();
  await rolecall.collect(6 * MINUTE);
  expect(await status()).toBe('CONNECTED');
});

it('tells the age of a key, and warns from 90 days on', async () => {
  rolecall = await startRolecall({ world: world() });
  const storedAt = new Date(rolecall.clock.now()).toISOString();
  const id = await connectByKey(0);
  const read = async () => (await rolecall.admin.execute(StoredKeyOf, { id })).account!;
  expect(await read()).toMatchObject({
    connection: 'ACCESS_KEY',
    accessKey: { idEnding: '0000', storedAt, ageDays: 0, isOld: false },
  });
  const identityCheck = async () =>
    (await read()).verification!.checks.find(({ name }) => name === 'ACCOUNT_MATCHES');
  rolecall.clock.advance(90 * DAY - 1);
  await opens(id);
  expect((await read()).accessKey).toMatchObject({ ageDays: 89, isOld: false });
  expect(await identityCheck()).toMatchObject({ outcome: 'PASSED' });
  rolecall.clock.advance(1);
  expect((await read()).accessKey).toEqual({ idEnding: '0000', storedAt, ageDays: 90, isOld: true });
  await rolecall.admin.execute(VerifyAccount, { input: { accountId: id } });
  expect(await identityCheck()).toMatchObject({ outcome: 'WARNING', code: 'KEY_IS_OLD' });
  // The same key again is a key that somebody has just looked at.
  const input = { accountId: id, accessKey: accessKey(0) };
  expect((await rolecall.admin.execute(ConnectAccount, { input })).connectAccount.errors).toEqual([]);
  expect((await read()).accessKey).toMatchObject({ ageDays: 0, isOld: false });
  expect(await identityCheck()).toMatchObject({ outcome: 'PASSED' });
});

it('destroys the key when the account is connected again with a role', async () => {
  rolecall = await startRolecall({ world: world() });
  const { admin, simulator, dataDir } = rolecall;
  const { id, onboarding } = await register(admin, 'Customer 0');
  const input = { accountId: id, accessKey: accessKey(0) };
  await admin.execute(ConnectAccount, { input });
  const sealed = (await sealedAccessKey(id))!;
  const pieces = sealed.split('.').filter((part) => part.length >= 16);
  expect(pieces).toHaveLength(4);

  const roleArn = makeRole(simulator, awsAccountId(0), onboarding!);
  const { connectAccount } = await admin.execute(ConnectAccount, { input: { accountId: id, roleArn } });
  expect(connectAccount).toMatchObject({ errors: [], account: { status: 'CONNECTED', connection: 'ROLE' } });
  expect(await sealedAccessKey(id)).toBeNull();
  const { account } = await admin.execute(StoredKeyOf, { id });
  expect(account).toMatchObject({ status: 'CONNECTED', connection: 'ROLE', accessKey: null });

  await rolecall.restart();
  const file = readFileSync(join(dataDir, 'rolecall.sqlite'));
  for (const piece of pieces) expect(file.includes(piece.slice(0, 16))).toBe(false);
});
