import { DescribeInstancesCommand, DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { manyListened } from '../../src/core/abort';
import { demoAccountIds, type CallRecord } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { DropCredentials, PauseAccount, RemoveAccount, Runs } from '../e2e/operations.graphql';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { startBrokerWorld, type BrokerWorld } from './support/broker-world';

/** Requirement 9: a customer's revocation costs one new session; our own ends use within a second, in mid-run too. */

const never = manyListened().signal;
const inRealTime = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('sessions that the customer revokes', () => {
  let world: BrokerWorld;
  afterEach(() => world.close());

  const describeInstances = (account = world.accounts[0]!) =>
    world.broker.use(account, 'discover:ec2', never, (session) =>
      session.client(EC2Client, { region: 'us-east-1' }).send(new DescribeInstancesCommand({})),
    );
  const calls = (action: string) => world.simulator.calls.list({ action });
  /** As IAM's "Revoke active sessions" does. */
  const revoke = () => {
    const { clock, simulator, accounts } = world;
    clock.advance(MINUTE);
    const revokeSessionsBefore = new Date(clock.now() - 1).toISOString();
    simulator.world.changeRole(accounts[0]!.roleArn!, { revokeSessionsBefore });
  };

  it('are recovered from by one new session and one retry of each call, however many met it', async () => {
    world = await startBrokerWorld();
    await describeInstances();
    revoke();
    world.simulator.calls.clear();
    await Promise.all(Array.from({ length: 40 }, () => describeInstances()));
    expect(calls('AssumeRole')).toHaveLength(1);
    const statuses = calls('DescribeInstances').map(({ status }) => status);
    expect(statuses.filter((status) => status === 403)).toHaveLength(40);
    expect(statuses.filter((status) => status === 200)).toHaveLength(40);
    expect(world.audit.steps()).toEqual(['session.assumed first', 'session.assumed revoked']);
  });

  it('are recovered from again and again, minutes after each other', async () => {
    world = await startBrokerWorld();
    await describeInstances();
    for (let time = 0; time < 3; time++) {
      revoke();
      world.simulator.calls.clear();
      await Promise.all(Array.from({ length: 10 }, () => describeInstances()));
      expect(calls('AssumeRole')).toHaveLength(1);
    }
  });

  it('are told from what is denied while other calls of the session are served', async () => {
    world = await startBrokerWorld({
      actionsOfPlugin: () => ['ec2:DescribeInstances', 'ec2:DescribeRegions'],
    });
    const { accounts, broker, simulator } = world;
    const regions = ['us-east-1', 'eu-west-1'];
    simulator.world.addAccount({ id: accounts[0]!.awsAccountId!, enabledRegions: regions });
    // Another Region, as an organisation's policy may close one, and another action.
    const match = { service: 'ec2', action: 'DescribeInstances', region: 'us-east-1' };
    simulator.faults.add({ kind: 'error', match, status: 403, code: 'UnauthorizedOperation' });
    const served = () =>
      broker.use(accounts[0]!, 'discover:ec2', never, async (session) => {
        await session.client(EC2Client, { region: 'eu-west-1' }).send(new DescribeInstancesCommand({}));
        await session.client(EC2Client, { region: 'us-east-1' }).send(new DescribeRegionsCommand({}));
      });
    for (let round = 0; round < 10; round++) {
      await served();
      await expect(describeInstances()).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
    }
    expect(calls('AssumeRole')).toHaveLength(2);
  });

  it('are told from an action that is denied, which asks for one new session in the life of the old one', async () => {
    world = await startBrokerWorld({ allow: 'rds:*' });
    for (let round = 0; round < 20; round++) {
      await Promise.all(
        Array.from({ length: 5 }, () => expect(describeInstances()).rejects.toMatchObject({ name: /./ })),
      );
    }
    expect(calls('AssumeRole')).toHaveLength(2);
    // Each of the first five was tried twice, all others once.
    expect(calls('DescribeInstances')).toHaveLength(105);
  });
});

describe('a gateway', () => {
  let rolecall: Rolecall;
  afterEach(() => rolecall.stop());

  /** Connected, and past its second proof. */
  const start = async () => {
    rolecall = await startRolecall({ limits: { discoveriesPerAccount: 2 } });
    const accountId = await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop);
    await rolecall.collect(5 * MINUTE);
    return accountId;
  };
  const calls = () => rolecall.simulator.calls.list();
  const assumedBy = (recorded: CallRecord[]) => recorded.filter(({ action }) => action === 'AssumeRole');

  it('collects on when a customer revokes its sessions, with one new one for each purpose', async () => {
    const accountId = await start();
    const { simulator, admin } = rolecall;
    const revokeSessionsBefore = new Date(rolecall.clock.now() + 1000).toISOString();
    const roleArn = `arn:aws:iam::${demoAccountIds.shop}:role/rolecall`;
    simulator.world.changeRole(roleArn, { revokeSessionsBefore });
    simulator.calls.clear();
    await rolecall.collect(5 * MINUTE);
    const { collectionRuns } = await admin.execute(Runs, { filter: { accountIds: [accountId] } });
    expect(collectionRuns.nodes[0]).toMatchObject({ state: 'SUCCEEDED' });
    expect(assumedBy(calls())).toHaveLength(4);
  });

  it.each([
    ['dropCredentials', DropCredentials],
    ['pauseAccount', PauseAccount],
    ['removeAccount', RemoveAccount],
  ] as const)('makes no call a second after %s, in mid-run', async (_name, mutation) => {
    const accountId = await start();
    const { simulator, admin } = rolecall;
    // Some calls hang, some are throttled and wait for their next attempt, most wait in the queue.
    simulator.faults.add({ kind: 'delay', delayMs: 150 });
    simulator.faults.add({ kind: 'throttle', match: { service: 'rds' } });
    const mark = simulator.calls.mark();
    const collection = rolecall.collect(5 * MINUTE);
    await until(() => simulator.calls.list({ after: mark, action: 'DescribeInstances' }).length > 0);
    await admin.execute<unknown, { input: { accountId: string } }>(mutation, { input: { accountId } });
    await inRealTime(1000);
    const second = simulator.calls.mark();
    await collection;
    await inRealTime(1500);
    expect(simulator.calls.list({ after: second })).toEqual([]);
  });

  it('makes no call a second after removeAccount, in the midst of a proof', async () => {
    const accountId = await start();
    const { simulator, admin, clock, gateway } = rolecall;
    simulator.faults.add({ kind: 'delay', delayMs: 300 });
    const mark = simulator.calls.mark();
    // The daily proof: some ten calls of STS, then one for each action.
    clock.advance(24 * 60 * MINUTE);
    const proof = gateway.idle();
    await until(() => simulator.calls.list({ after: mark, action: 'AssumeRole' }).length > 0);
    await admin.execute(RemoveAccount, { input: { accountId } });
    await inRealTime(1000);
    const second = simulator.calls.mark();
    await proof;
    expect(simulator.calls.list({ after: second })).toEqual([]);
    const services = simulator.calls.list({ after: mark }).filter(({ service }) => service !== 'sts');
    expect(services).toEqual([]);
  });

  it('had more to do in that run than a second holds', async () => {
    await start();
    const { simulator } = rolecall;
    simulator.faults.add({ kind: 'delay', delayMs: 150 });
    simulator.faults.add({ kind: 'throttle', match: { service: 'rds' } });
    const mark = simulator.calls.mark();
    const collection = rolecall.collect(5 * MINUTE);
    await until(() => simulator.calls.list({ after: mark, action: 'DescribeInstances' }).length > 0);
    await inRealTime(1000);
    const second = simulator.calls.mark();
    await collection;
    expect(simulator.calls.list({ after: second }).length).toBeGreaterThan(3);
  });
});
