import { EC2Client, DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { builtInPlugins } from '../../src/plugins/built-in';
import { definePlugin, resourceType } from '../../src/plugins/contract';
import { demoAccountIds, demoWorld } from '../../src/simulator';
import { MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';
import { makeRole, onboard, register } from './onboard';
import { until } from '../support/until';
import {
  Accounts,
  CollectNow,
  ConnectAccount,
  DropCredentials,
  PauseAccount,
  RemoveAccount,
  Resources,
  Runs,
  UpdateAccount,
} from './operations.graphql';
import { compareWithOracle } from './oracle';

const HOUR = 60 * MINUTE;
const HOUR_START = MORNING - (MORNING % HOUR);
const shopId = demoAccountIds.shop;

/** A plugin that only matters by what its discovery does. */
const pluginThat = (
  name: string,
  discover: Parameters<typeof definePlugin>[0]['discover'],
  iamActions = ['ec2:DescribeInstances'],
) =>
  definePlugin({
    name,
    version: '1.0.0',
    apiVersion: 1,
    displayName: name,
    description: name,
    iamActions,
    resources: {
      [`${name}:thing`]: resourceType({
        graphqlType: `${name.replace('-', '')}Thing`,
        description: 'A thing.',
        attributes: z.object({ size: z.int() }),
        metrics: [],
      }),
    },
    discover,
  });

let rolecall: Rolecall;
const start = async (options: Parameters<typeof startRolecall>[0] = {}) => {
  rolecall = await startRolecall({ limits: { discoveryMs: 1500, requestMs: 1000 }, ...options });
  return rolecall;
};
afterEach(() => rolecall.stop());

/** The newest run of the account. */
async function lastRun(accountId: string) {
  const { collectionRuns } = await rolecall.admin.execute(Runs, { filter: { accountIds: [accountId] } });
  return collectionRuns.nodes[0]!;
}

type Run = Awaited<ReturnType<typeof lastRun>>;
const failedSteps = ({ steps }: Run) => steps.filter(({ state }) => state !== 'SUCCEEDED');

describe('a fault in one place leaves the rest whole', () => {
  it('one Region is throttled', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId);
    simulator.faults.add({ kind: 'throttle', match: { service: 'cloudwatch', region: 'us-east-1' } });
    await rolecall.collect(5 * MINUTE);
    const run = await lastRun(accountId);
    expect(run.state).toBe('PARTIAL');
    expect(failedSteps(run)).toEqual([
      expect.objectContaining({
        step: 'FETCH',
        region: 'us-east-1',
        state: 'FAILED',
        error: expect.objectContaining({ retryable: true }),
      }),
    ]);
    const stored = run.steps.filter(({ step, region }) => step === 'FETCH' && region === 'eu-central-1');
    expect(stored[0]!.state).toBe('SUCCEEDED');
    const { accounts } = await admin.execute(Accounts);
    expect(accounts.nodes[0]).toMatchObject({
      status: 'DEGRADED',
      statusReason: expect.stringContaining('us-east-1'),
    });

    simulator.faults.clear();
    await rolecall.collect(5 * MINUTE);
    expect(await lastRun(accountId)).toMatchObject({ state: 'SUCCEEDED' });
    expect((await admin.execute(Accounts)).accounts.nodes[0]).toMatchObject({
      status: 'CONNECTED',
      statusReason: null,
    });
    const range = { from: HOUR_START - 2 * HOUR, to: HOUR_START + 5 * MINUTE };
    expect(await compareWithOracle(admin, simulator, { accountIds: [accountId], ...range })).toMatchObject({
      wrong: [],
      missing: [],
    });
  });

  it('a throttled call is tried again', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, { plugins: ['ec2'] });
    const rule = simulator.faults.add({ kind: 'throttle', match: { service: 'cloudwatch' }, times: 2 });
    await rolecall.collect(5 * MINUTE);
    expect(await lastRun(accountId)).toMatchObject({ state: 'SUCCEEDED' });
    expect(simulator.faults.list().find(({ id }) => id === rule.id)!.hits).toBe(2);
  });

  it('one plugin hangs, deaf to its signal', async () => {
    const deaf = pluginThat('deaf', async function* () {
      await new Promise(() => undefined);
    });
    const { admin, simulator } = await start({ plugins: [...builtInPlugins, deaf] });
    const accountId = await onboard(admin, simulator, shopId, { regions: ['eu-central-1'] });
    await rolecall.collect(5 * MINUTE);
    const run = await lastRun(accountId);
    expect(run).toMatchObject({ state: 'PARTIAL' });
    expect(failedSteps(run)).toEqual([
      expect.objectContaining({
        plugin: 'deaf',
        error: expect.objectContaining({ code: 'PLUGIN_TIMED_OUT' }),
      }),
    ]);
    expect(run.pointsStored).toBeGreaterThan(1000);
  });

  it('one plugin hangs in AWS', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, { regions: ['eu-central-1'] });
    simulator.faults.add({ kind: 'hang', match: { service: 'rds' } });
    await rolecall.collect(5 * MINUTE);
    const run = await lastRun(accountId);
    expect(run.state).toBe('PARTIAL');
    expect(failedSteps(run).map(({ plugin }) => plugin)).toEqual(['rds']);
    expect(run.resourcesFound).toBeGreaterThan(5);
  });

  it('one action is denied: the run names it', async () => {
    const { admin, simulator } = await start();
    const account = await register(admin, 'Shop');
    const { trustPolicy, permissionPolicy } = account.onboarding!;
    const without = structuredClone(permissionPolicy) as { Statement: { Action: string[] }[] };
    without.Statement[0]!.Action = without.Statement[0]!.Action.filter(
      (action) => action !== 'rds:DescribeDBInstances',
    );
    const roleArn = makeRole(simulator, shopId, account.onboarding!);
    await admin.execute(ConnectAccount, { input: { accountId: account.id, roleArn } });
    makeRole(simulator, shopId, { trustPolicy, permissionPolicy: without });
    await rolecall.collect(5 * MINUTE);
    const run = await lastRun(account.id);
    expect(run.state).toBe('PARTIAL');
    const failed = failedSteps(run);
    expect(new Set(failed.map(({ step, plugin }) => `${step} ${plugin}`))).toEqual(new Set(['DISCOVER rds']));
    expect(failed[0]!.error).toMatchObject({ missingActions: ['rds:DescribeDBInstances'], retryable: false });
    const { accounts } = await admin.execute(Accounts);
    expect(accounts.nodes[0]).toMatchObject({
      status: 'DEGRADED',
      statusReason: expect.stringContaining('rds:DescribeDBInstances'),
    });
  });

  it('one plugin calls what it did not declare: nothing is sent', async () => {
    const greedy = pluginThat('greedy', async function* ({ aws }) {
      const client = aws.client(EC2Client);
      await client.send(new DescribeInstancesCommand({}));
      await client.send(new DescribeVolumesCommand({}));
    });
    const { admin, simulator } = await start({ plugins: [...builtInPlugins, greedy] });
    const accountId = await onboard(admin, simulator, shopId, { regions: ['eu-central-1'] });
    await rolecall.collect(5 * MINUTE);
    const [failed] = failedSteps(await lastRun(accountId));
    expect(failed).toMatchObject({ plugin: 'greedy', error: { missingActions: ['ec2:DescribeVolumes'] } });
    expect(simulator.calls.list({ action: 'DescribeVolumes' })).toEqual([]);
  });

  it('one plugin cancels a call by a signal of its own', async () => {
    const hasty = pluginThat('hasty', async function* ({ aws }) {
      const abortSignal = AbortSignal.timeout(50);
      await aws.client(EC2Client).send(new DescribeInstancesCommand({}), { abortSignal });
    });
    const limits = { discoveryMs: 1500, requestMs: 10_000 };
    const { admin, simulator } = await start({ plugins: [hasty], limits });
    const accountId = await onboard(admin, simulator, shopId, { regions: ['eu-central-1'] });
    simulator.faults.add({ kind: 'hang', match: { action: 'DescribeInstances' } });
    await rolecall.collect(5 * MINUTE);
    const [failed] = failedSteps(await lastRun(accountId));
    expect(failed).toMatchObject({ plugin: 'hasty', error: { code: 'AbortError' } });
  });

  it('one plugin yields what it did not declare', async () => {
    const sloppy = pluginThat('sloppy', async function* () {
      yield { type: 'sloppy:thing', arn: null, id: 'x', name: null, tags: {}, attributes: { size: 'large' } };
    });
    const { admin, simulator } = await start({ plugins: [...builtInPlugins, sloppy] });
    const accountId = await onboard(admin, simulator, shopId, { regions: ['eu-central-1'] });
    await rolecall.collect(5 * MINUTE);
    const [failed] = failedSteps(await lastRun(accountId));
    expect(failed).toMatchObject({
      plugin: 'sloppy',
      error: { code: 'PLUGIN_FAILED', message: expect.stringContaining('size') },
    });
  });
});

