import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsClients } from '../../src/core/aws/aws-clients';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { MINUTE } from '../support/rolecall';
import { aThing, AWS_ACCOUNT, REGION, startTrap, WHOLE, type Trap, type TrapSubject } from './support/trap';

/**
 * Accounts, Regions and credentials: traps of collectors.md 6.2, by name.
 * Three traps have no test, since Rolecall has not what they concern:
 * - duplicate Firehose delivery: no metric streams are received.
 * - stream restart hole: the same.
 * - OWNING account index mismatch: no monitoring account's linked accounts are read (IncludeLinkedAccounts is never set).
 */

const HOUR = 60 * MINUTE;
const OTHER = 'eu-west-1';
let trap: Trap;
const start = async (subject?: TrapSubject, options?: Parameters<typeof startTrap>[1]) =>
  (trap = await startTrap(subject, options));
afterEach(() => trap.stop());

const everywhere = () => [aThing('one')];
const roleArn = `arn:aws:iam::${AWS_ACCOUNT}:role/rolecall`;
const describeInstances: TrapSubject['discover'] = async ({ aws }) => {
  await aws.client(EC2Client).send(new DescribeInstancesCommand({}));
};
const publishIn = (region: string) => trap.publish({ region });
const fetched = (run: Awaited<ReturnType<Trap['lastRun']>>) =>
  Object.fromEntries(
    run.steps.filter(({ step }) => step === 'FETCH').map(({ region, state }) => [region!, state]),
  );

test('Region disabled mid-run', async () => {
  let disables = false;
  const discover = async () => {
    if (disables) trap.simulator.world.addAccount({ id: AWS_ACCOUNT, enabledRegions: [REGION] });
  };
  await start({ things: everywhere, discover }, { regions: [REGION, OTHER] });
  publishIn(OTHER);
  expect(fetched(await trap.cycle())).toEqual({ [REGION]: 'SUCCEEDED', [OTHER]: 'SUCCEEDED' });
  disables = true;
  const run = await trap.cycle();
  expect(run.state).toBe('PARTIAL');
  expect(fetched(run)).toEqual({ [REGION]: 'SUCCEEDED', [OTHER]: 'FAILED' });
  disables = false;
  trap.simulator.world.addAccount({ id: AWS_ACCOUNT, enabledRegions: [REGION, OTHER] });
  await trap.cycle(30 * MINUTE);
  expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 2 });
});

describe('opt-in Region needing regional STS', () => {
  const optIn = 'af-south-1';

  it('a session for it is asked of a Region’s STS: those of the global one are not valid there', async () => {
    const hosts: string[] = [];
    const requestHandler = new NodeHttpHandler();
    requestHandler.handle = (request) => {
      hosts.push(request.hostname);
      return Promise.reject(Object.assign(new Error('noted'), { name: 'Noted' }));
    };
    const clients = new AwsClients({ endpoint: null, requestHandler, maxAttempts: 1 });
    const credentials = { accessKeyId: 'KEY', secretAccessKey: 's' };
    for (const region of ['us-east-1', 'eu-west-1', 'us-west-2']) {
      const sts = clients.create(STSClient, {
        credentials,
        region,
        allowedActions: new Set(['sts:AssumeRole']),
      });
      await sts
        .send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'one' }))
        .catch(() => undefined);
    }
    expect(hosts).toEqual(
      ['us-east-1', 'eu-west-1', 'us-west-2'].map((region) => `sts.${region}.amazonaws.com`),
    );
    await start();
  });

  it('is collected though its own STS is never asked', async () => {
    await start({ things: everywhere }, { regions: [optIn] });
    publishIn(optIn);
    await trap.cycle();
    expect(fetched(await trap.cycle())).toEqual({ [optIn]: 'SUCCEEDED' });
    expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 1 });
    const asked = trap.simulator.calls.list({ service: 'sts' }).map(({ region }) => region);
    expect(new Set(asked)).not.toContain(optIn);
  });
});

test('token expiry in mid-pagination', async () => {
  await start({ names: ['Load0', 'Load1', 'Load2'] });
  await trap.cycle();
  trap.simulator.faults.add({ kind: 'pageSize', points: 40 });
  const match = { accountId: AWS_ACCOUNT, action: 'GetMetricData', nextPage: true };
  const expiry = trap.simulator.faults.add({ kind: 'expireSessions', onCall: true, match, times: 1 });
  await trap.cycle(2 * HOUR);
  expect(expiry.hits).toBe(1);
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 3 });
});

