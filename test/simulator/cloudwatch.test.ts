import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Simulator } from '../../src/simulator';
import { clientConfig, customerId, errorOf, noon, region, startTestSimulator } from './harness';

const place = { accountId: customerId, region };
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let simulator: Simulator;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  simulator = await startTestSimulator();
  cloudWatch = new CloudWatchClient(clientConfig(simulator));
});
afterEach(() => simulator.close());

/** A query for a metric of an instance. */
function query(
  InstanceId: string,
  more: { id?: string; name?: string; period?: number; stat?: string } = {},
): MetricDataQuery {
  return {
    Id: more.id ?? 'm0',
    MetricStat: {
      Metric: {
        Namespace: 'AWS/EC2',
        MetricName: more.name ?? 'CPUUtilization',
        Dimensions: [{ Name: 'InstanceId', Value: InstanceId }],
      },
      Period: more.period ?? 300,
      Stat: more.stat ?? 'Average',
    },
  };
}

function getMetricData(
  MetricDataQueries: MetricDataQuery[],
  start: number,
  end: number,
  more: Partial<GetMetricDataCommandInput> = {},
): Promise<GetMetricDataCommandOutput> {
  const window = { StartTime: new Date(start), EndTime: new Date(end) };
  return cloudWatch.send(
    new GetMetricDataCommand({ MetricDataQueries, ScanBy: 'TimestampAscending', ...window, ...more }),
  );
}

async function onePointSet(...args: Parameters<typeof getMetricData>): Promise<MetricDataResult> {
  const { MetricDataResults } = await getMetricData(...args);
  expect(MetricDataResults).toHaveLength(1);
  return MetricDataResults![0];
}

function instance(detailedMonitoring = true): string {
  return simulator.world.addInstance({ ...place, detailedMonitoring }).InstanceId;
}

function truth(
  InstanceId: string,
  timestamp: number,
  more: { statistic?: string; period?: number; metricName?: string; asOf?: number } = {},
): number | null {
  return simulator.oracle.metricValue({
    ...place,
    namespace: 'AWS/EC2',
    metricName: 'CPUUtilization',
    dimensions: [{ Name: 'InstanceId', Value: InstanceId }],
    statistic: 'Average',
    period: 300,
    timestamp,
    ...more,
  });
}

