import { DescribeInstancesCommand, DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as classic from '@aws-sdk/client-elastic-load-balancing';
import * as v2 from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeDBInstancesCommand, ListTagsForResourceCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Simulator } from '../../src/simulator';
import { allow, clientConfig, customerId, errorOf, gatewayKeys, region, startTestSimulator } from './harness';

const place = { accountId: customerId, region };

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startTestSimulator();
});
afterEach(() => simulator.close());

/** All pages of a listing, as their sizes and one list. */
async function readPages<T>(
  read: (token: string | undefined) => Promise<{ items: T[] | undefined; next: string | undefined }>,
): Promise<{ sizes: number[]; all: T[] }> {
  const sizes: number[] = [];
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items = [], next } = await read(token);
    sizes.push(items.length);
    all.push(...items);
    token = next;
  } while (token !== undefined);
  return { sizes, all };
}

describe('EC2', () => {
  test('a dry run tells whether the call is allowed, and answers no more', async () => {
    const keys = { accessKeyId: 'AKIAREGIONS000000000', secretAccessKey: 'regions' };
    const permissionPolicy = allow('ec2:DescribeRegions');
    simulator.world.addUser({ accountId: customerId, name: 'regions', permissionPolicy, ...keys });
    const limited = new EC2Client(clientConfig(simulator, keys));
    const dryRuns = await Promise.all([
      errorOf(ec2.send(new DescribeInstancesCommand({ DryRun: true }))),
      errorOf(limited.send(new DescribeRegionsCommand({ DryRun: true }))),
      errorOf(limited.send(new DescribeInstancesCommand({ DryRun: true }))),
    ]);
    expect(dryRuns.map(({ name, status }) => [name, status])).toEqual([
      ['DryRunOperation', 412],
      ['DryRunOperation', 412],
      ['UnauthorizedOperation', 403],
    ]);
    await limited.send(new DescribeRegionsCommand({ DryRun: false }));
  });

  let ec2: EC2Client;
  beforeEach(() => {
    ec2 = new EC2Client(clientConfig(simulator));
  });

  test('DescribeInstances tells every field and escapes tags', async () => {
    const tags = { env: 'a<b>&"c"', note: ' line\nbreak ' };
    const { InstanceId } = simulator.world.addInstance({
      ...place,
      name: 'web',
      tags,
      instanceType: 'm7g.large',
      detailedMonitoring: true,
      state: 'stopped',
    });
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
    expect(Reservations).toHaveLength(1);
    expect(Reservations![0]).toMatchObject({ OwnerId: customerId });
    expect(Reservations![0].Instances![0]).toMatchObject({
      InstanceId,
      InstanceType: 'm7g.large',
      Architecture: 'arm64',
      State: { Code: 80, Name: 'stopped' },
      Monitoring: { State: 'enabled' },
      Placement: { AvailabilityZone: expect.stringMatching(/^eu-west-1[abc]$/) },
      LaunchTime: new Date('2024-03-04T09:12:00Z'),
      Tags: [
        { Key: 'Name', Value: 'web' },
        { Key: 'env', Value: 'a<b>&"c"' },
        { Key: 'note', Value: ' line\nbreak ' },
      ],
    });
  });

  test('DescribeInstances comes in pages, of 1,000 at most', async () => {
    const instances = simulator.world.addInstances({ ...place, count: 1_012 });
    const read = (MaxResults?: number) =>
      readPages(async (NextToken) => {
        const page = await ec2.send(new DescribeInstancesCommand({ MaxResults, NextToken }));
        return { items: page.Reservations?.flatMap((item) => item.Instances ?? []), next: page.NextToken };
      });
    const byDefault = await read();
    expect(byDefault.sizes).toEqual([1_000, 12]);
    expect(byDefault.all.map(({ InstanceId }) => InstanceId)).toEqual(
      instances.map(({ InstanceId }) => InstanceId),
    );
    expect((await read(500)).sizes).toEqual([500, 500, 12]);
    expect((await read(506)).sizes).toEqual([506, 506]);
  });

  test.each<[string, object, string]>([
    ['a page too small', { MaxResults: 4 }, 'InvalidParameterValue'],
    ['a page too large', { MaxResults: 1_001 }, 'InvalidParameterValue'],
    ['a foreign token', { NextToken: 'abc' }, 'InvalidNextToken'],
    ['a filter', { Filters: [{ Name: 'vpc-id', Values: ['x'] }] }, 'InvalidParameterValue'],
    ['an unknown id', { InstanceIds: ['i-0123'] }, 'InvalidInstanceID.NotFound'],
  ])('DescribeInstances refuses %s', async (_name, input, code) => {
    await expect(errorOf(ec2.send(new DescribeInstancesCommand(input)))).resolves.toMatchObject({
      code,
      status: 400,
    });
  });

  test('an account sees its own instances, of one Region', async () => {
    simulator.world.addInstance(place);
    const own = await ec2.send(new DescribeInstancesCommand({}));
    const elsewhere = new EC2Client({ ...clientConfig(simulator), region: 'us-east-1' });
    const foreign = new EC2Client(clientConfig(simulator, gatewayKeys));
    expect(own.Reservations).toHaveLength(1);
    expect((await elsewhere.send(new DescribeInstancesCommand({}))).Reservations).toHaveLength(0);
    expect((await foreign.send(new DescribeInstancesCommand({}))).Reservations).toHaveLength(0);
  });

  test('DescribeRegions tells enabled Regions, or all with their opt-in status', async () => {
    simulator.world.account(customerId)!.enabledRegions.add('me-south-1');
    const enabled = await ec2.send(new DescribeRegionsCommand({}));
    expect(enabled.Regions!.map(({ RegionName, OptInStatus }) => [RegionName, OptInStatus])).toEqual([
      ['us-east-1', 'opt-in-not-required'],
      ['eu-west-1', 'opt-in-not-required'],
      ['me-south-1', 'opted-in'],
    ]);
    const all = await ec2.send(new DescribeRegionsCommand({ AllRegions: true }));
    expect(all.Regions!.length).toBeGreaterThan(25);
    expect(all.Regions).toContainEqual(
      expect.objectContaining({ RegionName: 'af-south-1', OptInStatus: 'not-opted-in' }),
    );
  });
});

