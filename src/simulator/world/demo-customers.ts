import { loadBalancerDimension } from '../metrics/load-balancer-sources';
import { demoAccessKeyUser, demoAccountIds } from './demo-principals';
import type { World } from './world';

const monitoringPolicy = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Resource: '*',
    Action: [
      'ec2:Describe*',
      'rds:Describe*',
      'rds:ListTagsForResource',
      'elasticloadbalancing:Describe*',
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
    ],
  },
};

/** As a role may be narrowed to what a session is for, so may this user. */
const accessKeyPolicy = {
  ...monitoringPolicy,
  Statement: [
    monitoringPolicy.Statement,
    { Effect: 'Allow', Resource: '*', Action: 'sts:GetFederationToken' },
  ],
};

/** A shop in Frankfurt and Virginia. */
export function addShop(world: World): void {
  const accountId = demoAccountIds.shop;
  world.addAccount({ id: accountId, name: 'Tidewater Shop', enabledRegions: ['eu-central-1', 'us-east-1'] });
  const frankfurt = { accountId, region: 'eu-central-1' };
  const virginia = { accountId, region: 'us-east-1' };

  fleet(world, frankfurt, {
    names: ['web-1', 'web-2', 'web-3'],
    instanceType: 't3.medium',
    tags: { env: 'prod', team: 'storefront' },
  });
  fleet(world, frankfurt, {
    names: ['checkout-1', 'checkout-2'],
    instanceType: 'm7g.large',
    detailedMonitoring: true,
    tags: { env: 'prod', team: 'checkout' },
  });
  fleet(world, frankfurt, {
    names: ['search-1'],
    instanceType: 'r6gd.xlarge',
    tags: { env: 'prod', team: 'search' },
  });
  fleet(world, frankfurt, {
    names: ['web-staging'],
    instanceType: 't3.small',
    state: 'stopped',
    tags: { env: 'staging', team: 'storefront' },
  });
  world.addInstance({ ...frankfurt, instanceType: 't3.micro' });
  fleet(world, virginia, {
    names: ['web-us-1', 'web-us-2'],
    instanceType: 't3.medium',
    tags: { env: 'prod', team: 'storefront' },
  });
  fleet(world, virginia, {
    names: ['load-test'],
    instanceType: 'c7i.2xlarge',
    state: 'stopped',
    tags: { env: 'test', team: 'storefront' },
  });

  const ordersTags = { env: 'prod', team: 'checkout' };
  world.addDbInstance({
    ...frankfurt,
    identifier: 'orders',
    engine: 'postgres',
    instanceClass: 'db.r6g.large',
    tags: ordersTags,
  });
  world.addDbInstance({
    ...virginia,
    identifier: 'catalogue-us',
    engine: 'mysql',
    tags: { env: 'prod', team: 'search' },
  });

  balancer(world, {
    ...frankfurt,
    name: 'storefront',
    groups: ['web', 'search'],
    tags: { env: 'prod', team: 'storefront' },
  });
  const checkout = balancer(world, {
    ...frankfurt,
    name: 'checkout',
    groups: ['checkout-api'],
    tags: ordersTags,
  });
  balancer(world, {
    ...virginia,
    name: 'storefront-us',
    groups: ['web-us'],
    tags: { env: 'prod', team: 'storefront' },
  });

  const incident = { ...frankfurt, startMinute: 14 * 60 + 10, minutes: 40 };
  world.incidents.push(
    { ...incident, resource: loadBalancerDimension(checkout.LoadBalancerArn) },
    { ...incident, resource: 'orders' },
  );
}