describe('CloudWatch on a bad day', () => {
  it.each(['PartialData', 'InternalError'] as const)(
    'answers %s: the watermark stays and the gap heals',
    async (statusCode) => {
      const { admin, simulator } = await start();
      const accountId = await onboard(admin, simulator, shopId, { plugins: ['rds'] });
      simulator.faults.add({ kind: 'partialData', statusCode });
      await rolecall.collect(5 * MINUTE);
      expect(await lastRun(accountId)).toMatchObject({ state: 'PARTIAL' });
      simulator.faults.clear();
      await rolecall.collect(5 * MINUTE);
      const range = { from: HOUR_START - 2 * HOUR, to: HOUR_START + 5 * MINUTE };
      expect(await compareWithOracle(admin, simulator, { accountIds: [accountId], ...range })).toMatchObject({
        wrong: [],
        missing: [],
      });
    },
  );

  it('refuses every metric: the run names the action, and nothing else fails', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, {
      plugins: ['rds'],
      regions: ['eu-central-1'],
    });
    simulator.faults.add({ kind: 'partialData', statusCode: 'Forbidden' });
    await rolecall.collect(5 * MINUTE);
    const run = await lastRun(accountId);
    expect(run.state).toBe('PARTIAL');
    expect(failedSteps(run)).toEqual([
      expect.objectContaining({
        step: 'FETCH',
        error: expect.objectContaining({ code: 'Forbidden', missingActions: ['cloudwatch:GetMetricData'] }),
      }),
    ]);
  });

  it.each([
    ['a dropped connection', { kind: 'drop' as const }],
    ['half a body', { kind: 'drop' as const, afterBytes: 200 }],
    ['a server error', { kind: 'error' as const, status: 500 }],
  ])('%s, once, is tried again within the run', async (_what, fault) => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, {
      plugins: ['rds'],
      regions: ['eu-central-1'],
    });
    const rule = simulator.faults.add({ ...fault, match: { service: 'cloudwatch' }, times: 1 });
    await rolecall.collect(5 * MINUTE);
    expect(simulator.faults.list().find(({ id }) => id === rule.id)!.hits).toBe(1);
    expect((await lastRun(accountId)).state).toBe('SUCCEEDED');
    const range = { from: HOUR_START - 2 * HOUR, to: HOUR_START + 5 * MINUTE };
    expect(await compareWithOracle(admin, simulator, { accountIds: [accountId], ...range })).toMatchObject({
      wrong: [],
      missing: [],
    });
  });
});