describe('RDS', () => {
  test('DescribeDBInstances tells fields and tags, and ListTagsForResource the same tags', async () => {
    const rds = new RDSClient(clientConfig(simulator));
    simulator.world.addDbInstance({
      ...place,
      identifier: 'orders-1',
      engine: 'aurora-postgresql',
      clusterIdentifier: 'orders',
      tags: { team: 'checkout' },
    });
    simulator.world.addDbInstance({ ...place, identifier: 'plain' });
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({}));
    expect(DBInstances).toMatchObject([
      {
        DBInstanceIdentifier: 'orders-1',
        DBInstanceArn: `arn:aws:rds:${region}:${customerId}:db:orders-1`,
        DBClusterIdentifier: 'orders',
        Engine: 'aurora-postgresql',
        DBInstanceStatus: 'available',
        MultiAZ: false,
        Endpoint: { Port: 5432 },
        TagList: [{ Key: 'team', Value: 'checkout' }],
      },
      { DBInstanceIdentifier: 'plain', AllocatedStorage: 100, TagList: [] },
    ]);
    const ResourceName = DBInstances![0].DBInstanceArn;
    const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName }));
    expect(TagList).toEqual([{ Key: 'team', Value: 'checkout' }]);
  });

  test('pages hold 100 by default, 20 at least', async () => {
    const rds = new RDSClient(clientConfig(simulator));
    for (let i = 0; i < 123; i++) simulator.world.addDbInstance(place);
    const read = (MaxRecords?: number) =>
      readPages(async (Marker) => {
        const page = await rds.send(new DescribeDBInstancesCommand({ MaxRecords, Marker }));
        return { items: page.DBInstances, next: page.Marker };
      });
    const { sizes, all } = await read();
    expect(sizes).toEqual([100, 23]);
    expect(new Set(all.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier)).size).toBe(123);
    expect((await read(50)).sizes).toEqual([50, 50, 23]);
    const codes = [
      { MaxRecords: 19 },
      { MaxRecords: 101 },
      { Marker: 'x' },
      { DBInstanceIdentifier: 'none' },
      { Filters: [{ Name: 'engine', Values: ['x'] }] },
    ].map(async (input) => (await errorOf(rds.send(new DescribeDBInstancesCommand(input)))).code);
    await expect(Promise.all(codes)).resolves.toEqual([
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'DBInstanceNotFound',
      'InvalidParameterValue',
    ]);
  });
});