describe('GetMetricData: values', () => {
  test('every point is the oracle’s; start is inclusive, end exclusive', async () => {
    const id = instance();
    const { Id, Label, StatusCode, Timestamps, Values } = await onePointSet([query(id)], noon - hour, noon);
    expect({ Id, Label, StatusCode }).toEqual({ Id: 'm0', Label: 'CPUUtilization', StatusCode: 'Complete' });
    expect(Timestamps).toHaveLength(12);
    expect(Timestamps![0]).toEqual(new Date(noon - hour));
    expect(Timestamps!.at(-1)).toEqual(new Date(noon - 5 * minute));
    expect(Values).toEqual(Timestamps!.map((at) => truth(id, at.getTime())));
    expect(new Set(Values).size).toBeGreaterThan(6);
  });

  test('newest first unless asked otherwise', async () => {
    const id = instance();
    const newestFirst = await onePointSet([query(id)], noon - hour, noon, { ScanBy: undefined });
    const oldestFirst = await onePointSet([query(id)], noon - hour, noon);
    expect(newestFirst.Timestamps).toEqual([...oldestFirst.Timestamps!].reverse());
    expect(newestFirst.Values).toEqual([...oldestFirst.Values!].reverse());
  });

  test('the running period is told from the minutes that have ended, and revised later', async () => {
    const id = instance();
    simulator.clock.fix(noon + 2.5 * minute);
    const early = await onePointSet([query(id)], noon, noon + 10 * minute);
    expect(early.Timestamps).toEqual([new Date(noon)]);
    expect(early.Values).toEqual([truth(id, noon, { asOf: noon + 2 * minute })]);
    simulator.clock.fix(noon + 5 * minute);
    const late = await onePointSet([query(id)], noon, noon + 10 * minute);
    expect(late.Values).toEqual([truth(id, noon)]);
    expect(late.Values).not.toEqual(early.Values);
  });

  test('basic monitoring publishes every five minutes, when they have ended', async () => {
    const id = instance(false);
    simulator.clock.fix(noon + 4 * minute);
    const running = await onePointSet([query(id)], noon - 5 * minute, noon + 10 * minute);
    expect(running.Timestamps).toEqual([new Date(noon - 5 * minute)]);
    const minutely = await onePointSet([query(id, { period: 60 })], noon - 10 * minute, noon);
    expect(minutely.Timestamps).toEqual([new Date(noon - 10 * minute), new Date(noon - 5 * minute)]);
    const checks = await onePointSet(
      [query(id, { name: 'StatusCheckFailed', period: 60 })],
      noon - 10 * minute,
      noon,
    );
    expect(checks.Timestamps).toHaveLength(10);
  });

  test('what is not published is an empty, complete result', async () => {
    const stopped = simulator.world.addInstance({ ...place, state: 'stopped' }).InstanceId;
    const modern = simulator.world.addInstance({ ...place, instanceType: 'm7g.large' }).InstanceId;
    const queries = [
      query('i-unknown', { id: 'a' }),
      query(stopped, { id: 'b' }),
      query(modern, { id: 'c', name: 'CPUCreditBalance' }),
      query(modern, { id: 'd', name: 'NoSuchMetric' }),
    ];
    const { MetricDataResults } = await getMetricData(queries, noon - hour, noon);
    expect(MetricDataResults).toEqual(
      ['a', 'b', 'c', 'd'].map((Id) =>
        expect.objectContaining({ Id, StatusCode: 'Complete', Timestamps: [], Values: [] }),
      ),
    );
  });

  test('an unaligned window gives periods from its own start, rounded to the minute', async () => {
    const id = instance();
    const { Timestamps } = await onePointSet([query(id)], noon - 29 * minute - 30_000, noon - 20 * minute);
    expect(Timestamps).toEqual([new Date(noon - 30 * minute), new Date(noon - 25 * minute)]);
    const shifted = await onePointSet([query(id)], noon - 28 * minute, noon - 20 * minute);
    expect(shifted.Timestamps![0]).toEqual(new Date(noon - 28 * minute));
    expect(shifted.Values![0]).toBe(truth(id, noon - 28 * minute));
  });
});

