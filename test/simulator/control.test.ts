import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { demoAccountIds, startSimulator, type Simulator } from '../../src/simulator';
import { runSimulator } from '../../src/simulator/main';
import {
  allow,
  assumeRole,
  clientConfig,
  customerId,
  errorOf,
  gatewayId,
  noon,
  region,
  startTestSimulator,
  trust,
} from './harness';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startTestSimulator();
});
afterEach(() => simulator.close());

async function control(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; value: any }> {
  const response = await fetch(`${simulator.url}/_simulator/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, value: await response.json() };
}

test('health', async () => {
  await expect(control('GET', 'health')).resolves.toEqual({
    status: 200,
    value: { status: 'ok', now: new Date(noon).toISOString() },
  });
});

test('an account, made over HTTP from nothing to its first instance', async () => {
  const id = '222222222222';
  await control('PUT', `accounts/${id}`, { name: 'New', enabledRegions: ['us-east-1'] });
  await control('PUT', `accounts/${id}/regions/${region}`);
  await control('DELETE', `accounts/${id}/regions/us-east-1`);
  const rolePath = `accounts/${id}/roles/team/monitor`;
  const role = await control('PUT', rolePath, {
    trustPolicy: trust({ AWS: gatewayId }),
    permissionPolicy: allow('ec2:*'),
    maxSessionDuration: 7_200,
  });
  expect(role.value.arn).toBe(`arn:aws:iam::${id}:role/team/monitor`);
  await control('PUT', `accounts/${id}/regions/${region}/instances/i-0abc`, {
    instanceType: 'c7g.large',
    state: 'stopped',
  });

  const account = await control('GET', `accounts/${id}`);
  expect(account.value).toEqual({
    id,
    name: 'New',
    partition: 'aws',
    enabledRegions: [region],
    stsDisabledRegions: [],
    users: [],
    roles: [role.value.arn],
  });
  const keys = await assumeRole(simulator, { RoleArn: role.value.arn, DurationSeconds: 7_200 });
  const { Reservations } = await new EC2Client(clientConfig(simulator, keys)).send(
    new DescribeInstancesCommand({}),
  );
  expect(Reservations![0].Instances![0]).toMatchObject({ InstanceId: 'i-0abc', State: { Name: 'stopped' } });

  await control('DELETE', `accounts/${id}/regions/${region}/instances/i-0abc`);
  expect((await control('GET', `accounts/${id}/regions/${region}/instances`)).value).toEqual({
    instances: [],
  });
  await control('DELETE', rolePath);
  expect((await control('GET', rolePath)).status).toBe(404);
  await control('DELETE', `accounts/${id}`);
  expect((await control('GET', 'accounts')).value.accounts).toHaveLength(2);
});

test('every kind of resource can be made, listed and removed', async () => {
  const base = `accounts/${customerId}/regions/${region}`;
  const ids: Record<string, string> = {
    instances: 'InstanceId',
    'db-instances': 'DBInstanceIdentifier',
    'classic-load-balancers': 'LoadBalancerName',
    'load-balancers': 'LoadBalancerArn',
    'target-groups': 'TargetGroupArn',
  };
  for (const [kind, idField] of Object.entries(ids)) {
    const made = await control('POST', `${base}/${kind}`, { tags: { a: 'b' } });
    expect(made.status).toBe(200);
    const listed = await control('GET', `${base}/${kind}`);
    expect(listed.value[kind]).toEqual([made.value]);
    const removed = await control('DELETE', `${base}/${kind}/${made.value[idField]}`);
    expect(removed.value).toEqual({ removed: true });
  }
});

test('a user: the secret is told once, never again', async () => {
  const made = await control('PUT', `accounts/${customerId}/users/robot`, {
    permissionPolicy: allow('ec2:*'),
  });
  const { accessKeyId, secretAccessKey } = made.value;
  await new EC2Client(clientConfig(simulator, { accessKeyId, secretAccessKey })).send(
    new DescribeInstancesCommand({}),
  );
  const listed = await control('GET', `accounts/${customerId}/users`);
  expect(JSON.stringify(listed.value)).toContain(accessKeyId);
  expect(JSON.stringify(listed.value)).not.toContain(secretAccessKey);
  expect((await control('DELETE', `accounts/${customerId}/users/robot`)).value).toEqual({ removed: true });
});

test('faults are set, listed and removed', async () => {
  const fault = { kind: 'throttle', match: { service: 'ec2' }, times: 3 };
  const { value } = await control('POST', 'faults', fault);
  expect(value).toEqual({ ...fault, id: expect.any(String), hits: 0 });
  await errorOf(new EC2Client(clientConfig(simulator)).send(new DescribeInstancesCommand({})));
  expect((await control('GET', 'faults')).value.faults).toEqual([{ ...value, hits: 1 }]);
  expect((await control('DELETE', `faults/${value.id}`)).value).toEqual({ removed: true });
  expect((await control('DELETE', `faults/${value.id}`)).status).toBe(404);
  await control('POST', 'faults', fault);
  expect((await control('DELETE', 'faults')).value).toEqual({ faults: [] });
  expect(simulator.faults.list()).toEqual([]);
});

test('the clock is set, fixed, advanced and reset', async () => {
  const moved = await control('POST', 'clock', { now: '2026-01-01T00:00:00Z', fixed: true });
  expect(moved.value).toMatchObject({ iso: '2026-01-01T00:00:00.000Z', fixedAt: Date.UTC(2026, 0, 1) });
  await control('POST', 'clock', { advanceMs: 300_000 });
  expect((await control('GET', 'clock')).value.iso).toBe('2026-01-01T00:05:00.000Z');
  await control('POST', 'clock', { now: Date.UTC(2027, 0, 1) });
  expect(simulator.clock.state()).toEqual({
    now: Date.UTC(2027, 0, 1),
    offsetMs: Date.UTC(2027, 0, 1) - noon,
    fixedAt: null,
  });
  await control('POST', 'clock', { reset: true });
  expect(simulator.clock.now()).toBe(noon);
  expect((await control('POST', 'clock', { now: 'soon' })).status).toBe(400);
});

test('the call log tells who called what, and no secret', async () => {
  const role = simulator.world.addRole({
    accountId: customerId,
    name: 'monitor',
    trustPolicy: trust({ AWS: gatewayId }),
    permissionPolicy: allow('*'),
  });
  const Policy = JSON.stringify(allow('*'));
  const keys = await assumeRole(simulator, {
    RoleArn: role.arn,
    RoleSessionName: 'audit-me',
    ExternalId: 'some-id',
    Policy,
  });
  const cloudWatch = new CloudWatchClient(clientConfig(simulator, keys));
  const Metric = { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' };
  const query = (Id: string) => ({ Id, MetricStat: { Metric, Period: 300, Stat: 'Average' } });
  const window = { StartTime: new Date(noon - 3_600_000), EndTime: new Date(noon) };
  await cloudWatch.send(new GetMetricDataCommand({ MetricDataQueries: [query('a'), query('b')], ...window }));
  await errorOf(cloudWatch.send(new GetMetricDataCommand({ MetricDataQueries: [], ...window })));

  const { value } = await control('GET', 'calls');
  const durationMs = expect.any(Number);
  expect(value.counts).toEqual({ 'cloudwatch:GetMetricData': 2, 'sts:AssumeRole': 1 });
  expect(value.calls).toEqual([
    {
      sequence: 1,
      at: noon,
      service: 'sts',
      action: 'AssumeRole',
      region,
      accountId: gatewayId,
      accessKeyId: 'AKIAGATEWAY000000000',
      sessionName: null,
      externalId: 'some-id',
      roleArn: role.arn,
      sessionPolicy: Policy,
      issuedAccessKeyId: keys.accessKeyId,
      status: 200,
      errorCode: null,
      durationMs,
    },
    {
      sequence: 2,
      at: noon,
      service: 'cloudwatch',
      action: 'GetMetricData',
      region,
      accountId: customerId,
      accessKeyId: keys.accessKeyId,
      sessionName: 'audit-me',
      roleArn: role.arn,
      points: 24,
      queries: 2,
      status: 200,
      errorCode: null,
      durationMs,
    },
    expect.objectContaining({ queries: 0, status: 400, errorCode: 'ValidationError' }),
  ]);
  for (const secret of [keys.secretAccessKey, keys.sessionToken, 'gateway-secret']) {
    expect(JSON.stringify(value)).not.toContain(secret);
  }
  expect((await control('GET', 'calls?service=sts')).value.calls).toHaveLength(1);
  expect((await control('GET', `calls?since=${noon + 1}`)).value.calls).toEqual([]);
  const read = async (filter: string) => (await control('GET', `calls?${filter}`)).value.calls.length;
  expect([await read(`accessKeyId=${keys.accessKeyId}`), await read(`roleArn=${role.arn}`)]).toEqual([2, 3]);
  expect(value.mark).toBe(3);
  expect([await read('after=2'), await read('after=3')]).toEqual([1, 0]);
  expect((await control('DELETE', 'calls')).value).toEqual({ counts: {}, calls: [] });
});

test('a role is changed where it stands: trust variants and revocation', async () => {
  const rolePath = `accounts/${customerId}/roles/team/monitor`;
  const externalId = '6e8b7c1a-7c31-4f0e-9d7e-1b1f3f8f5a10';
  const { value: role } = await control('PUT', rolePath, {
    trustPolicy: trust({ AWS: gatewayId }, { StringEquals: { 'sts:ExternalId': externalId } }),
    permissionPolicy: allow('ec2:*'),
  });
  const RoleArn = role.arn;
  const keys = await assumeRole(simulator, { RoleArn, ExternalId: externalId });
  await expect(errorOf(assumeRole(simulator, { RoleArn }))).resolves.toMatchObject({ code: 'AccessDenied' });

  expect((await control('POST', rolePath, { trustVariant: 'noCondition' })).status).toBe(200);
  await assumeRole(simulator, { RoleArn });
  await control('POST', rolePath, { trustVariant: 'exact' });
  await expect(errorOf(assumeRole(simulator, { RoleArn }))).resolves.toMatchObject({ code: 'AccessDenied' });

  const ec2 = new EC2Client(clientConfig(simulator, keys));
  await ec2.send(new DescribeInstancesCommand({}));
  await control('POST', rolePath, { revokeSessionsBefore: new Date(noon + 1).toISOString() });
  await expect(errorOf(ec2.send(new DescribeInstancesCommand({})))).resolves.toMatchObject({ status: 403 });
  const { value } = await control('POST', rolePath, { inlinePolicies: { AWSRevokeOlderSessions: null } });
  expect(value).toMatchObject({ attachedPolicies: [], trustVariant: 'exact', maxSessionDuration: 3_600 });
  await ec2.send(new DescribeInstancesCommand({}));

  expect(await control('POST', rolePath, { trustVariant: 'loose' })).toMatchObject({ status: 400 });
  expect((await control('POST', `accounts/${customerId}/roles/nobody`, {})).status).toBe(404);
});

test('the switches of STS', async () => {
  const before = { sessionPolicyRequired: false, packedPolicyLimit: 2_048 };
  expect((await control('GET', 'sts')).value).toEqual(before);
  const turned = await control('POST', 'sts', { sessionPolicyRequired: true });
  expect(turned.value).toEqual({ ...before, sessionPolicyRequired: true });
  expect(simulator.sts.sessionPolicyRequired).toBe(true);
  expect((await control('POST', 'sts', { packedPolicyLimit: 0 })).status).toBe(400);
  const other = await startSimulator({ sts: { packedPolicyLimit: 100 } });
  expect(other.sts).toEqual({ ...before, packedPolicyLimit: 100 });
  await other.close();
});

test('an account of another partition, and one that has switched STS off', async () => {
  const id = '333333333333';
  const { value } = await control('PUT', `accounts/${id}`, {
    enabledRegions: ['us-gov-west-1'],
    stsDisabledRegions: ['us-gov-east-1'],
  });
  expect(value).toMatchObject({ partition: 'aws-us-gov', stsDisabledRegions: ['us-gov-east-1'] });
  expect((await control('PUT', `accounts/${id}/regions/us-gov-east-1`)).value.enabledRegions).toEqual([
    'us-gov-west-1',
    'us-gov-east-1',
  ]);
  expect((await control('PUT', `accounts/${id}/regions/eu-west-1`)).status).toBe(400);
  expect((await control('PUT', `accounts/${id}`, { enabledRegions: ['us-east-1'] })).status).toBe(400);
  expect((await control('PUT', `accounts/${id}`, { partition: 'aws' })).status).toBe(400);
});

test('a KMS key is made, changed and listed without its material', async () => {
  const path = `accounts/${customerId}/regions/${region}/kms-keys`;
  const made = await control('PUT', `${path}/1234`, { aliases: ['alias/rolecall'] });
  expect(made.value).toMatchObject({
    Arn: `arn:aws:kms:${region}:${customerId}:key/1234`,
    KeyState: 'Enabled',
    material: {},
  });
  const changed = await control('PUT', `${path}/1234`, { state: 'Disabled' });
  expect(changed.value).toMatchObject({ KeyState: 'Disabled', aliases: ['alias/rolecall'] });
  expect((await control('GET', path)).value['kms-keys']).toEqual([changed.value]);
  expect((await control('PUT', `${path}/5678`, { aliases: ['rolecall'] })).status).toBe(400);
  expect((await control('DELETE', `${path}/1234`)).value).toEqual({ removed: true });
});

test('the oracle answers over HTTP as in the process', async () => {
  const { InstanceId } = simulator.world.addInstance({ accountId: customerId, region });
  const query = {
    accountId: customerId,
    region,
    namespace: 'AWS/EC2',
    metricName: 'CPUUtilization',
    statistic: 'p90',
  };
  const parameters = new URLSearchParams({
    ...query,
    dimension: `InstanceId=${InstanceId}`,
    timestamp: String(noon),
  });
  const expected = simulator.oracle.metricValue({
    ...query,
    dimensions: [{ Name: 'InstanceId', Value: InstanceId }],
    period: 300,
    timestamp: noon,
  });
  expect(expected).toBeGreaterThan(0);
  expect((await control('GET', `oracle?${parameters}`)).value).toEqual({ value: expected });
  parameters.set('statistic', 'Median');
  expect(await control('GET', `oracle?${parameters}`)).toEqual({
    status: 400,
    value: { error: 'Unknown statistic: Median' },
  });
});

test.each([
  ['GET', 'nothing', undefined, 404],
  ['PATCH', 'health', undefined, 404],
  ['PUT', 'accounts/12', {}, 400],
  ['PUT', `accounts/${customerId}`, { enabledRegions: ['mars-north-1'] }, 400],
  ['PUT', `accounts/${customerId}/roles/x`, {}, 400],
  ['PUT', `accounts/${customerId}/roles/x`, { trustPolicy: { Statement: [] } }, 400],
  ['PUT', `accounts/${customerId}/roles/x`, { trustPolicy: trust('*'), maxSessionDuration: 900 }, 400],
  ['PUT', `accounts/${customerId}/roles/x`, { trustPolicy: trust('*'), attachedPolicies: ['x'] }, 400],
  ['POST', 'sts', { sessionPolicyRequired: 'no' }, 400],
  ['GET', `accounts/${customerId}/regions/${region}/buckets`, undefined, 404],
  ['POST', 'faults', { kind: 'flood' }, 400],
  ['POST', 'faults', [], 400],
  ['GET', 'oracle', undefined, 400],
])('%s %s is refused', async (method, path, body, status) => {
  await expect(control(method, path, body)).resolves.toEqual({
    status,
    value: { error: expect.any(String) },
  });
});

test('two simulators live side by side', async () => {
  const other = await startSimulator();
  try {
    expect(other.port).not.toBe(simulator.port);
    expect(other.world.account(demoAccountIds.shop)).toBeDefined();
    expect(simulator.world.account(demoAccountIds.shop)).toBeUndefined();
    await expect(startSimulator({ port: other.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  } finally {
    await other.close();
  }
});

test('the command takes its port and says how to use it', async () => {
  const lines: string[] = [];
  const started = await runSimulator(0, (line) => lines.push(line));
  try {
    expect(lines.join('\n')).toContain(`AWS_ENDPOINT_URL=${started.url}`);
  } finally {
    await started.stop();
  }
});

test('metrics fall silent for a while', async () => {
  const quiet = { namespace: 'AWS/EC2', metricName: 'NetworkIn', from: '2026-06-10T10:00:00Z', to: noon };
  const path = `accounts/${customerId}/regions/${region}/quiet-times`;
  expect(await control('POST', path, quiet)).toMatchObject({ status: 200 });
  const from = Date.UTC(2026, 5, 10, 10);
  expect((await control('GET', 'quiet-times')).value.quietTimes).toEqual([
    { ...quiet, accountId: customerId, region, from },
  ]);
  expect(await control('POST', path, { from: 0, to: 1 })).toMatchObject({ status: 400 });
  await control('DELETE', 'quiet-times');
  expect(simulator.world.quietTimes).toEqual([]);
});
