import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Simulator } from '../../src/simulator';
import {
  allow,
  assumeRole,
  clientConfig,
  customerId,
  customerKeys,
  errorOf,
  gatewayId,
  gatewayKeys,
  noon,
  startTestSimulator,
  trust,
} from './harness';

const externalId = '6e8b7c1a-7c31-4f0e-9d7e-1b1f3f8f5a10';
const gatewayRoot = { AWS: `arn:aws:iam::${gatewayId}:root` };
const withExternalId = { StringEquals: { 'sts:ExternalId': externalId } };

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startTestSimulator();
});
afterAll(() => simulator.close());

function addRole(trustPolicy: unknown, more: object = {}): string {
  return simulator.world.addRole({
    accountId: customerId,
    name: 'monitor',
    path: '/rolecall/',
    trustPolicy,
    ...more,
  }).arn;
}

/** Whether the gateway may assume a role with this trust policy, with and without external IDs. */
async function acceptedIds(trustPolicy: unknown, ids: Array<string | undefined>): Promise<boolean[]> {
  const RoleArn = addRole(trustPolicy);
  const accepted: boolean[] = [];
  for (const ExternalId of ids) {
    const outcome = await assumeRole(simulator, { RoleArn, ExternalId }).then(
      () => true,
      (error: Error) => (error.name === 'AccessDenied' ? false : Promise.reject(error)),
    );
    accepted.push(outcome);
  }
  return accepted;
}