describe('credentials on a bad day', () => {
  it('a role that is gone makes the account BROKEN, and it recovers by itself', async () => {
    const { admin, simulator } = await start();
    const account = await register(admin, 'Shop');
    const roleArn = makeRole(simulator, shopId, account.onboarding!);
    await admin.execute(ConnectAccount, { input: { accountId: account.id, roleArn } });
    const nobody = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
    const closed = { ...account.onboarding!, trustPolicy: { Version: '2012-10-17', Statement: [nobody] } };
    makeRole(simulator, shopId, closed);
    await rolecall.collect(5 * MINUTE);
    expect(await lastRun(account.id)).toMatchObject({ state: 'FAILED' });
    expect((await admin.execute(Accounts)).accounts.nodes[0]).toMatchObject({ status: 'BROKEN' });
    makeRole(simulator, shopId, account.onboarding!);
    await rolecall.collect(5 * MINUTE);
    expect((await admin.execute(Accounts)).accounts.nodes[0]).toMatchObject({ status: 'CONNECTED' });
  });

  it('sessions revoked by the customer are assumed anew, once', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId);
    await rolecall.collect(5 * MINUTE);
    simulator.faults.add({ kind: 'expireSessions', match: { accountId: shopId } });
    simulator.calls.clear();
    await rolecall.collect(5 * MINUTE);
    expect(await lastRun(accountId)).toMatchObject({ state: 'SUCCEEDED' });
    const assumed = simulator.calls
      .list({ action: 'AssumeRole' })
      .map(({ sessionName, roleArn }) => ({ sessionName, roleArn }));
    expect(assumed).toHaveLength(4);
  });

  it('one session for each purpose serves an hour; its policy lets it do no more than declared', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId);
    // The second proof, which has sessions of its own.
    await rolecall.collect(5 * MINUTE);
    await admin.execute(DropCredentials, { input: { accountId } });
    simulator.calls.clear();
    for (let cycle = 0; cycle < 6; cycle++) await rolecall.collect(5 * MINUTE);
    expect(simulator.calls.list({ action: 'AssumeRole' })).toHaveLength(4);
    const used = simulator.calls.list().filter(({ service }) => service !== 'sts');
    const purposes = new Map<string, Set<string>>();
    for (const { sessionName, service } of used) {
      purposes.set(sessionName!, (purposes.get(sessionName!) ?? new Set()).add(service));
    }
    const named = Object.fromEntries(
      [...purposes].map(([name, services]) => [name.replace(/-account-\d+$/, ''), [...services].sort()]),
    );
    expect(named).toEqual({
      'rolecall-collect': ['cloudwatch', 'ec2'],
      'rolecall-discover-ec2': ['ec2'],
      'rolecall-discover-elb': ['elasticloadbalancing'],
      'rolecall-discover-rds': ['rds'],
    });
  });

  it('STS down: the sessions at hand serve on', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId);
    await rolecall.collect(5 * MINUTE);
    simulator.faults.add({ kind: 'error', match: { service: 'sts' }, status: 503 });
    for (let cycle = 0; cycle < 9; cycle++) await rolecall.collect(5 * MINUTE);
    const { collectionRuns } = await admin.execute(Runs, { filter: { accountIds: [accountId] } });
    expect(new Set(collectionRuns.nodes.map(({ state }) => state))).toEqual(new Set(['SUCCEEDED']));
  }, 60_000);

  it('the gateway’s own expired credentials are nobody else’s fault, not a plugin’s either', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, {
      plugins: ['ec2'],
      regions: ['eu-central-1'],
    });
    await rolecall.collect(5 * MINUTE);
    await admin.execute(UpdateAccount, { input: { accountId, plugins: ['ec2', 'rds'] } });
    const match = { service: 'sts', action: 'AssumeRole' };
    simulator.faults.add({ kind: 'error', status: 403, code: 'ExpiredToken', match });
    await rolecall.collect(5 * MINUTE);
    expect(failedSteps(await lastRun(accountId))).toEqual([
      expect.objectContaining({
        plugin: 'rds',
        error: expect.objectContaining({ code: 'RC_GATEWAY_IDENTITY_MISSING', retryable: true }),
      }),
    ]);
    expect((await admin.execute(Accounts)).accounts.nodes[0]).toMatchObject({ status: 'DEGRADED' });
  });

  it('dropCredentials works at once', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId, { plugins: ['ec2'] });
    await rolecall.collect(5 * MINUTE);
    await admin.execute(DropCredentials, { input: { accountId } });
    simulator.calls.clear();
    await rolecall.collect(5 * MINUTE);
    expect(simulator.calls.list({ action: 'AssumeRole' })).toHaveLength(2);
  });
});

