import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewFault, Simulator } from '../../src/simulator';
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

const minute = 60_000;

let simulator: Simulator;
let randomNumbers: number[];

beforeEach(async () => {
  randomNumbers = [];
  simulator = await startTestSimulator({ random: () => randomNumbers.shift() ?? 0 });
});
afterEach(() => simulator.close());

const describeInstances = (more: object = {}) =>
  new EC2Client({ ...clientConfig(simulator), ...more }).send(new DescribeInstancesCommand({}));
const describeDbInstances = () =>
  new RDSClient(clientConfig(simulator)).send(new DescribeDBInstancesCommand({}));

function getMetricData(
  ids: string[],
  start = noon - 60 * minute,
  end = noon,
): Promise<import('@aws-sdk/client-cloudwatch').GetMetricDataCommandOutput> {
  return new CloudWatchClient(clientConfig(simulator)).send(
    new GetMetricDataCommand({
      MetricDataQueries: queries(ids),
      StartTime: new Date(start),
      EndTime: new Date(end),
      ScanBy: 'TimestampAscending',
    }),
  );
}

function queries(ids: string[]) {
  return ids.map((InstanceId, i) => ({
    Id: `m${i}`,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Dimensions: [{ Name: 'InstanceId', Value: InstanceId }],
      },
      Period: 300,
      Stat: 'Average',
    },
  }));
}

function instanceIds(count: number): string[] {
  const input = { accountId: customerId, region, detailedMonitoring: true, count };
  return simulator.world.addInstances(input).map(({ InstanceId }) => InstanceId);
}

test('throttle: the code of each protocol', async () => {
  simulator.faults.add({ kind: 'throttle' });
  const errors = await Promise.all([
    errorOf(describeInstances()),
    errorOf(describeDbInstances()),
    errorOf(getMetricData(['i-1'])),
  ]);
  expect(errors.map(({ name, status }) => [name, status])).toEqual([
    ['RequestLimitExceeded', 503],
    ['Throttling', 400],
    ['ThrottlingException', 400],
  ]);
});

test('times: the SDK itself retries the first two and gets through', async () => {
  const rule = simulator.faults.add({ kind: 'throttle', match: { service: 'ec2' }, times: 2 });
  await describeInstances({ maxAttempts: 3, retryStrategy: undefined });
  expect(rule.hits).toBe(2);
  expect(simulator.calls.list({ service: 'ec2' }).map(({ status }) => status)).toEqual([503, 503, 200]);
});

test('match: service, action, Region, account and probability', async () => {
  const matches: NewFault['match'][] = [
    { service: 'rds' },
    { action: 'DescribeVolumes' },
    { region: 'us-east-1' },
    { accountId: gatewayId },
  ];
  for (const match of matches) simulator.faults.add({ kind: 'throttle', match });
  await describeInstances();
  simulator.faults.add({
    kind: 'throttle',
    match: { accountId: customerId, region, action: 'DescribeInstances', probability: 0.5 },
  });
  randomNumbers = [0.5, 0.49];
  await describeInstances();
  await expect(errorOf(describeInstances())).resolves.toMatchObject({ code: 'RequestLimitExceeded' });
});

test('match: AssumeRole belongs to the account of the role', async () => {
  const { arn: RoleArn } = simulator.world.addRole({
    accountId: customerId,
    name: 'monitor',
    trustPolicy: trust({ AWS: gatewayId }),
  });
  simulator.faults.add({
    kind: 'throttle',
    match: { action: 'AssumeRole', accountId: customerId },
    times: 1,
  });
  await expect(errorOf(assumeRole(simulator, { RoleArn }))).resolves.toMatchObject({ code: 'Throttling' });
  await assumeRole(simulator, { RoleArn });
});

test('error: status, code and message of your own, or an internal error', async () => {
  const own = simulator.faults.add({
    kind: 'error',
    status: 503,
    code: 'ServiceUnavailable',
    message: 'Later',
  });
  await expect(errorOf(describeDbInstances())).resolves.toEqual({
    name: 'ServiceUnavailable',
    code: 'ServiceUnavailable',
    status: 503,
    message: 'Later',
  });
  expect(simulator.faults.remove(own.id)).toBe(true);
  simulator.faults.add({ kind: 'error' });
  await expect(errorOf(describeDbInstances())).resolves.toMatchObject({
    code: 'InternalFailure',
    status: 500,
  });
});

test('delay', async () => {
  simulator.faults.add({ kind: 'delay', delayMs: 60 });
  const startedAt = performance.now();
  await describeInstances();
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59);
  expect(simulator.calls.list()[0].durationMs).toBeGreaterThanOrEqual(59);
});

test('hang: no answer until the client goes; close() ends it too', async () => {
  simulator.faults.add({ kind: 'hang' });
  const aborted = new AbortController();
  const patient = new EC2Client(clientConfig(simulator)).send(new DescribeInstancesCommand({}), {
    abortSignal: aborted.signal,
  });
  const outcome = Promise.race([errorOf(patient), sleep(80, 'waiting')]);
  await expect(outcome).resolves.toBe('waiting');
  aborted.abort();
  await expect(errorOf(patient)).resolves.toMatchObject({ name: 'AbortError' });
  const hanging = errorOf(describeInstances());
  while (simulator.calls.list().length < 2) await sleep(5);
  await simulator.close();
  await expect(hanging).resolves.toMatchObject({ status: undefined });
  expect(simulator.calls.list()[1]).toMatchObject({ status: 0, errorCode: 'Hang' });
});