describe('trust policies', () => {
  const ids = [externalId, undefined, 'another-id', externalId.toUpperCase()];

  test.each<[string, unknown, boolean[]]>([
    ['exact', trust(gatewayRoot, withExternalId), [true, false, false, false]],
    ['account id as principal', trust({ AWS: gatewayId }, withExternalId), [true, false, false, false]],
    ['anyone with the ID', trust('*', withExternalId), [true, false, false, false]],
    ['no condition', trust(gatewayRoot), [true, true, true, true]],
    [
      'StringLike *',
      trust(gatewayRoot, { StringLike: { 'sts:ExternalId': '*' } }),
      [true, false, true, true],
    ],
    [
      'StringEqualsIfExists',
      trust(gatewayRoot, { StringEqualsIfExists: { 'sts:ExternalId': externalId } }),
      [true, true, false, false],
    ],
    [
      'StringEqualsIgnoreCase',
      trust(gatewayRoot, { StringEqualsIgnoreCase: { 'sts:ExternalId': externalId } }),
      [true, false, false, true],
    ],
    [
      'two IDs',
      trust(gatewayRoot, { StringEquals: { 'sts:ExternalId': [externalId, 'another-id'] } }),
      [true, false, true, false],
    ],
    ['Null', trust(gatewayRoot, { Null: { 'sts:ExternalId': 'true' } }), [false, true, false, false]],
    ['another account', trust({ AWS: 'arn:aws:iam::222222222222:root' }), [false, false, false, false]],
    ['a service', trust({ Service: 'ec2.amazonaws.com' }), [false, false, false, false]],
    [
      'the user and the ID',
      trust(gatewayRoot, {
        ...withExternalId,
        ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${gatewayId}:user/gateway` },
      }),
      [true, false, false, false],
    ],
    [
      'another user and the ID',
      trust(gatewayRoot, {
        ...withExternalId,
        ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${gatewayId}:user/x*` },
      }),
      [false, false, false, false],
    ],
    [
      'a deny beside an allow',
      {
        Statement: [
          { Effect: 'Allow', Principal: gatewayRoot, Action: 'sts:*' },
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 'sts:AssumeRole',
            Condition: { StringNotEquals: { 'sts:ExternalId': externalId } },
          },
        ],
      },
      [true, false, false, false],
    ],
  ])('%s', async (_name, policy, expected) => {
    await expect(acceptedIds(policy, ids)).resolves.toEqual(expected);
  });

  test('a role that is not there is refused in the words of one that refuses', async () => {
    const refusing = addRole(trust(gatewayRoot, withExternalId));
    const missing = refusing.replace('monitor', 'nothing');
    const text = (arn: string) =>
      `User: arn:aws:iam::${gatewayId}:user/gateway is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    for (const RoleArn of [refusing, missing]) {
      await expect(errorOf(assumeRole(simulator, { RoleArn }))).resolves.toEqual({
        name: 'AccessDenied',
        code: 'AccessDenied',
        status: 403,
        message: text(RoleArn),
      });
    }
  });

  test("the caller's own policy must allow it too", async () => {
    const RoleArn = addRole(trust(gatewayRoot));
    const keys = { accessKeyId: 'AKIALIMITED000000000', secretAccessKey: 'limited' };
    simulator.world.addUser({
      accountId: gatewayId,
      name: 'limited',
      permissionPolicy: allow('ec2:*'),
      ...keys,
    });
    await expect(errorOf(assumeRole(simulator, { RoleArn }, keys))).resolves.toMatchObject({
      code: 'AccessDenied',
    });
  });

  test('a role may be assumed from a role: the principal is the role, the hour is the limit', async () => {
    const broker = simulator.world.addRole({
      accountId: gatewayId,
      name: 'broker',
      trustPolicy: trust(gatewayRoot),
      permissionPolicy: allow('sts:AssumeRole'),
      maxSessionDuration: 43_200,
    });
    const brokerKeys = await assumeRole(simulator, { RoleArn: broker.arn });
    const RoleArn = addRole(trust(gatewayRoot, { StringEquals: { 'aws:PrincipalArn': broker.arn } }), {
      maxSessionDuration: 43_200,
    });
    await assumeRole(simulator, { RoleArn, DurationSeconds: 3_600 }, brokerKeys);
    await expect(errorOf(assumeRole(simulator, { RoleArn }))).resolves.toMatchObject({
      code: 'AccessDenied',
    });
    const tooLong = errorOf(assumeRole(simulator, { RoleArn, DurationSeconds: 3_601 }, brokerKeys));
    await expect(tooLong).resolves.toMatchObject({ code: 'ValidationError', status: 400 });
  });
});

describe('the answer', () => {
  test('names session, expiry and packed size', async () => {
    const RoleArn = addRole(trust(gatewayRoot));
    const sts = new STSClient(clientConfig(simulator, gatewayKeys));
    const answer = await sts.send(
      new AssumeRoleCommand({
        RoleArn,
        RoleSessionName: 'audit-me',
        DurationSeconds: 900,
        Policy: JSON.stringify(allow('ec2:DescribeInstances')),
      }),
    );
    expect(answer.AssumedRoleUser!.Arn).toBe(`arn:aws:sts::${customerId}:assumed-role/monitor/audit-me`);
    expect(answer.AssumedRoleUser!.AssumedRoleId).toMatch(/^AROA[0-9A-F]{17}:audit-me$/);
    expect(answer.Credentials!.Expiration).toEqual(new Date(noon + 900_000));
    expect(answer.Credentials!.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(answer.PackedPolicySize).toBeGreaterThan(0);
    expect(answer.PackedPolicySize).toBeLessThan(20);
  });

  test('GetCallerIdentity works for everyone, whatever their policies', async () => {
    const RoleArn = addRole(trust(gatewayRoot), {
      permissionPolicy: { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } },
    });
    const keys = await assumeRole(simulator, { RoleArn });
    const identity = await new STSClient(clientConfig(simulator, keys)).send(
      new GetCallerIdentityCommand({}),
    );
    expect(identity).toMatchObject({
      Account: customerId,
      Arn: `arn:aws:sts::${customerId}:assumed-role/monitor/rolecall`,
    });
    const user = await new STSClient(clientConfig(simulator, customerKeys)).send(
      new GetCallerIdentityCommand({}),
    );
    expect(user.Arn).toBe(`arn:aws:iam::${customerId}:user/monitor`);
  });
});

describe('parameters', () => {
  const valid = { RoleArn: `arn:aws:iam::${customerId}:role/rolecall/monitor` };
  const longPolicy = JSON.stringify(
    allow(Array.from({ length: 100 }, (_, i) => `service:SomeVeryLongAction${i}`)),
  );

  test.each<[string, object, string]>([
    ['a session too short', { DurationSeconds: 899 }, 'ValidationError'],
    ['a session too long for the role', { DurationSeconds: 3_601 }, 'ValidationError'],
    ['a session too long for AWS', { DurationSeconds: 43_201 }, 'ValidationError'],
    ['a session name too short', { RoleSessionName: 'x' }, 'ValidationError'],
    ['a session name with a space', { RoleSessionName: 'rolecall run' }, 'ValidationError'],
    ['an external ID of one character', { ExternalId: 'x' }, 'ValidationError'],
    ['an external ID too long', { ExternalId: 'x'.repeat(1_225) }, 'ValidationError'],
    ['an external ID with a hash', { ExternalId: 'a#b' }, 'ValidationError'],
    ['a role ARN too short', { RoleArn: 'arn:aws:iam' }, 'ValidationError'],
    ['the ARN of a user', { RoleArn: `arn:aws:iam::${customerId}:user/monitor` }, 'ValidationError'],
    [
      'an account id of eleven digits',
      { RoleArn: 'arn:aws:iam::11111111111:role/monitor' },
      'ValidationError',
    ],
    ['a policy that is not JSON', { Policy: '{' }, 'MalformedPolicyDocument'],
    [
      'a policy without an effect',
      { Policy: '{"Statement":[{"Action":"*","Resource":"*"}]}' },
      'MalformedPolicyDocument',
    ],
    [
      'an unknown condition',
      { Policy: JSON.stringify(allow('*', { Condition: { Sounds: { a: 'b' } } })) },
      'MalformedPolicyDocument',
    ],
    [
      'managed policies',
      { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] },
      'ValidationError',
    ],
    ['a policy of more than 2,048 characters', { Policy: longPolicy }, 'ValidationError'],
  ])('%s', async (_name, input, code) => {
    addRole(trust(gatewayRoot));
    await expect(errorOf(assumeRole(simulator, { ...valid, ...input }))).resolves.toMatchObject({
      code,
      status: 400,
    });
  });
});

describe('settings of STS', () => {
  afterEach(() => Object.assign(simulator.sts, { sessionPolicyRequired: false, packedPolicyLimit: 2_048 }));

  const Policy = JSON.stringify(allow('ec2:DescribeInstances'));

  test('the packed size is a share of a limit that can be lowered, down to PackedPolicyTooLarge', async () => {
    const RoleArn = addRole(trust(gatewayRoot));
    const sts = new STSClient(clientConfig(simulator, gatewayKeys));
    const packedSize = async (packedPolicyLimit: number) => {
      simulator.sts.packedPolicyLimit = packedPolicyLimit;
      const input = { RoleArn, RoleSessionName: 'audit-me', Policy };
      return (await sts.send(new AssumeRoleCommand(input))).PackedPolicySize;
    };
    await expect(packedSize(Policy.length * 2)).resolves.toBe(50);
    await expect(packedSize(Policy.length)).resolves.toBe(100);
    await expect(errorOf(packedSize(Policy.length - 1))).resolves.toEqual({
      name: 'PackedPolicyTooLargeException',
      code: 'PackedPolicyTooLarge',
      status: 400,
      message: 'Packed policy consumes 101% of allotted space, please use smaller policy.',
    });
  });

  test('without a session policy no size is told', async () => {
    const RoleArn = addRole(trust(gatewayRoot));
    const sts = new STSClient(clientConfig(simulator, gatewayKeys));
    const answer = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'audit-me' }));
    expect(answer.PackedPolicySize).toBeUndefined();
  });

  test('a session policy can be made obligatory', async () => {
    const RoleArn = addRole(trust(gatewayRoot));
    await assumeRole(simulator, { RoleArn });
    simulator.sts.sessionPolicyRequired = true;
    await expect(errorOf(assumeRole(simulator, { RoleArn }))).resolves.toMatchObject({
      code: 'ValidationError',
    });
    await assumeRole(simulator, { RoleArn, Policy });
  });
});

describe('Regions', () => {
  const inRegion = (region: string, RoleArn: string) =>
    new STSClient({ ...clientConfig(simulator, gatewayKeys), region }).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'rolecall' }),
    );

  test('STS may be down in one Region and answer in the next', async () => {
    const RoleArn = addRole(trust(gatewayRoot));
    const match = { service: 'sts', region: 'us-east-1' };
    const fault = simulator.faults.add({ kind: 'error', match, status: 503, code: 'ServiceUnavailable' });
    await expect(errorOf(inRegion('us-east-1', RoleArn))).resolves.toMatchObject({
      code: 'ServiceUnavailable',
      status: 503,
    });
    await inRegion('us-west-2', RoleArn);
    expect(fault.hits).toBe(1);
    simulator.faults.clear();
    await inRegion('us-east-1', RoleArn);
  });

  test("STS switched off in a Region by the role's account refuses there alone, that account alone", async () => {
    const RoleArn = addRole(trust(gatewayRoot));
    simulator.world.addAccount({ id: customerId, stsDisabledRegions: ['us-west-2'] });
    await expect(errorOf(inRegion('us-west-2', RoleArn))).resolves.toMatchObject({
      name: 'RegionDisabledException',
      status: 403,
      message: expect.stringContaining(`account:${customerId}`),
    });
    await inRegion('us-east-1', RoleArn);
    const identity = (credentials: typeof gatewayKeys) =>
      new STSClient({ ...clientConfig(simulator, credentials), region: 'us-west-2' }).send(
        new GetCallerIdentityCommand({}),
      );
    await identity(gatewayKeys);
    await expect(errorOf(identity(customerKeys))).resolves.toMatchObject({ name: 'RegionDisabledException' });
    simulator.world.addAccount({ id: customerId, stsDisabledRegions: [] });
    await inRegion('us-west-2', RoleArn);
  });
});

describe('sessions', () => {
  const both = ['ec2:DescribeInstances', 'rds:DescribeDBInstances'];

  test('a session may do what role and session policy both allow', async () => {
    const RoleArn = addRole(trust(gatewayRoot), { permissionPolicy: allow(both) });
    const Policy = JSON.stringify(allow(['ec2:Describe*', 'cloudwatch:*']));
    const config = clientConfig(simulator, await assumeRole(simulator, { RoleArn, Policy }));
    await new EC2Client(config).send(new DescribeInstancesCommand({}));
    const denied = await errorOf(new RDSClient(config).send(new DescribeDBInstancesCommand({})));
    expect(denied.message).toBe(
      `User: arn:aws:sts::${customerId}:assumed-role/monitor/rolecall is not authorized to perform: rds:DescribeDBInstances because no session policy allows the rds:DescribeDBInstances action`,
    );
  });

  test('a session ends at its expiry, not before', async () => {
    const RoleArn = addRole(trust(gatewayRoot), { permissionPolicy: allow(both) });
    const ec2 = new EC2Client(
      clientConfig(simulator, await assumeRole(simulator, { RoleArn, DurationSeconds: 900 })),
    );
    simulator.clock.advance(899_999);
    await ec2.send(new DescribeInstancesCommand({}));
    simulator.clock.advance(1);
    await expect(errorOf(ec2.send(new DescribeInstancesCommand({})))).resolves.toMatchObject({
      code: 'RequestExpired',
    });
    simulator.clock.reset();
  });

  test('AWSRevokeOlderSessions denies older sessions and leaves newer ones', async () => {
    const RoleArn = addRole(trust(gatewayRoot), { permissionPolicy: allow(both) });
    const older = new EC2Client(clientConfig(simulator, await assumeRole(simulator, { RoleArn })));
    await older.send(new DescribeInstancesCommand({}));
    simulator.clock.advance(60_000);
    const revokeSessionsBefore = new Date(simulator.clock.now()).toISOString();
    const { inlinePolicies } = simulator.world.changeRole(RoleArn, { revokeSessionsBefore });
    expect(Object.keys(inlinePolicies)).toEqual(['permissions', 'AWSRevokeOlderSessions']);
    const newer = new EC2Client(clientConfig(simulator, await assumeRole(simulator, { RoleArn })));
    const refused = await errorOf(older.send(new DescribeInstancesCommand({})));
    expect(refused).toMatchObject({ code: 'UnauthorizedOperation', status: 403 });
    expect(refused.message).toContain('with an explicit deny in an identity-based policy');
    await newer.send(new DescribeInstancesCommand({}));
    simulator.clock.reset();
  });

  test('a policy may hold for one Region only', async () => {
    const Condition = { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } };
    const RoleArn = addRole(trust(gatewayRoot), { permissionPolicy: allow(both, { Condition }) });
    const config = clientConfig(simulator, await assumeRole(simulator, { RoleArn }));
    await new EC2Client({ ...config, region: 'us-east-1' }).send(new DescribeInstancesCommand({}));
    const elsewhere = errorOf(new EC2Client(config).send(new DescribeInstancesCommand({})));
    await expect(elsewhere).resolves.toMatchObject({ code: 'UnauthorizedOperation' });
  });

  test('the session of a role that is gone is unknown', async () => {
    const RoleArn = addRole(trust(gatewayRoot), { permissionPolicy: allow(both) });
    const keys = await assumeRole(simulator, { RoleArn });
    simulator.world.account(customerId)!.roles.delete(RoleArn);
    const error = errorOf(
      new STSClient(clientConfig(simulator, keys)).send(new GetCallerIdentityCommand({})),
    );
    await expect(error).resolves.toMatchObject({ code: 'InvalidClientTokenId', status: 403 });
  });
});