describe('a run that is interrupted', () => {
  /** More Regions than discoveries at once, so that some wait when it happens. */
  const manyRegions = () => {
    const world = demoWorld();
    const enabledRegions = [
      'eu-central-1',
      'us-east-1',
      'eu-west-1',
      'us-west-2',
      'us-east-2',
      'eu-north-1',
      'ap-south-1',
    ];
    world.addAccount({ id: shopId, name: 'Tidewater Shop', enabledRegions });
    return world;
  };

  it.each(['pause', 'remove', 'dropCredentials'] as const)(
    'by %s ends at once and takes nothing with it',
    async (how) => {
      const { admin, simulator } = await start({
        world: manyRegions(),
        limits: { discoveriesPerAccount: 2 },
      });
      const accountId = await onboard(admin, simulator, shopId);
      // With the second proof behind it, it is a run that is met.
      await rolecall.collect(5 * MINUTE);
      simulator.calls.clear();
      simulator.faults.add({ kind: 'delay', delayMs: 60 });
      const collection = rolecall.collect(5 * MINUTE);
      await until(() => simulator.calls.list({ service: 'ec2', action: 'DescribeInstances' }).length > 0);
      const input = { accountId };
      if (how === 'pause') await admin.execute(PauseAccount, { input });
      if (how === 'remove') await admin.execute(RemoveAccount, { input });
      if (how === 'dropCredentials') await admin.execute(DropCredentials, { input });
      rolecall.clock.advance(1000);
      await collection;
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (how !== 'dropCredentials')
        expect(simulator.calls.list({ since: rolecall.clock.now() })).toEqual([]);
      expect((await lastRun(accountId)).state).not.toBe('RUNNING');
      simulator.faults.clear();
      if (how !== 'dropCredentials') return;
      await rolecall.collect(5 * MINUTE);
      expect(await lastRun(accountId)).toMatchObject({ state: 'SUCCEEDED' });
    },
  );
});