test('drop: before the answer, or in the middle of its body', async () => {
  const rule = simulator.faults.add({ kind: 'drop' });
  await expect(errorOf(describeInstances())).resolves.toMatchObject({ status: undefined });
  simulator.faults.remove(rule.id);
  simulator.faults.add({ kind: 'drop', afterBytes: 20 });
  await expect(errorOf(describeInstances())).resolves.toMatchObject({
    message: expect.stringMatching(/aborted|terminated|ECONNRESET/),
  });
  expect(simulator.calls.list().map(({ status }) => status)).toEqual([0, 200]);
});

test('partialData: a share of the results is cut, under each code', async () => {
  const ids = instanceIds(4);
  const rule = simulator.faults.add({ kind: 'partialData', share: 0.5 });
  randomNumbers = [0.2, 0.7, 0.1, 0.9];
  const { MetricDataResults } = await getMetricData(ids);
  expect(MetricDataResults!.map(({ StatusCode, Values }) => [StatusCode, Values!.length])).toEqual([
    ['PartialData', 6],
    ['Complete', 12],
    ['PartialData', 6],
    ['Complete', 12],
  ]);
  simulator.faults.remove(rule.id);
  simulator.faults.add({ kind: 'partialData', statusCode: 'Forbidden' });
  const forbidden = await getMetricData(ids);
  expect(forbidden.MetricDataResults!.map(({ StatusCode, Values }) => [StatusCode, Values!.length])).toEqual(
    ids.map(() => ['Forbidden', 0]),
  );
});

test('denyAction: refused by name, the other actions work', async () => {
  simulator.faults.add({ kind: 'denyAction', match: { action: 'DescribeDBInstances' } });
  await expect(errorOf(describeDbInstances())).resolves.toMatchObject({
    code: 'AccessDenied',
    status: 403,
    message: expect.stringContaining('rds:DescribeDBInstances because no identity-based policy allows'),
  });
  await describeInstances();
});

test('latePoints: the newest points come later', async () => {
  const ids = instanceIds(1);
  const fault = simulator.faults.add({ kind: 'latePoints', lateSeconds: 600 });
  const late = await getMetricData(ids);
  simulator.faults.remove(fault.id);
  const whole = await getMetricData(ids);
  expect(late.MetricDataResults![0].Values).toHaveLength(10);
  expect(whole.MetricDataResults![0].Values).toHaveLength(12);
  expect(whole.MetricDataResults![0].Values!.slice(0, 10)).toEqual(late.MetricDataResults![0].Values);
});

test('expireSessions: those of the account, not later ones', async () => {
  const { arn: RoleArn } = simulator.world.addRole({
    accountId: customerId,
    name: 'monitor',
    trustPolicy: trust({ AWS: gatewayId }),
    permissionPolicy: allow('*'),
  });
  const identityOf = (keys: Awaited<ReturnType<typeof assumeRole>>) =>
    new STSClient(clientConfig(simulator, keys)).send(new GetCallerIdentityCommand({}));
  const keys = await assumeRole(simulator, { RoleArn });
  simulator.faults.add({ kind: 'expireSessions', match: { accountId: gatewayId } });
  await identityOf(keys);
  simulator.faults.add({ kind: 'expireSessions', match: { accountId: customerId } });
  await expect(errorOf(identityOf(keys))).resolves.toMatchObject({ code: 'ExpiredToken' });
  await identityOf(await assumeRole(simulator, { RoleArn }));
  expect(simulator.faults.list()).toEqual([]);
});

test('expireSessions onCall: before the call that it hits', async () => {
  const { arn: RoleArn } = simulator.world.addRole({
    accountId: customerId,
    name: 'monitor',
    trustPolicy: trust({ AWS: gatewayId }),
    permissionPolicy: allow('*'),
  });
  const keys = await assumeRole(simulator, { RoleArn });
  const match = { accountId: customerId, action: 'DescribeInstances' };
  simulator.faults.add({ kind: 'expireSessions', onCall: true, match, times: 1 });
  await new STSClient(clientConfig(simulator, keys)).send(new GetCallerIdentityCommand({}));
  const describe = () => new EC2Client(clientConfig(simulator, keys)).send(new DescribeInstancesCommand({}));
  await expect(errorOf(describe())).resolves.toMatchObject({ code: 'RequestExpired' });
});

test('quota: calls a second, each Region and action apart', async () => {
  simulator.faults.add({ kind: 'quota', callsPerSecond: 2 });
  await describeInstances();
  await describeInstances();
  await expect(errorOf(describeInstances())).resolves.toMatchObject({ code: 'RequestLimitExceeded' });
  await describeInstances({ region: 'us-east-1' });
  await describeDbInstances();
  simulator.clock.advance(500);
  await describeInstances();
  await expect(errorOf(describeInstances())).resolves.toMatchObject({ code: 'RequestLimitExceeded' });
});