describe('GetMetricData: rules', () => {
  test('500 queries, not 501', async () => {
    const id = instance();
    const queries = Array.from({ length: 501 }, (_, i) => query(id, { id: `q${i}` }));
    const { MetricDataResults } = await getMetricData(queries.slice(1), noon - hour, noon);
    expect(MetricDataResults).toHaveLength(500);
    await expect(errorOf(getMetricData(queries, noon - hour, noon))).resolves.toEqual({
      name: 'ValidationException',
      code: 'ValidationError',
      status: 400,
      message: 'The collection MetricDataQueries must not have a size greater than 500.',
    });
  });

  test.each<[string, MetricDataQuery[], number, number, Partial<GetMetricDataCommandInput>]>([
    ['no queries', [], noon - hour, noon, {}],
    ['an id in capitals', [query('i-1', { id: 'M0' })], noon - hour, noon, {}],
    ['an id twice', [query('i-1'), query('i-2')], noon - hour, noon, {}],
    ['an expression', [{ Id: 'e1', Expression: 'm0 * 2' }], noon - hour, noon, {}],
    ['an unknown statistic', [query('i-1', { stat: 'Median' })], noon - hour, noon, {}],
    ['a period of 90 s', [query('i-1', { period: 90 })], noon - hour, noon, {}],
    ['start = end', [query('i-1')], noon, noon, {}],
    ['a page of 100,801', [query('i-1')], noon - hour, noon, { MaxDatapoints: 100_801 }],
  ])('refused: %s', async (_name, queries, start, end, more) => {
    const { code, status } = await errorOf(getMetricData(queries, start, end, more));
    expect({ code, status }).toEqual({ code: 'ValidationError', status: 400 });
  });

  test.each<[string, number, number, boolean]>([
    ['60 s at 15 days', 60, 15 * day, true],
    ['60 s beyond 15 days', 60, 15 * day + 1000, false],
    ['300 s beyond 15 days', 300, 15 * day + 1000, true],
    ['300 s at 63 days', 300, 63 * day, true],
    ['300 s beyond 63 days', 300, 63 * day + 1000, false],
    ['3,600 s beyond 63 days', 3_600, 63 * day + 1000, true],
  ])('%s', async (_name, period, age, isAccepted) => {
    const id = instance();
    const call = getMetricData([query(id, { period })], noon - age, noon - age + 2 * hour);
    if (!isAccepted) return expect(errorOf(call)).resolves.toMatchObject({ code: 'ValidationError' });
    const { MetricDataResults } = await call;
    const first = MetricDataResults![0].Timestamps![0].getTime();
    // The older the start, the coarser it is rounded: to the minute, five minutes, the hour.
    const grain = age > 63 * day ? hour : age > 15 * day ? 5 * minute : minute;
    expect(first).toBe(Math.floor((noon - age) / grain) * grain);
  });

  test('nothing is kept beyond 455 days', async () => {
    const id = instance();
    const { Timestamps } = await onePointSet(
      [query(id, { period: 3_600 })],
      noon - 456 * day,
      noon - 454 * day,
    );
    expect(Timestamps).toHaveLength(24);
    expect(Timestamps![0]).toEqual(new Date(noon - 455 * day));
  });
});

describe('GetMetricData: pages', () => {
  test('100,800 points a page; the rest comes under the same Id', async () => {
    const ids = [instance(), instance(), instance()];
    const queries = ids.flatMap((id, i) => [
      query(id, { id: `avg${i}`, period: 60 }),
      query(id, { id: `max${i}`, period: 60, stat: 'Maximum' }),
    ]);
    const window: [number, number] = [noon - 14 * day + hour, noon];
    const pointsEach = (14 * 24 - 1) * 60;
    const first = await getMetricData(queries, ...window);
    const count = (page: GetMetricDataCommandOutput) =>
      page.MetricDataResults!.reduce((sum, { Values }) => sum + Values!.length, 0);
    expect(count(first)).toBe(100_800);
    expect(first.MetricDataResults!.at(-1)).toMatchObject({ Id: 'max2', StatusCode: 'PartialData' });
    // Pages of one call tell the same moment, however long the reader takes.
    simulator.clock.advance(hour);
    const second = await getMetricData(queries, ...window, { NextToken: first.NextToken });
    expect(count(second)).toBe(6 * pointsEach - 100_800);
    expect(second.NextToken).toBeUndefined();
    expect(second.MetricDataResults).toMatchObject([{ Id: 'max2', StatusCode: 'Complete' }]);
    const last = first.MetricDataResults!.at(-1)!;
    const joined = [...last.Timestamps!, ...second.MetricDataResults![0].Timestamps!];
    expect(joined).toHaveLength(pointsEach);
    expect(joined.every((at, i) => at.getTime() === window[0] + i * minute)).toBe(true);
  });

  test('a page that is exactly full is the last', async () => {
    const queries = Array.from({ length: 5 }, (_, i) => query(instance(), { id: `m${i}`, period: 60 }));
    const page = await getMetricData(queries, noon - 14 * day, noon);
    expect(page.MetricDataResults!.reduce((sum, { Values }) => sum + Values!.length, 0)).toBe(100_800);
    expect(page.NextToken).toBeUndefined();
  });

  test('small pages put together are the whole', async () => {
    const ids = [instance(), instance(), instance()];
    const queries = ids.map((id, i) => query(id, { id: `m${i}` }));
    const whole = await getMetricData(queries, noon - hour, noon);
    const merged = new Map<string, number[]>();
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await getMetricData(queries, noon - hour, noon, { MaxDatapoints: 5, NextToken });
      for (const { Id, Values } of page.MetricDataResults!)
        merged.set(Id!, [...(merged.get(Id!) ?? []), ...Values!]);
      NextToken = page.NextToken;
      pages++;
    } while (NextToken !== undefined);
    expect(pages).toBe(8);
    expect([...merged]).toEqual(whole.MetricDataResults!.map(({ Id, Values }) => [Id, Values]));
  });

  test('a foreign token', async () => {
    const call = getMetricData([query(instance())], noon - hour, noon, { NextToken: 'abc' });
    await expect(errorOf(call)).resolves.toMatchObject({
      name: 'InvalidNextToken',
      code: 'InvalidNextToken',
    });
  });
});

