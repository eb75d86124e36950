import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  STSClient,
  type GetFederationTokenCommandInput,
} from '@aws-sdk/client-sts';
import type { Simulator } from '../../src/simulator';
import {
  allow,
  assumeRole,
  clientConfig,
  credentialsOf,
  customerId,
  customerKeys,
  errorOf,
  noon,
  startTestSimulator,
  trust,
  type TestCredentials,
} from './harness';

const federatedArn = `arn:aws:sts::${customerId}:federated-user/rolecall`;

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startTestSimulator();
});
afterAll(() => simulator.close());

function getFederationToken(
  input: Partial<GetFederationTokenCommandInput> = {},
  caller: TestCredentials = customerKeys,
) {
  const sts = new STSClient(clientConfig(simulator, caller));
  return sts.send(new GetFederationTokenCommand({ Name: 'rolecall', ...input }));
}

async function federatedKeys(policy?: object, caller?: TestCredentials): Promise<TestCredentials> {
  const input = policy && { Policy: JSON.stringify(policy) };
  return credentialsOf(await getFederationToken(input, caller));
}

/** A user with these permissions alone. */
function addUser(permissionPolicy: object): TestCredentials {
  const keys = { accessKeyId: 'AKIALIMITED000000000', secretAccessKey: 'limited' };
  simulator.world.addUser({ accountId: customerId, name: 'limited', permissionPolicy, ...keys });
  return keys;
}

const describeInstances = (keys: TestCredentials) =>
  new EC2Client(clientConfig(simulator, keys)).send(new DescribeInstancesCommand({}));
const describeDbInstances = (keys: TestCredentials) =>
  new RDSClient(clientConfig(simulator, keys)).send(new DescribeDBInstancesCommand({}));

test('the answer names federated user, expiry and packed size', async () => {
  const Policy = JSON.stringify(allow('ec2:DescribeInstances'));
  const answer = await getFederationToken({ Policy, DurationSeconds: 900 });
  expect(answer.FederatedUser).toEqual({ FederatedUserId: `${customerId}:rolecall`, Arn: federatedArn });
  expect(answer.Credentials!.Expiration).toEqual(new Date(noon + 900_000));
  expect(answer.PackedPolicySize).toBeGreaterThan(0);
  const lasting = await getFederationToken();
  expect(lasting.Credentials!.Expiration).toEqual(new Date(noon + 43_200_000));
  expect(lasting.PackedPolicySize).toBeUndefined();
  const identity = new STSClient(clientConfig(simulator, credentialsOf(answer)));
  await expect(identity.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
    Account: customerId,
    Arn: federatedArn,
    UserId: `${customerId}:rolecall`,
  });
});

test('a session may do what user and session policy both allow', async () => {
  const user = addUser(allow(['sts:GetFederationToken', 'ec2:*']));
  const keys = await federatedKeys(allow(['ec2:DescribeInstances', 'rds:*']), user);
  await describeInstances(keys);
  const denied = await errorOf(describeDbInstances(keys));
  expect(denied.message).toBe(
    `User: ${federatedArn} is not authorized to perform: rds:DescribeDBInstances because no identity-based policy allows the rds:DescribeDBInstances action`,
  );
  const narrow = await federatedKeys(allow('rds:*'), user);
  await expect(errorOf(describeInstances(narrow))).resolves.toMatchObject({
    code: 'UnauthorizedOperation',
    message: expect.stringContaining('because no session policy allows'),
  });
});

test('without a session policy it may do nothing', async () => {
  const keys = await federatedKeys();
  await expect(errorOf(describeInstances(keys))).resolves.toMatchObject({ code: 'UnauthorizedOperation' });
});

test('aws:PrincipalArn is the federated user', async () => {
  const Condition = { ArnEquals: { 'aws:PrincipalArn': federatedArn } };
  await describeInstances(await federatedKeys(allow('ec2:*', { Condition })));
});

test('it ends at its expiry, and with its user', async () => {
  const user = addUser(allow(['sts:GetFederationToken', 'ec2:*']));
  const Policy = JSON.stringify(allow('ec2:*'));
  const keys = credentialsOf(await getFederationToken({ Policy, DurationSeconds: 900 }, user));
  await describeInstances(keys);
  simulator.clock.advance(900_000);
  await expect(errorOf(describeInstances(keys))).resolves.toMatchObject({ code: 'RequestExpired' });
  simulator.clock.reset();
  simulator.world.account(customerId)!.users.delete('limited');
  await expect(errorOf(describeInstances(keys))).resolves.toMatchObject({ code: 'AuthFailure' });
});