test('quota: data points a second that are asked for', async () => {
  const rule = simulator.faults.add({ kind: 'quota', pointsPerSecond: 30 });
  await getMetricData(['i-1', 'i-2']);
  await expect(errorOf(getMetricData(['i-1']))).resolves.toMatchObject({ name: 'ThrottlingException' });
  simulator.clock.advance(1_000);
  await getMetricData(['i-1', 'i-2', 'i-3']);
  expect(rule.hits).toBe(1);
  expect(simulator.calls.list().map(({ points }) => points)).toEqual([24, 12, 36]);
});

test('reset: before the answer, or in the middle of its body', async () => {
  const rule = simulator.faults.add({ kind: 'reset' });
  await expect(errorOf(describeInstances())).resolves.toMatchObject({
    message: expect.stringMatching(/ECONNRESET|hang up/),
  });
  simulator.faults.remove(rule.id);
  simulator.faults.add({ kind: 'reset', afterBytes: 20 });
  await expect(errorOf(describeInstances())).resolves.toMatchObject({
    message: expect.stringMatching(/aborted|terminated|ECONNRESET/),
  });
});

test('drip: the body comes a byte at a time', async () => {
  simulator.faults.add({ kind: 'drip', everyMs: 1 });
  const startedAt = performance.now();
  const { Reservations } = await describeInstances();
  expect(Reservations).toEqual([]);
  expect(performance.now() - startedAt).toBeGreaterThan(100);
});

test.each([
  ['ahead', 16],
  ['behind', -16],
])(
  'checkDate: AWS is 16 minutes %s: signatures are refused until the SDK has seen AWS’s time',
  async (_way, minutes) => {
    simulator.clock.set(Date.now() + minutes * minute);
    simulator.faults.add({ kind: 'checkDate' });
    const errors = [
      errorOf(describeInstances()),
      errorOf(describeDbInstances()),
      errorOf(getMetricData(['i-1'])),
    ];
    expect((await Promise.all(errors)).map(({ code, name }) => code ?? name)).toEqual([
      'RequestExpired',
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
    ]);
    await describeInstances({ maxAttempts: 2 });
    simulator.clock.set(Date.now() + (minutes / 2) * minute);
    await describeInstances();
  },
);

test('pageSize: a result goes on under its Id on the next page', async () => {
  const ids = instanceIds(2);
  simulator.faults.add({ kind: 'pageSize', points: 18 });
  const { MetricDataResults, NextToken } = await getMetricData(ids);
  const told = (results: typeof MetricDataResults) =>
    results!.map(({ Id, StatusCode, Values }) => [Id, StatusCode, Values!.length]);
  expect(told(MetricDataResults)).toEqual([
    ['m0', 'Complete', 12],
    ['m1', 'PartialData', 6],
  ]);
  const next = simulator.faults.add({ kind: 'error', match: { nextPage: true } });
  await getMetricData(ids);
  expect(next.hits).toBe(0);
  const input = {
    MetricDataQueries: queries(ids),
    StartTime: new Date(noon - 60 * minute),
    EndTime: new Date(noon),
  };
  const page = () =>
    new CloudWatchClient(clientConfig(simulator)).send(
      new GetMetricDataCommand({ ...input, NextToken, ScanBy: 'TimestampAscending' }),
    );
  await expect(errorOf(page())).resolves.toMatchObject({ name: 'InternalFailure' });
  simulator.faults.remove(next.id);
  expect(told((await page()).MetricDataResults)).toEqual([['m1', 'Complete', 6]]);
});

test('rejectMetric, and partialData of one metric', async () => {
  const ids = instanceIds(1);
  simulator.faults.add({ kind: 'partialData', metricName: 'NetworkIn', statusCode: 'Forbidden' });
  const { MetricDataResults } = await getMetricData(ids);
  expect(MetricDataResults![0].StatusCode).toBe('Complete');
  simulator.faults.add({ kind: 'rejectMetric', metricName: 'CPUUtilization' });
  await expect(errorOf(getMetricData(ids))).resolves.toMatchObject({ code: 'ValidationError', status: 400 });
});

test('futurePoints and offGridPoints', async () => {
  const ids = instanceIds(1);
  const future = simulator.faults.add({ kind: 'futurePoints', count: 2 });
  const times = async () =>
    (await getMetricData(ids)).MetricDataResults![0].Timestamps!.map((at) => (at.getTime() - noon) / minute);
  expect((await times()).slice(-3)).toEqual([-5, 0, 5]);
  simulator.faults.remove(future.id);
  simulator.faults.add({ kind: 'offGridPoints', shiftSeconds: 60 });
  expect((await times()).slice(-2)).toEqual([-9, -4]);
});

test('an unknown kind is refused', () => {
  expect(() => simulator.faults.add({ kind: 'flood' } as unknown as NewFault)).toThrow(
    'Unknown fault kind: flood',
  );
});