describe('ListMetrics', () => {
  async function list(
    input: ConstructorParameters<typeof ListMetricsCommand>[0],
  ): Promise<{ sizes: number[]; names: string[] }> {
    const sizes: number[] = [];
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await cloudWatch.send(new ListMetricsCommand({ ...input, NextToken }));
      sizes.push(page.Metrics!.length);
      names.push(
        ...page.Metrics!.map(
          (metric) => `${metric.MetricName} ${metric.Dimensions!.map(({ Value }) => Value).join()}`,
        ),
      );
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return { sizes, names };
  }

  test('500 a page', async () => {
    simulator.world.addInstances({ ...place, count: 60, instanceType: 'm7g.large' });
    const { sizes, names } = await list({ Namespace: 'AWS/EC2' });
    expect(sizes).toEqual([500, 500, 60 * 19 - 1_000]);
    expect(new Set(names).size).toBe(60 * 19);
  });

  test('by namespace, name, dimension name and dimension value', async () => {
    const id = instance();
    simulator.world.addDbInstance({ ...place, identifier: 'orders' });
    expect((await list({ MetricName: 'CPUUtilization' })).names).toEqual([
      `CPUUtilization ${id}`,
      'CPUUtilization orders',
    ]);
    expect((await list({ Namespace: 'AWS/RDS', MetricName: 'CPUUtilization' })).names).toEqual([
      'CPUUtilization orders',
    ]);
    const named = { MetricName: 'CPUUtilization', Dimensions: [{ Name: 'DBInstanceIdentifier' }] };
    expect((await list(named)).names).toEqual(['CPUUtilization orders']);
    const other = {
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'DBInstanceIdentifier', Value: 'other' }],
    };
    expect((await list(other)).names).toEqual([]);
  });

  test('what has stopped is listed, unless only the recently active is asked for', async () => {
    const stopped = simulator.world.addInstance({ ...place, state: 'stopped' }).InstanceId;
    const filter = { MetricName: 'CPUUtilization' };
    expect((await list(filter)).names).toEqual([`CPUUtilization ${stopped}`]);
    expect((await list({ ...filter, RecentlyActive: 'PT3H' })).names).toEqual([]);
  });

  test('a quiet metric has no points, is left out after three hours, and named again when it has gone on for a while', async () => {
    const { InstanceId } = simulator.world.addInstance(place);
    const [from, to] = [noon - 4 * hour, noon + hour];
    const quiet = { ...place, namespace: 'AWS/EC2', metricName: 'NetworkIn', resource: InstanceId, from, to };
    simulator.world.quietTimes.push(quiet);
    const active = async () => (await list({ RecentlyActive: 'PT3H' })).names;
    const { Values } = await onePointSet([query(InstanceId, { name: 'NetworkIn' })], from - hour, noon);
    expect(Values).toHaveLength(12);
    expect(await active()).toContain(`NetworkOut ${InstanceId}`);
    expect(await active()).not.toContain(`NetworkIn ${InstanceId}`);
    expect((await list({})).names).toContain(`NetworkIn ${InstanceId}`);
    quiet.from = noon - 2 * hour;
    expect(await active()).toContain(`NetworkIn ${InstanceId}`);
    quiet.from = from;
    quiet.to = noon - 10 * minute;
    expect(await active()).not.toContain(`NetworkIn ${InstanceId}`);
    quiet.to = noon - 20 * minute;
    expect(await active()).toContain(`NetworkIn ${InstanceId}`);
  });

  test('everything that is listed as active has points, and the other way round for kinds', async () => {
    const balancer = simulator.world.addLoadBalancer({ ...place, type: 'application', name: 'web' });
    simulator.world.addTargetGroup({ ...place, loadBalancerArn: balancer.LoadBalancerArn });
    for (const type of ['network', 'gateway'] as const) simulator.world.addLoadBalancer({ ...place, type });
    simulator.world.addClassicLoadBalancer(place);
    simulator.world.addDbInstance({ ...place, engine: 'aurora-mysql', clusterIdentifier: 'c' });
    instance();
    const { Metrics } = await cloudWatch.send(new ListMetricsCommand({}));
    expect(new Set(Metrics!.map(({ Namespace }) => Namespace))).toEqual(
      new Set(['AWS/EC2', 'AWS/RDS', 'AWS/ELB', 'AWS/ApplicationELB', 'AWS/NetworkELB', 'AWS/GatewayELB']),
    );
    const queries = Metrics!.map((Metric, i) => ({
      Id: `m${i}`,
      MetricStat: { Metric, Period: 300, Stat: 'Sum' },
    }));
    const { MetricDataResults } = await getMetricData(queries, noon - day, noon);
    const silent = MetricDataResults!.filter(({ Values }) => Values!.length === 0).map(({ Label }) => Label);
    // Errors are published only when there are some, which a calm day may not have.
    expect(
      silent.filter((label) => !/Error|Reject|Reset|Spillover|5\dX|5XX|4XX|_50|Flow/.test(label!)),
    ).toEqual([]);
  });
});

