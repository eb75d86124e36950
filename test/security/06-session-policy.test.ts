import { DescribeInstancesCommand, DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { STSClient, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { SESSION_POLICY_LIMIT } from '../../src/core/aws/sts';
import { COLLECT_ACTIONS, packPolicies } from '../../src/core/credentials/session-policy';
import { builtInPlugins } from '../../src/plugins/built-in';
import { demoAccessKeyUser, demoAccountIds, type CallRecord } from '../../src/simulator';
import { onboard, register } from '../e2e/onboard';
import { ConnectAccount, Runs, VerifyAccount } from '../e2e/operations.graphql';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { startBrokerWorld, type BrokerWorld } from './support/broker-world';

/** Requirement 6: every session is narrowed to what its purpose declares, within 2,048 characters, and nothing is dropped. */

const EVERYTHING = [{ Effect: 'Allow', Action: ['*'], Resource: '*' }];

const allowedBy = (policy: string) =>
  (JSON.parse(policy) as { Statement: { Action: string[] }[] }).Statement.flatMap(
    ({ Action }) => Action,
  ).sort();

it('every subset of the plugins has policies within the limit that together allow exactly what it declares', () => {
  // The built-in ones, and some as large as a plugin may become.
  const large = ['sagemaker', 'iot', 'glue'].map((service, index) =>
    Array.from({ length: 60 + 60 * index }, (_, kind) => `${service}:ListThingsOfSomeKind${kind}`),
  );
  const declared = [...builtInPlugins.map(({ iamActions }) => [...iamActions]), COLLECT_ACTIONS, ...large];
  const subsets = Array.from({ length: 2 ** declared.length - 1 }, (_, index) =>
    declared.filter((_actions, bit) => ((index + 1) >> bit) & 1),
  );
  for (const subset of subsets) {
    const actions = subset.flat();
    const packs = packPolicies(actions);
    for (const { policy } of packs) expect(policy.length).toBeLessThanOrEqual(SESSION_POLICY_LIMIT);
    expect(packs.flatMap(({ policy }) => allowedBy(policy)).sort()).toEqual([...new Set(actions)].sort());
  }
});

describe('a gateway', () => {
  let rolecall: Rolecall;
  beforeEach(async () => {
    rolecall = await startRolecall();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    return rolecall.stop();
  });

  /** What each session's policy allowed, by session name, but for those of proofs. */
  function policiesOf(calls: CallRecord[]): Record<string, string[]> {
    return Object.fromEntries(
      calls.flatMap(({ sessionPolicy, issuedAccessKeyId }) => {
        const [use] = rolecall.simulator.calls.list({ accessKeyId: issuedAccessKeyId });
        const name = use?.sessionName?.replace(/-account-\d+$/, '');
        return name && name !== 'rolecall-verify' ? [[name, allowedBy(sessionPolicy!)]] : [];
      }),
    );
  }

  async function assertExactlyThePurposes() {
    const { admin, simulator } = rolecall;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop);
    await rolecall.collect(5 * MINUTE);
    const { collectionRuns } = await admin.execute(Runs, { filter: { accountIds: [accountId] } });
    expect(collectionRuns.nodes[0]).toMatchObject({ state: 'SUCCEEDED' });
    const assumed = simulator.calls.list({ action: 'AssumeRole' });
    expect(assumed.length).toBeGreaterThan(10);
    for (const { sessionPolicy } of assumed) {
      expect(sessionPolicy).toEqual(expect.any(String));
      expect(sessionPolicy!.length).toBeLessThanOrEqual(SESSION_POLICY_LIMIT);
    }
    expect(policiesOf(assumed)).toEqual({
      'rolecall-collect': [...COLLECT_ACTIONS].sort(),
      ...Object.fromEntries(
        builtInPlugins.map(({ name, iamActions }) => [`rolecall-discover-${name}`, [...iamActions].sort()]),
      ),
    });
  }

  it('sends a policy with every AssumeRole, of exactly the purpose’s actions', assertExactlyThePurposes);

  it.each([
    ['wider than its purpose', packPolicies([...COLLECT_ACTIONS, 's3:GetObject'])[0]!.policy],
    ['for everything', JSON.stringify({ Version: '2012-10-17', Statement: EVERYTHING })],
    ['left out', undefined],
  ])('can fail: a policy that is %s is found out', async (_how, wider) => {
    const send = STSClient.prototype.send;
    jest.spyOn(STSClient.prototype, 'send').mockImplementation(function (this: STSClient, command, ...rest) {
      const { input } = command as { input: AssumeRoleCommandInput };
      if (input.RoleSessionName?.startsWith('rolecall-collect')) input.Policy = wider;
      return (send as (...sent: unknown[]) => unknown).call(this, command, ...rest);
    } as typeof send);
    await expect(assertExactlyThePurposes()).rejects.toThrow('Received');
  });

  it('proves, connects and collects an account whose policies STS cannot pack, and learns it once', async () => {
    const { admin, simulator } = rolecall;
    simulator.sts.packedPolicyLimit = 320;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop);
    const tooLarge = (after?: number) =>
      simulator.calls.list({ after }).filter(({ errorCode }) => errorCode === 'PackedPolicyTooLarge');
    const ofProof = () => tooLarge().filter(({ service }) => service === 'sts').length;
    expect(ofProof()).toBeGreaterThan(0);
    const learnt = ofProof();
    await admin.execute(VerifyAccount, { input: { accountId } });
    expect(ofProof()).toBe(learnt);
    await rolecall.collect(5 * MINUTE);
    const { collectionRuns } = await admin.execute(Runs, { filter: { accountIds: [accountId] } });
    expect(collectionRuns.nodes[0]).toMatchObject({ state: 'SUCCEEDED' });
    const mark = simulator.calls.mark();
    await rolecall.collect(60 * MINUTE);
    expect(simulator.calls.list({ after: mark, action: 'AssumeRole' }).length).toBeGreaterThan(0);
    expect(tooLarge(mark)).toEqual([]);
  });

  it('narrows an access key by GetFederationToken, where its user may call that', async () => {
    const { admin, simulator } = rolecall;
    const federating = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
    };
    simulator.world.addUser({ ...demoAccessKeyUser, permissionPolicy: federating });
    const { id } = await register(admin, 'Payments', { plugins: ['ec2'] });
    const { accessKeyId, secretAccessKey } = demoAccessKeyUser;
    await admin.execute(ConnectAccount, {
      input: { accountId: id, accessKey: { accessKeyId, secretAccessKey } },
    });
    const mark = simulator.calls.mark();
    await rolecall.collect(5 * MINUTE);
    const calls = simulator.calls.list({ after: mark, accountId: demoAccountIds.payments });
    const federated = calls.filter(({ action }) => action === 'GetFederationToken');
    expect(policiesOf(federated)).toMatchObject({
      'rolecall-collect': [...COLLECT_ACTIONS].sort(),
      'rolecall-discover-ec2': ['ec2:DescribeInstances'],
    });
    // The key itself asks STS, and the proof; no service is asked by it for the collection.
    const collected = calls.filter(({ sessionName }) => sessionName?.startsWith('rolecall-collect'));
    expect(collected.length).toBeGreaterThan(0);
    const ofKey = calls.filter((call) => call.accessKeyId === accessKeyId && call.action === 'GetMetricData');
    expect(ofKey.filter(({ queries }) => queries! > 1)).toEqual([]);
  });
});