describe('what is collected no more', () => {
  it('is gone: a Region taken out, a plugin taken out', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId);
    await rolecall.collect(5 * MINUTE);
    await admin.execute(UpdateAccount, { input: { accountId, regions: ['us-east-1'], plugins: ['ec2'] } });
    await rolecall.collect(5 * MINUTE);
    const { resources } = await admin.execute(Resources, { filter: {} });
    expect(new Set(resources.nodes.map(({ type, region }) => `${type} ${region}`))).toEqual(
      new Set(['ec2:instance us-east-1']),
    );
  });
});

describe('Regions that cannot be listed', () => {
  it('are those of last time, and the run says so', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId);
    await rolecall.collect(5 * MINUTE);
    simulator.faults.add({ kind: 'denyAction', match: { action: 'DescribeRegions' } });
    await rolecall.collect(5 * MINUTE);
    const run = await lastRun(accountId);
    expect(run.state).toBe('PARTIAL');
    expect(failedSteps(run)).toEqual([
      expect.objectContaining({
        step: 'CREDENTIALS',
        error: expect.objectContaining({ missingActions: ['ec2:DescribeRegions'] }),
      }),
    ]);
    expect(run.seriesCollected).toBeGreaterThan(100);
    expect((await admin.execute(Accounts)).accounts.nodes[0]).toMatchObject({ status: 'DEGRADED' });
  });
});

describe('collectNow', () => {
  it('asked for six times at once is one run', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => admin.execute(CollectNow, { input: { accountId } })),
    );
    expect(new Set(answers.map(({ collectNow }) => collectNow.run!.id)).size).toBe(1);
    await rolecall.collect();
  });

  it('joins a run under way, and is possible once a minute', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, shopId);
    simulator.faults.add({ kind: 'delay', delayMs: 100 });
    const first = await admin.execute(CollectNow, { input: { accountId } });
    await until(() => simulator.calls.list().length > 0);
    const second = await admin.execute(CollectNow, { input: { accountId } });
    expect(second.collectNow.run!.id).toBe(first.collectNow.run!.id);
    await rolecall.collect();
    const third = await admin.execute(CollectNow, { input: { accountId } });
    expect(third.collectNow.errors[0]).toMatchObject({
      __typename: 'Conflict',
      code: 'RC_COLLECTION_TOO_SOON',
    });
    rolecall.clock.advance(MINUTE);
    const narrow = await admin.execute(CollectNow, {
      input: { accountId, plugins: ['rds'], regions: ['us-east-1'] },
    });
    await rolecall.collect();
    const { collectionRuns } = await admin.execute(Runs, { filter: { accountIds: [accountId] } });
    const run = collectionRuns.nodes.find(({ id }) => id === narrow.collectNow.run!.id)!;
    expect(run).toMatchObject({ state: 'SUCCEEDED', trigger: 'MANUAL' });
    expect(run.steps.filter(({ step }) => step === 'DISCOVER')).toEqual([
      expect.objectContaining({ plugin: 'rds', region: 'us-east-1' }),
    ]);
    const { resources } = await admin.execute(Resources, { filter: {} });
    expect(resources.totalCount).toBeGreaterThan(10);
  });

  it('is refused before the account is connected', async () => {
    const { admin } = await start();
    const account = await register(admin, 'Waiting');
    const { collectNow } = await admin.execute(CollectNow, { input: { accountId: account.id } });
    expect(collectNow.errors[0]).toMatchObject({ __typename: 'Conflict', code: 'RC_ACCOUNT_STATE' });
  });
});
