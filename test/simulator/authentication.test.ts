import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Simulator } from '../../src/simulator';
import {
  allow,
  assumeRole,
  clientConfig,
  customerId,
  customerKeys,
  errorOf,
  gatewayId,
  startTestSimulator,
  trust,
  type TestCredentials,
} from './harness';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startTestSimulator();
});
afterAll(() => simulator.close());

type CodeAndStatus = [string, number];

/** Wire code and status of one call to each protocol. */
async function refusals(
  credentials: TestCredentials,
  region?: string,
): Promise<Record<string, CodeAndStatus>> {
  const config = { ...clientConfig(simulator, credentials), ...(region && { region }) };
  const errors = await Promise.all([
    errorOf(new STSClient(config).send(new GetCallerIdentityCommand({}))),
    errorOf(new EC2Client(config).send(new DescribeInstancesCommand({}))),
    errorOf(new RDSClient(config).send(new DescribeDBInstancesCommand({}))),
    errorOf(new CloudWatchClient(config).send(new ListMetricsCommand({}))),
  ]);
  const [sts, ec2, rds, cloudwatch] = errors.map(({ name, status }): CodeAndStatus => [name, status!]);
  return { sts, ec2, rds, cloudwatch };
}

async function sessionKeys(): Promise<TestCredentials> {
  const { arn } = simulator.world.addRole({
    accountId: customerId,
    name: 'monitor',
    trustPolicy: trust({ AWS: gatewayId }),
    permissionPolicy: allow('*'),
  });
  return assumeRole(simulator, { RoleArn: arn });
}

const unknownKey = {
  sts: ['InvalidClientTokenId', 403],
  ec2: ['AuthFailure', 401],
  rds: ['InvalidClientTokenId', 403],
  cloudwatch: ['UnrecognizedClientException', 400],
};

test('an unknown access key', async () => {
  await expect(refusals({ ...customerKeys, accessKeyId: 'AKIANOBODY0000000000' })).resolves.toEqual(
    unknownKey,
  );
});

test('a wrong secret', async () => {
  await expect(refusals({ ...customerKeys, secretAccessKey: 'wrong' })).resolves.toEqual({
    sts: ['SignatureDoesNotMatch', 403],
    ec2: ['SignatureDoesNotMatch', 403],
    rds: ['SignatureDoesNotMatch', 403],
    cloudwatch: ['InvalidSignatureException', 400],
  });
});

test('temporary keys without their token, with a wrong one, and long-lived keys with one', async () => {
  const keys = await sessionKeys();
  await expect(refusals({ ...keys, sessionToken: undefined })).resolves.toEqual(unknownKey);
  await expect(refusals({ ...keys, sessionToken: 'x' })).resolves.toEqual(unknownKey);
  await expect(refusals({ ...customerKeys, sessionToken: keys.sessionToken })).resolves.toEqual(unknownKey);
});

test('an ended session', async () => {
  const keys = await sessionKeys();
  simulator.faults.add({ kind: 'expireSessions', match: { accountId: customerId } });
  await expect(refusals(keys)).resolves.toEqual({
    sts: ['ExpiredToken', 403],
    ec2: ['RequestExpired', 400],
    rds: ['ExpiredToken', 403],
    cloudwatch: ['ExpiredTokenException', 400],
  });
});

test('a Region that the account has not enabled', async () => {
  await expect(refusals(customerKeys, 'me-south-1')).resolves.toEqual({
    ...unknownKey,
    sts: ['RegionDisabledException', 403],
  });
});

test('a request that is not signed, or not wholly', async () => {
  const post = async (headers: Record<string, string>, body: string) => {
    const response = await fetch(simulator.url, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text() };
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const sts = await post(form, 'Action=GetCallerIdentity&Version=2011-06-15');
  expect(sts.status).toBe(403);
  expect(sts.text).toMatch(
    /<ErrorResponse><Error><Type>Sender<\/Type><Code>MissingAuthenticationToken<\/Code>/,
  );
  const ec2 = await post(form, 'Action=DescribeInstances&Version=2016-11-15');
  expect(ec2.text).toMatch(/<Response><Errors><Error><Code>MissingAuthenticationToken<\/Code>/);
  const json = await post({ 'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics' }, '{}');
  expect(json).toMatchObject({ status: 400 });
  expect(JSON.parse(json.text)).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  const partial = await post(
    { ...form, authorization: 'AWS4-HMAC-SHA256 Credential=x' },
    'Action=GetCallerIdentity&Version=2011-06-15',
  );
  expect(partial).toMatchObject({ status: 400 });
  expect(partial.text).toContain('<Code>IncompleteSignature</Code>');
});

test('the signature covers the body', async () => {
  const ec2 = new EC2Client(clientConfig(simulator));
  ec2.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: string };
      request.body = request.body.replace('DescribeInstances', 'DescribeInstance2');
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  await expect(errorOf(ec2.send(new DescribeInstancesCommand({})))).resolves.toMatchObject({
    code: 'SignatureDoesNotMatch',
  });
});

test('a caller that may not do it is told which action', async () => {
  const keys = { accessKeyId: 'AKIANOTHING000000000', secretAccessKey: 'nothing' };
  simulator.world.addUser({ accountId: customerId, name: 'nothing', ...keys });
  const config = clientConfig(simulator, keys);
  const reason = (action: string) =>
    `User: arn:aws:iam::${customerId}:user/nothing is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`;
  await expect(errorOf(new EC2Client(config).send(new DescribeInstancesCommand({})))).resolves.toMatchObject({
    name: 'UnauthorizedOperation',
    status: 403,
    message: `You are not authorized to perform this operation. ${reason('ec2:DescribeInstances')}`,
  });
  await expect(
    errorOf(new RDSClient(config).send(new DescribeDBInstancesCommand({}))),
  ).resolves.toMatchObject({
    name: 'AccessDenied',
    status: 403,
    message: reason('rds:DescribeDBInstances'),
  });
  await expect(errorOf(new CloudWatchClient(config).send(new ListMetricsCommand({})))).resolves.toMatchObject(
    {
      name: 'AccessDeniedException',
      status: 400,
      message: reason('cloudwatch:ListMetrics'),
    },
  );
});

test('actions that the simulator does not have', async () => {
  const { DescribeVpcsCommand } = await import('@aws-sdk/client-ec2');
  const { DescribeDBClustersCommand } = await import('@aws-sdk/client-rds');
  const { DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
  const config = clientConfig(simulator);
  const codes = await Promise.all([
    errorOf(new EC2Client(config).send(new DescribeVpcsCommand({}))),
    errorOf(new RDSClient(config).send(new DescribeDBClustersCommand({}))),
    errorOf(new CloudWatchClient(config).send(new DescribeAlarmsCommand({}))),
  ]);
  expect(codes.map(({ name, status }) => [name, status])).toEqual([
    ['InvalidAction', 400],
    ['InvalidAction', 400],
    ['UnknownOperationException', 400],
  ]);
});