describe('a session', () => {
  let world: BrokerWorld;
  afterEach(() => world.close());

  it('is refused by AWS what its purpose does not declare, though the role may do it', async () => {
    world = await startBrokerWorld();
    const { broker, accounts, clients, simulator } = world;
    const [account] = accounts;
    const key = await broker.use(account!, 'discover:ec2', new AbortController().signal, async (session) => {
      await session.client(EC2Client, { region: 'us-east-1' }).send(new DescribeInstancesCommand({}));
      const rds = session.client(RDSClient, { region: 'us-east-1' });
      await expect(rds.send(new DescribeDBInstancesCommand({}))).rejects.toThrow('rds:DescribeDBInstances');
      const [used] = simulator.calls.list({ action: 'DescribeInstances' });
      return used!.accessKeyId;
    });
    expect(simulator.calls.list({ service: 'rds' })).toEqual([]);
    // And the policy says it to whoever got hold of the session.
    const [assumed] = simulator.calls.list({ action: 'AssumeRole' });
    expect(assumed).toMatchObject({ issuedAccessKeyId: key });
    const stolen = await world.sts.assumeRole({
      tenantId: account!.tenantId,
      partition: 'AWS',
      roleArn: account!.roleArn!,
      externalId: account!.externalIds[0]!.value,
      sessionName: 'stolen',
      policy: assumed!.sessionPolicy!,
      durationSeconds: 900,
    });
    const scope = { region: 'us-east-1', allowedActions: new Set(['rds:DescribeDBInstances']) };
    const rds = clients.create(RDSClient, { ...scope, credentials: stolen.credentials });
    await expect(rds.send(new DescribeDBInstancesCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('of a plugin with too many actions is two, and every call finds the one that allows it', async () => {
    const many = Array.from({ length: 110 }, (_, index) => `ec2:DescribeOtherThings${index}`);
    world = await startBrokerWorld({
      actionsOfPlugin: () => [...many, 'ec2:DescribeInstances', 'ec2:DescribeRegions'],
    });
    const { broker, accounts, simulator } = world;
    await broker.use(accounts[0]!, 'discover:ec2', new AbortController().signal, async (session) => {
      const ec2 = session.client(EC2Client, { region: 'us-east-1' });
      await ec2.send(new DescribeInstancesCommand({}));
      await ec2.send(new DescribeRegionsCommand({}));
    });
    const assumed = simulator.calls.list({ action: 'AssumeRole' });
    expect(assumed).toHaveLength(2);
    const union = assumed.flatMap(({ sessionPolicy }) => allowedBy(sessionPolicy!));
    expect(union.sort()).toEqual([...many, 'ec2:DescribeInstances', 'ec2:DescribeRegions'].sort());
    for (const action of ['DescribeInstances', 'DescribeRegions']) {
      const [call] = simulator.calls.list({ action });
      const session = assumed.find(({ issuedAccessKeyId }) => issuedAccessKeyId === call!.accessKeyId);
      expect(allowedBy(session!.sessionPolicy!)).toContain(`ec2:${action}`);
    }
  });

  it('whose policy STS cannot pack is split further', async () => {
    world = await startBrokerWorld();
    world.simulator.sts.packedPolicyLimit = 200;
    const { broker, accounts, simulator } = world;
    const elb = builtInPlugins.find(({ name }) => name === 'elb')!;
    await broker.use(accounts[0]!, 'discover:elb', new AbortController().signal, async () => undefined);
    const granted = simulator.calls.list({ action: 'AssumeRole' }).filter(({ status }) => status === 200);
    expect(granted.length).toBeGreaterThan(1);
    const union = new Set(granted.flatMap(({ sessionPolicy }) => allowedBy(sessionPolicy!)));
    expect([...union].sort()).toEqual([...elb.iamActions].sort());
  });
});