test('metrics of any service: found in any order of dimensions, daily ones too, by unit where it is known', async () => {
  const dimensions = [
    { Name: 'StorageType', Value: 'StandardStorage' },
    { Name: 'BucketName', Value: 'logs' },
  ];
  const daily = {
    ...place,
    namespace: 'AWS/S3',
    dimensions,
    names: ['BucketSizeBytes'],
    period: 86_400 as const,
  };
  simulator.world.publishMetrics(daily);
  const unitAt = (timestamp: number) => (timestamp < noon - hour ? 'Bytes' : 'Megabytes');
  simulator.world.publishMetrics({ ...place, namespace: 'App', dimensions: [], names: ['Size'], unitAt });
  const { Metrics } = await cloudWatch.send(new ListMetricsCommand({ Namespace: 'AWS/S3' }));
  expect(Metrics).toEqual([{ Namespace: 'AWS/S3', MetricName: 'BucketSizeBytes', Dimensions: dimensions }]);
  const metricStat = (metric: object, Period: number, more: object = {}) => [
    { Id: 'm0', MetricStat: { Metric: metric, Period, Stat: 'Average', ...more } },
  ];
  const bucket = {
    Namespace: 'AWS/S3',
    MetricName: 'BucketSizeBytes',
    Dimensions: [...dimensions].reverse(),
  };
  const midnight = noon - 12 * hour;
  const size = await onePointSet(metricStat(bucket, 86_400), midnight - 3 * day, noon);
  expect(size.Timestamps!.map((at) => at.getTime())).toEqual([3, 2, 1].map((ago) => midnight - ago * day));
  const app = { Namespace: 'App', MetricName: 'Size' };
  const count = async (more: object) =>
    (await onePointSet(metricStat(app, 300, more), noon - 2 * hour, noon)).Values!.length;
  expect([await count({}), await count({ Unit: 'Bytes' }), await count({ Unit: 'Seconds' })]).toEqual([
    24, 12, 0,
  ]);
});