test('the user needs sts:GetFederationToken for that very name', async () => {
  const without = addUser(allow('ec2:*'));
  await expect(errorOf(getFederationToken({}, without))).resolves.toEqual({
    name: 'AccessDenied',
    code: 'AccessDenied',
    status: 403,
    message: `User: arn:aws:iam::${customerId}:user/limited is not authorized to perform: sts:GetFederationToken on resource: ${federatedArn} because no identity-based policy allows the sts:GetFederationToken action`,
  });
  const named = addUser(allow('sts:GetFederationToken', { Resource: federatedArn }));
  await getFederationToken({}, named);
  await expect(errorOf(getFederationToken({ Name: 'other' }, named))).resolves.toMatchObject({ status: 403 });
});

test('a session gets none: neither an assumed role nor a federated user', async () => {
  const { arn: RoleArn } = simulator.world.addRole({
    accountId: customerId,
    name: 'monitor',
    trustPolicy: trust('*'),
    permissionPolicy: allow('*'),
  });
  const refused = {
    code: 'AccessDenied',
    status: 403,
    message: 'Cannot call GetFederationToken with session credentials',
  };
  const roleKeys = await assumeRole(simulator, { RoleArn });
  await expect(errorOf(getFederationToken({}, roleKeys))).resolves.toMatchObject(refused);
  const userKeys = await federatedKeys(allow('*'));
  await expect(errorOf(getFederationToken({}, userKeys))).resolves.toMatchObject(refused);
  await expect(errorOf(assumeRole(simulator, { RoleArn }, userKeys))).resolves.toMatchObject({
    code: 'AccessDenied',
  });
});

test('IAM does not know federated users, whatever their policies', async () => {
  const iam = new IAMClient(clientConfig(simulator, await federatedKeys(allow('*'))));
  await expect(errorOf(iam.send(new GetUserCommand({ UserName: 'monitor' })))).resolves.toMatchObject({
    code: 'InvalidClientTokenId',
    status: 403,
  });
});

test.each<[string, Partial<GetFederationTokenCommandInput>, string]>([
  ['a name too short', { Name: 'x' }, 'ValidationError'],
  ['a name too long', { Name: 'x'.repeat(33) }, 'ValidationError'],
  ['a name with a space', { Name: 'role call' }, 'ValidationError'],
  ['a session too short', { DurationSeconds: 899 }, 'ValidationError'],
  ['a session too long', { DurationSeconds: 129_601 }, 'ValidationError'],
  ['a policy that is not JSON', { Policy: '{' }, 'MalformedPolicyDocument'],
  ['a policy too long', { Policy: JSON.stringify(allow('x'.repeat(2_048))) }, 'ValidationError'],
])('%s', async (_name, input, code) => {
  await expect(errorOf(getFederationToken(input))).resolves.toMatchObject({ code, status: 400 });
});

test('36 hours are allowed, a packed policy over the limit is not', async () => {
  await getFederationToken({ DurationSeconds: 129_600 });
  simulator.sts.packedPolicyLimit = 50;
  const Policy = JSON.stringify(allow('ec2:DescribeInstances'));
  await expect(errorOf(getFederationToken({ Policy }))).resolves.toMatchObject({
    code: 'PackedPolicyTooLarge',
    status: 400,
  });
  simulator.sts.packedPolicyLimit = 2_048;
});

test('the call log joins the token with the calls made with it', async () => {
  simulator.calls.clear();
  const policy = allow('ec2:*');
  const keys = await federatedKeys(policy);
  await describeInstances(keys);
  const [asked] = simulator.calls.list({ action: 'GetFederationToken' });
  expect(asked).toMatchObject({
    accountId: customerId,
    accessKeyId: customerKeys.accessKeyId,
    sessionPolicy: JSON.stringify(policy),
    issuedAccessKeyId: keys.accessKeyId,
  });
  expect(simulator.calls.list({ accessKeyId: asked.issuedAccessKeyId })).toMatchObject([
    { service: 'ec2', sessionName: 'rolecall', roleArn: undefined },
  ]);
});