/** A video publisher in Ireland and Oregon, with an Aurora cluster. */
export function addMedia(world: World): void {
  const accountId = demoAccountIds.media;
  world.addAccount({ id: accountId, name: 'Lantern Media', enabledRegions: ['eu-west-1', 'us-west-2'] });
  const ireland = { accountId, region: 'eu-west-1' };
  const oregon = { accountId, region: 'us-west-2' };

  fleet(world, ireland, {
    names: ['encoder-1', 'encoder-2', 'encoder-3'],
    instanceType: 'c7i.2xlarge',
    detailedMonitoring: true,
    tags: { env: 'prod', team: 'video' },
  });
  fleet(world, ireland, {
    names: ['cms-1', 'cms-2'],
    instanceType: 't3a.large',
    tags: { env: 'prod', team: 'editorial' },
  });
  fleet(world, ireland, {
    names: ['encoder-spare'],
    instanceType: 'c7i.2xlarge',
    state: 'stopped',
    tags: { env: 'prod', team: 'video' },
  });
  world.addInstances({ ...ireland, count: 2, instanceType: 't2.micro' });
  fleet(world, oregon, {
    names: ['origin-1', 'origin-2'],
    instanceType: 'm7g.xlarge',
    tags: { env: 'prod', team: 'delivery' },
  });

  const cms = { ...ireland, engine: 'aurora-mysql', clusterIdentifier: 'cms', instanceClass: 'db.r6g.large' };
  world.addDbInstance({ ...cms, identifier: 'cms-writer', tags: { env: 'prod', team: 'editorial' } });
  world.addDbInstance({ ...cms, identifier: 'cms-reader', tags: { env: 'prod', team: 'editorial' } });

  balancer(world, { ...ireland, name: 'cms', groups: ['cms-web'], tags: { env: 'prod', team: 'editorial' } });
  balancer(world, {
    ...oregon,
    name: 'origin',
    type: 'network',
    groups: ['origin-tcp'],
    tags: { env: 'prod', team: 'delivery' },
  });
  world.addClassicLoadBalancer({ ...ireland, name: 'encoder-intake', tags: { env: 'prod', team: 'video' } });
}

/** A payment processor in Frankfurt and Ireland, read through an IAM user. */
export function addPayments(world: World): void {
  const accountId = demoAccountIds.payments;
  world.addAccount({
    id: accountId,
    name: 'Harbour Payments',
    enabledRegions: ['eu-central-1', 'eu-west-1'],
  });
  world.addUser({ ...demoAccessKeyUser, permissionPolicy: accessKeyPolicy });
  const frankfurt = { accountId, region: 'eu-central-1' };
  const ireland = { accountId, region: 'eu-west-1' };

  fleet(world, frankfurt, {
    names: ['ledger-1', 'ledger-2', 'ledger-3'],
    instanceType: 'm7i.large',
    detailedMonitoring: true,
    tags: { env: 'prod', team: 'ledger' },
  });
  fleet(world, frankfurt, {
    names: ['fraud-1', 'fraud-2'],
    instanceType: 'c7g.xlarge',
    tags: { env: 'prod', team: 'risk' },
  });
  fleet(world, frankfurt, {
    names: ['bastion'],
    instanceType: 't4g.nano',
    tags: { env: 'prod', team: 'platform' },
  });
  fleet(world, ireland, {
    names: ['ledger-standby-1', 'ledger-standby-2'],
    instanceType: 'm7i.large',
    tags: { env: 'dr', team: 'ledger' },
  });
  fleet(world, ireland, {
    names: ['ledger-rehearsal'],
    instanceType: 't3.large',
    state: 'stopped',
    tags: { env: 'test', team: 'ledger' },
  });

  world.addDbInstance({
    ...frankfurt,
    identifier: 'ledger',
    engine: 'postgres',
    instanceClass: 'db.r6g.xlarge',
    tags: { env: 'prod', team: 'ledger' },
    fields: { MultiAZ: true, AllocatedStorage: 500 },
  });
  world.addDbInstance({
    ...ireland,
    identifier: 'ledger-replica',
    engine: 'postgres',
    instanceClass: 'db.t4g.large',
    tags: { env: 'dr', team: 'ledger' },
    fields: { ReadReplicaSourceDBInstanceIdentifier: 'ledger', AllocatedStorage: 500 },
  });

  balancer(world, {
    ...frankfurt,
    name: 'card-gateway',
    type: 'network',
    groups: ['card-tls'],
    tags: { env: 'prod', team: 'ledger' },
  });
  world.addClassicLoadBalancer({ ...ireland, name: 'ledger-standby', tags: {} });
}

interface Fleet {
  names: string[];
  instanceType: string;
  state?: 'running' | 'stopped';
  detailedMonitoring?: boolean;
  tags: Record<string, string>;
}

function fleet(
  world: World,
  location: { accountId: string; region: string },
  { names, ...kind }: Fleet,
): void {
  for (const name of names) world.addInstance({ ...location, ...kind, name });
}

/** A load balancer with its target groups, all with the same tags. */
function balancer(
  world: World,
  { groups, ...input }: Parameters<World['addLoadBalancer']>[0] & { groups: string[] },
): ReturnType<World['addLoadBalancer']> {
  const { accountId, region, tags } = input;
  const created = world.addLoadBalancer(input);
  for (const name of groups)
    world.addTargetGroup({ accountId, region, name, tags, loadBalancerArn: created.LoadBalancerArn });
  return created;
}