describe('Elastic Load Balancing', () => {
  test('classic: descriptions, pages and tags', async () => {
    const elb = new classic.ElasticLoadBalancingClient(clientConfig(simulator));
    for (let i = 0; i < 5; i++) {
      simulator.world.addClassicLoadBalancer({
        ...place,
        name: `lb-${i}`,
        instanceIds: ['i-1'],
        tags: { n: String(i) },
      });
    }
    const { sizes, all } = await readPages(async (Marker) => {
      const page = await elb.send(new classic.DescribeLoadBalancersCommand({ PageSize: 2, Marker }));
      return { items: page.LoadBalancerDescriptions, next: page.NextMarker };
    });
    expect(sizes).toEqual([2, 2, 1]);
    expect(all[4]).toMatchObject({
      LoadBalancerName: 'lb-4',
      AvailabilityZones: ['eu-west-1a', 'eu-west-1b'],
      Instances: [{ InstanceId: 'i-1' }],
      ListenerDescriptions: [{ Listener: { LoadBalancerPort: 80 } }],
    });
    const tags = await elb.send(new classic.DescribeTagsCommand({ LoadBalancerNames: ['lb-3', 'lb-0'] }));
    expect(tags.TagDescriptions).toEqual([
      { LoadBalancerName: 'lb-3', Tags: [{ Key: 'n', Value: '3' }] },
      { LoadBalancerName: 'lb-0', Tags: [{ Key: 'n', Value: '0' }] },
    ]);
    const tooMany = Array.from({ length: 21 }, () => 'lb-0');
    await expect(
      errorOf(elb.send(new classic.DescribeTagsCommand({ LoadBalancerNames: tooMany }))),
    ).resolves.toMatchObject({ code: 'ValidationError' });
    await expect(
      errorOf(elb.send(new classic.DescribeLoadBalancersCommand({ LoadBalancerNames: ['none'] }))),
    ).resolves.toMatchObject({ code: 'LoadBalancerNotFound' });
    await expect(
      errorOf(elb.send(new classic.DescribeLoadBalancersCommand({ PageSize: 401 }))),
    ).resolves.toMatchObject({ code: 'ValidationError' });
  });

  test('the newer API: the three types, target groups, pages and tags', async () => {
    const elb = new v2.ElasticLoadBalancingV2Client(clientConfig(simulator));
    const types = ['application', 'network', 'gateway'] as const;
    const balancers = types.map((type) =>
      simulator.world.addLoadBalancer({ ...place, type, name: type, tags: { type } }),
    );
    for (const { LoadBalancerArn: loadBalancerArn } of balancers) {
      for (let i = 0; i < 2; i++)
        simulator.world.addTargetGroup({ ...place, loadBalancerArn, tags: { i: String(i) } });
    }
    const { sizes, all } = await readPages(async (Marker) => {
      const page = await elb.send(new v2.DescribeLoadBalancersCommand({ PageSize: 2, Marker }));
      return { items: page.LoadBalancers, next: page.NextMarker };
    });
    expect(sizes).toEqual([2, 1]);
    expect(all.map(({ Type }) => Type)).toEqual([...types]);
    expect(all.map(({ LoadBalancerArn: arn }) => arn!.split('/')[1])).toEqual(['app', 'net', 'gwy']);

    const groups = await elb.send(
      new v2.DescribeTargetGroupsCommand({ LoadBalancerArn: all[1].LoadBalancerArn }),
    );
    expect(groups.TargetGroups).toHaveLength(2);
    expect(groups.TargetGroups![0]).toMatchObject({
      Protocol: 'TCP',
      LoadBalancerArns: [all[1].LoadBalancerArn],
    });
    const allGroups = await readPages(async (Marker) => {
      const page = await elb.send(new v2.DescribeTargetGroupsCommand({ PageSize: 4, Marker }));
      return { items: page.TargetGroups, next: page.NextMarker };
    });
    expect(allGroups.sizes).toEqual([4, 2]);

    const ResourceArns = [all[0].LoadBalancerArn!, groups.TargetGroups![1].TargetGroupArn!];
    const tags = await elb.send(new v2.DescribeTagsCommand({ ResourceArns }));
    expect(tags.TagDescriptions!.map(({ Tags }) => Tags)).toEqual([
      [{ Key: 'type', Value: 'application' }],
      [{ Key: 'i', Value: '1' }],
    ]);
    const tooMany = Array.from({ length: 21 }, () => ResourceArns[0]);
    await expect(
      errorOf(elb.send(new v2.DescribeTagsCommand({ ResourceArns: tooMany }))),
    ).resolves.toMatchObject({ code: 'ValidationError' });
    const missing = `${ResourceArns[0]}0`;
    await expect(
      errorOf(elb.send(new v2.DescribeTagsCommand({ ResourceArns: [missing] }))),
    ).resolves.toMatchObject({ code: 'LoadBalancerNotFound' });
    await expect(
      errorOf(elb.send(new v2.DescribeTargetGroupsCommand({ LoadBalancerArn: missing }))),
    ).resolves.toMatchObject({ code: 'LoadBalancerNotFound' });
  });
});
