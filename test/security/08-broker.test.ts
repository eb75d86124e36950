import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { manyListened } from '../../src/core/abort';
import { builtInPlugins } from '../../src/plugins/built-in';
import { demoAccessKeyUser, demoAccountIds, demoGatewayUser, demoWorld } from '../../src/simulator';
import { onboard, register } from '../e2e/onboard';
import { Accounts, ConnectAccount, Runs, VerifyAccount } from '../e2e/operations.graphql';
import { compareWithOracle } from '../e2e/oracle';
import { post } from '../schema/api-fixture';
import { ADMIN_TOKEN, MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';
import { PURPOSES, startBrokerWorld, type BrokerWorld } from './support/broker-world';

/** Requirement 8: one AssumeRole a purpose, account and life; outages of STS cost nothing that is not made up. */

const HOUR = 60 * MINUTE;
const never = manyListened().signal;

describe('the broker', () => {
  let world: BrokerWorld;
  afterEach(() => world.close());
  const assumed = () => world.simulator.calls.list({ action: 'AssumeRole' });

  it('assumes once for each account and purpose, for 5,000 that ask at once', async () => {
    world = await startBrokerWorld({ accounts: 100 });
    const { broker, accounts } = world;
    await Promise.all(
      Array.from({ length: 5000 }, (_, index) =>
        broker.use(
          accounts[index % accounts.length]!,
          PURPOSES[Math.floor(index / accounts.length) % PURPOSES.length]!,
          never,
          async () => undefined,
        ),
      ),
    );
    expect(assumed()).toHaveLength(accounts.length * (builtInPlugins.length + 1));
    const asked = assumed().map(({ roleArn, sessionPolicy }) => `${roleArn} ${sessionPolicy}`);
    expect(new Set(asked).size).toBe(asked.length);
    expect(world.audit.records.map(({ action }) => action)).toEqual(asked.map(() => 'session.assumed'));
  });

  it('renews 1,000 sessions without a second that has more than 5 % of them', async () => {
    world = await startBrokerWorld({ accounts: 250 });
    const { broker, accounts, clock, simulator } = world;
    await Promise.all(
      accounts.flatMap((account) =>
        PURPOSES.map((purpose) => broker.use(account, purpose, never, async () => undefined)),
      ),
    );
    simulator.calls.clear();
    // As the gateway's cron does.
    for (let second = 0; second < 3600; second += 5) {
      await broker.renew();
      clock.advance(5000);
    }
    const seconds = assumed().map(({ at }) => at);
    const most = Math.max(...[...new Set(seconds)].map((at) => seconds.filter((one) => one === at).length));
    expect(seconds.length).toBeGreaterThanOrEqual(1000);
    expect(most).toBeLessThanOrEqual(50);
  });

  it('goes to a second Region when STS hangs in the first, and comes back to it later', async () => {
    world = await startBrokerWorld({ accounts: 3, stsMs: 100 });
    const { broker, accounts, clock, simulator } = world;
    const collect = (index: number) => broker.use(accounts[index]!, 'collect', never, async () => undefined);
    const regions = () => assumed().map(({ region }) => region);
    simulator.faults.add({ kind: 'hang', match: { service: 'sts', region: 'us-east-1' } });
    await collect(0);
    await collect(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(regions().filter((region) => region === 'us-east-1')).toHaveLength(1);
    expect(regions().filter((region) => region === 'eu-west-1')).toHaveLength(2);
    simulator.faults.clear();
    clock.advance(6 * MINUTE);
    await collect(2);
    expect(regions().at(-1)).toBe('us-east-1');
  });

  it('goes elsewhere for an account that has switched STS off in a Region, and does not ask there again', async () => {
    world = await startBrokerWorld({ accounts: 2 });
    const { broker, accounts, simulator } = world;
    const [off, on] = accounts;
    simulator.world.addAccount({
      id: off!.awsAccountId!,
      enabledRegions: ['us-east-1', 'eu-west-1'],
      stsDisabledRegions: ['us-east-1'],
    });
    for (const purpose of ['collect', 'discover:ec2'] as const) {
      await broker.use(off!, purpose, never, async () => undefined);
    }
    await broker.use(on!, 'collect', never, async () => undefined);
    expect(assumed().map(({ region, errorCode }) => [region, errorCode])).toEqual([
      ['us-east-1', 'RegionDisabledException'],
      ['eu-west-1', null],
      ['eu-west-1', null],
      ['us-east-1', null],
    ]);
  });

  it('does not carry a refusal from Region to Region', async () => {
    world = await startBrokerWorld();
    const { broker, accounts, simulator } = world;
    simulator.world.changeRole(accounts[0]!.roleArn!, { trustVariant: 'wrongPrincipal' });
    await expect(broker.use(accounts[0]!, 'collect', never, async () => undefined)).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    expect(assumed()).toHaveLength(1);
  });

  it.each([
    ['AWS_US_GOV', 'us-gov-west-1', 'us-gov-east-1'],
    ['AWS_CN', 'cn-north-1', 'cn-northwest-1'],
  ] as const)('stays in the partition %s', async (partition, home, second) => {
    world = await startBrokerWorld({ partition });
    const { broker, accounts, simulator } = world;
    simulator.faults.add({ kind: 'error', status: 503, match: { service: 'sts', region: home } });
    await broker.use(accounts[0]!, 'collect', never, (session) =>
      session.client(CloudWatchClient, { region: home }).send(new ListMetricsCommand({})),
    );
    expect(assumed().map(({ region, status }) => [region, status])).toEqual([
      [home, 503],
      [second, 200],
    ]);
    const principal = await world.sts.gatewayIdentity(partition);
    expect(principal.arn.split(':')[1]).toBe({ AWS_US_GOV: 'aws-us-gov', AWS_CN: 'aws-cn' }[partition]);
  });
});

describe('an outage of STS', () => {
  let rolecall: Rolecall;
  afterEach(() => rolecall.stop());

  const HOUR_START = MORNING - (MORNING % HOUR);
  const down = () => rolecall.simulator.faults.add({ kind: 'error', match: { service: 'sts' }, status: 503 });
  const states = async (accountId: string) => {
    const { collectionRuns } = await rolecall.admin.execute(Runs, { filter: { accountIds: [accountId] } });
    return collectionRuns.nodes.map(({ state }) => state).reverse();
  };

  it('of 15 minutes fails no run, though it begins when every session is about to be renewed', async () => {
    // The latest renewal that there is: three quarters of an hour's life.
    rolecall = await startRolecall({ random: () => 0.999_999 });
    const accountId = await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop, {
      regions: ['eu-central-1'],
    });
    await rolecall.collect(5 * MINUTE);
    for (let cycle = 0; cycle < 8; cycle++) await rolecall.collect(5 * MINUTE);
    down();
    for (let cycle = 0; cycle < 3; cycle++) await rolecall.collect(5 * MINUTE);
    rolecall.simulator.faults.clear();
    for (let cycle = 0; cycle < 3; cycle++) await rolecall.collect(5 * MINUTE);
    const ended = await states(accountId);
    expect(ended).toHaveLength(15);
    expect(new Set(ended)).toEqual(new Set(['SUCCEEDED']));
  }, 60_000);

  it('of two hours breaks no account, and what it kept from being collected is made up', async () => {
    rolecall = await startRolecall();
    const { admin, simulator } = rolecall;
    const accountId = await onboard(admin, simulator, demoAccountIds.shop, {
      plugins: ['rds'],
      regions: ['eu-central-1'],
    });
    await rolecall.collect(5 * MINUTE);
    await rolecall.collect(5 * MINUTE);
    down();
    for (let cycle = 0; cycle < 24; cycle++) await rolecall.collect(5 * MINUTE);
    expect((await states(accountId)).at(-1)).toBe('FAILED');
    expect((await admin.execute(Accounts)).accounts.nodes[0]).toMatchObject({ status: 'DEGRADED' });
    simulator.faults.clear();
    await rolecall.collect(5 * MINUTE);
    expect((await states(accountId)).at(-1)).toBe('SUCCEEDED');
    const range = { from: HOUR_START, to: HOUR_START + 2 * HOUR };
    expect(await compareWithOracle(admin, simulator, { accountIds: [accountId], ...range })).toMatchObject({
      wrong: [],
      missing: [],
    });
  }, 60_000);
});

describe('a gateway with a role of its own', () => {
  let rolecall: Rolecall;
  afterEach(() => rolecall.stop());

  const roleName = 'gateway';
  const roleArn = `arn:aws:iam::${demoAccountIds.gateway}:role/rolecall/${roleName}`;
  const start = async () => {
    const world = demoWorld();
    const allowed = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    world.addRole({
      accountId: demoAccountIds.gateway,
      path: '/rolecall/',
      name: roleName,
      trustPolicy: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${demoAccountIds.gateway}:user/${demoGatewayUser.name}` },
          Action: 'sts:AssumeRole',
        },
      },
      permissionPolicy: allowed,
    });
    // A user whose keys may be narrowed.
    world.addUser({ ...demoAccessKeyUser, permissionPolicy: allowed });
    rolecall = await startRolecall({ world, settings: { ROLECALL_GATEWAY_ROLE_ARN: roleArn } });
    return rolecall;
  };

  it('assumes that first, once, and every customer’s from there', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, demoAccountIds.shop, { regions: ['eu-central-1'] });
    for (let cycle = 0; cycle < 14; cycle++) await rolecall.collect(5 * MINUTE);
    const { collectionRuns } = await admin.execute(Runs, { filter: { accountIds: [accountId] } });
    expect(new Set(collectionRuns.nodes.map(({ state }) => state))).toEqual(new Set(['SUCCEEDED']));
    const assumed = simulator.calls.list({ action: 'AssumeRole' });
    const own = assumed.filter((call) => call.roleArn === roleArn);
    // An hour and ten minutes: the first, and one renewal.
    expect(own).toHaveLength(2);
    expect(new Set(own.map(({ accessKeyId }) => accessKeyId))).toEqual(
      new Set([demoGatewayUser.accessKeyId]),
    );
    const ownKeys = new Set(own.map(({ issuedAccessKeyId }) => issuedAccessKeyId));
    const customers = assumed.filter((call) => call.roleArn !== roleArn);
    expect(customers.length).toBeGreaterThan(4);
    expect(customers.filter(({ accessKeyId }) => !ownKeys.has(accessKeyId!))).toEqual([]);
  }, 60_000);

  it('writes down every answer of STS to who asks for credentials, those to itself in the root tenant’s log', async () => {
    const { gateway, simulator } = await start();
    const { id: tenantId } = await gateway.access.createTenant('Customer');
    const { secret } = await gateway.access.createToken({ tenantId, name: 'customer', role: 'ADMIN' });
    const customer = rolecall.client(secret);
    // Some policies STS cannot pack at first: those are refusals.
    simulator.sts.packedPolicyLimit = 320;
    await onboard(customer, simulator, demoAccountIds.shop, { regions: ['eu-central-1'] });
    const { id } = await register(customer, 'Payments', { regions: ['eu-central-1'] });
    const { accessKeyId, secretAccessKey } = demoAccessKeyUser;
    await customer.execute(ConnectAccount, {
      input: { accountId: id, accessKey: { accessKeyId, secretAccessKey } },
    });
    await rolecall.collect(5 * MINUTE);
    // And one that refuses: the user may not call GetFederationToken any more.
    simulator.world.addUser(demoAccessKeyUser);
    await customer.execute(VerifyAccount, { input: { accountId: id } });
    const told = async (token: string) => {
      const query = '{ auditLog(first: 500) { nodes { action accountId detail } } }';
      const { data } = await post<any>(gateway.url, token, { query });
      return data.auditLog.nodes as { action: string; accountId: string | null; detail: any }[];
    };
    const entries = await told(ADMIN_TOKEN);
    const own = entries.filter(({ detail }) => detail.purpose === 'gateway');
    expect(own).toMatchObject([
      {
        action: 'session.assumed',
        accountId: null,
        detail: { roleArn, sessionName: 'rolecall-gateway', externalId: null, why: 'first' },
      },
    ]);
    expect((await told(secret)).filter(({ detail }) => detail.purpose === 'gateway')).toEqual([]);
    const count = (action: string, ok: boolean) =>
      simulator.calls.list({ action }).filter(({ status }) => (status === 200) === ok).length;
    const written = (action: string, answer?: boolean) =>
      entries.filter(
        (entry) =>
          entry.action === action && (answer === undefined || (entry.detail.answer === 'assumed') === answer),
      ).length;
    expect(written('session.assumed') + written('trust.probed', true)).toBe(count('AssumeRole', true));
    expect(written('session.federated')).toBe(count('GetFederationToken', true));
    expect(written('session.refused') + written('trust.probed', false)).toBe(
      count('AssumeRole', false) + count('GetFederationToken', false),
    );
    expect(count('GetFederationToken', false)).toBeGreaterThan(0);
    const proofs = entries.filter(({ detail }) => detail.purpose === 'verify');
    expect(new Set(proofs.map(({ action }) => action))).toEqual(
      new Set(['session.assumed', 'session.federated', 'session.refused']),
    );
  }, 60_000);

  it('blames no customer when it cannot be assumed', async () => {
    const { admin, simulator } = await start();
    const accountId = await onboard(admin, simulator, demoAccountIds.shop, { regions: ['eu-central-1'] });
    simulator.world.changeRole(roleArn, { trustVariant: 'wrongPrincipal' });
    await rolecall.collect(61 * MINUTE);
    const { collectionRuns } = await admin.execute(Runs, { filter: { accountIds: [accountId] } });
    expect(collectionRuns.nodes[0]!.steps.find(({ error }) => error)).toMatchObject({
      step: 'CREDENTIALS',
      error: { code: 'RC_GATEWAY_IDENTITY_MISSING', retryable: true },
    });
    expect((await admin.execute(Accounts)).accounts.nodes[0]).toMatchObject({ status: 'DEGRADED' });
  });
});