describe('clock skew', () => {
  it('AWS’s time is another than this machine’s: calls are signed by AWS’s', async () => {
    await start({ discover: describeInstances });
    await trap.cycle();
    // The clocks of this test are not the machine's, by which the SDK signs to begin with.
    trap.simulator.faults.add({ kind: 'checkDate' });
    for (let cycle = 0; cycle < 3; cycle++) expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
    expect(await trap.account()).toMatchObject({ status: 'CONNECTED' });
    expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 1 });
  });

  it.each([20, -20])(
    'AWS’s time is %i minutes ahead of the gateway’s: nothing is missed in the end',
    async (minutes) => {
      await start();
      await trap.cycle();
      trap.simulator.clock.advance(minutes * MINUTE);
      for (let cycle = 0; cycle < 24; cycle++) await trap.cycle();
      expect(await trap.account()).toMatchObject({ status: 'CONNECTED' });
      trap.simulator.clock.reset();
      for (let cycle = 0; cycle < 13; cycle++) await trap.cycle();
      expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 1 });
    },
  );
});

test('AssumeRole throttle', async () => {
  await start({ discover: describeInstances }, { limits: { stsMs: 2_000 } });
  await trap.cycle();
  const match = { accountId: AWS_ACCOUNT, action: 'AssumeRole' };
  trap.simulator.faults.add({ kind: 'throttle', match });
  trap.simulator.faults.add({ kind: 'expireSessions', match: { accountId: AWS_ACCOUNT } });
  const run = await trap.cycle();
  expect(run.state).toBe('FAILED');
  const errors = run.steps.flatMap(({ error }) => error ?? []);
  expect(errors.map(({ retryable }) => retryable)).toEqual(errors.map(() => true));
  expect(errors).not.toEqual([]);
  // The customer is not to blame.
  expect((await trap.account()).status).toBe('DEGRADED');
  trap.simulator.faults.clear();
  await trap.cycle();
  expect(await trap.cycle()).toMatchObject({ state: 'SUCCEEDED' });
  expect(await trap.account()).toMatchObject({ status: 'CONNECTED' });
  expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 1 });
}, 60_000);

test('account closed', async () => {
  await start({ discover: describeInstances });
  await trap.cycle();
  await trap.cycle();
  const closedAt = trap.clock.now();
  const { equal } = await trap.compare();
  // Its keys and roles are known no more.
  const account = trap.simulator.world.accounts.get(AWS_ACCOUNT)!;
  trap.simulator.world.accounts.delete(AWS_ACCOUNT);
  // The first run still begins with the session at hand.
  for (let cycle = 0; cycle < 2; cycle++) expect((await trap.cycle()).state).toBe('FAILED');
  expect(await trap.account()).toMatchObject({ status: 'BROKEN', statusReason: expect.any(String) });
  const calls = trap.simulator.calls.mark();
  for (let cycle = 0; cycle < 12; cycle++) await trap.cycle();
  // It is asked after now and then, not hammered.
  expect(trap.simulator.calls.list({ after: calls }).length).toBeLessThan(12 * 10);
  trap.simulator.world.accounts.set(AWS_ACCOUNT, account);
  // What was stored is there still.
  expect(await trap.compare({ to: closedAt })).toMatchObject({ ...WHOLE, equal });
});

test('external ID wrong', async () => {
  await start({ discover: describeInstances });
  await trap.cycle();
  const role = trap.simulator.world.role(roleArn)!.role;
  const trustPolicy = JSON.parse(
    JSON.stringify(role.givenTrustPolicy).replace(/("sts:ExternalId":)"[^"]+"/g, '$1"of-somebody-else"'),
  ) as object;
  expect(trustPolicy).not.toEqual(role.givenTrustPolicy);
  const right = structuredClone(role.givenTrustPolicy);
  trap.simulator.world.changeRole(roleArn, { trustPolicy });
  trap.simulator.faults.add({ kind: 'expireSessions', match: { accountId: AWS_ACCOUNT } });
  // The first run still begins with the session at hand.
  for (let cycle = 0; cycle < 2; cycle++) expect((await trap.cycle()).state).toBe('FAILED');
  expect(await trap.account()).toMatchObject({
    status: 'BROKEN',
    statusReason: expect.stringMatching(/trust/),
  });
  trap.simulator.world.changeRole(roleArn, { trustPolicy: right });
  await trap.cycle();
  await trap.cycle();
  expect(await trap.account()).toMatchObject({ status: 'CONNECTED' });
  expect(await trap.compare()).toMatchObject({ ...WHOLE, series: 1 });
});
