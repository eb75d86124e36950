import { DescribeInstancesCommand, DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCallerIdentityCommand, GetFederationTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { Simulator } from '../../src/simulator';
import {
  allow,
  assumeRole,
  clientConfig,
  credentialsOf,
  customerId,
  errorOf,
  gatewayKeys,
  startTestSimulator,
  trust,
  type TestCredentials,
} from './harness';

/** One partition beside `aws`: the gateway's own account there, and a customer's. */
const partitionCases = [
  { partition: 'aws-us-gov', region: 'us-gov-west-1', other: 'us-gov-east-1', dnsSuffix: 'amazonaws.com' },
  { partition: 'aws-cn', region: 'cn-north-1', other: 'cn-northwest-1', dnsSuffix: 'amazonaws.com.cn' },
] as const;

const brokerId = '888888888888';
const customer = '222222222222';
const brokerKeys: TestCredentials = {
  accessKeyId: 'AKIABROKER0000000000',
  secretAccessKey: 'broker-secret',
};

describe.each(partitionCases)('$partition', ({ partition, region, other, dnsSuffix }) => {
  let simulator: Simulator;
  let roleArn: string;

  beforeEach(async () => {
    simulator = await startTestSimulator();
    const { world } = simulator;
    world.addAccount({ id: brokerId, partition });
    world.addAccount({ id: customer, enabledRegions: [region, other] });
    world.addUser({ accountId: brokerId, name: 'broker', permissionPolicy: allow('*'), ...brokerKeys });
    const role = world.addRole({
      accountId: customer,
      name: 'monitor',
      trustPolicy: trust({ AWS: `arn:${partition}:iam::${brokerId}:root` }),
      permissionPolicy: allow('*'),
    });
    roleArn = role.arn;
  });
  afterEach(() => simulator.close());

  const configFor = (credentials: TestCredentials, signedFor: string = region) => ({
    ...clientConfig(simulator, credentials),
    region: signedFor,
  });
  const identity = (credentials: TestCredentials, signedFor?: string) =>
    new STSClient(configFor(credentials, signedFor)).send(new GetCallerIdentityCommand({}));

  test('users, roles and sessions have ARNs of the partition', async () => {
    expect(roleArn).toBe(`arn:${partition}:iam::${customer}:role/monitor`);
    expect((await identity(brokerKeys)).Arn).toBe(`arn:${partition}:iam::${brokerId}:user/broker`);
    const keys = await assumeRole(simulator, { RoleArn: roleArn }, brokerKeys, region);
    const session = `arn:${partition}:sts::${customer}:assumed-role/monitor/rolecall`;
    for (const signedFor of [region, other]) expect((await identity(keys, signedFor)).Arn).toBe(session);
    const { Role } = await new IAMClient(configFor(keys)).send(new GetRoleCommand({ RoleName: 'monitor' }));
    expect(Role!.Arn).toBe(roleArn);
    const federated = await new STSClient(configFor(brokerKeys)).send(
      new GetFederationTokenCommand({ Name: 'rolecall' }),
    );
    const arn = `arn:${partition}:sts::${brokerId}:federated-user/rolecall`;
    expect((await identity(credentialsOf(federated))).Arn).toBe(arn);
  });

  test('an identity of one partition is unknown in the others', async () => {
    const keys = await assumeRole(simulator, { RoleArn: roleArn }, brokerKeys, region);
    const unknown = { code: 'InvalidClientTokenId', status: 403 };
    await expect(errorOf(identity(brokerKeys, 'us-east-1'))).resolves.toMatchObject(unknown);
    await expect(errorOf(identity(keys, 'eu-west-1'))).resolves.toMatchObject(unknown);
    await expect(errorOf(identity(gatewayKeys))).resolves.toMatchObject(unknown);
    const ec2 = new EC2Client(configFor(gatewayKeys));
    await expect(errorOf(ec2.send(new DescribeInstancesCommand({})))).resolves.toMatchObject({
      code: 'AuthFailure',
    });
    expect(simulator.calls.list({ service: 'ec2' })).toMatchObject([{ accountId: null, region }]);
  });

  test('a role of another partition is refused like one that is not there', async () => {
    simulator.world.changeRole(roleArn, { trustPolicy: trust('*') });
    const crossing = await errorOf(assumeRole(simulator, { RoleArn: roleArn }, gatewayKeys));
    expect(crossing).toMatchObject({ code: 'AccessDenied', status: 403 });
    const { arn } = simulator.world.addRole({ accountId: customerId, name: 'open', trustPolicy: trust('*') });
    const back = await errorOf(assumeRole(simulator, { RoleArn: arn }, brokerKeys, region));
    expect(back).toMatchObject({ code: 'AccessDenied', status: 403 });
  });

  test('Regions and resources are of the partition', async () => {
    const place = { accountId: customer, region };
    simulator.world.addInstance(place);
    simulator.world.addDbInstance({ ...place, identifier: 'orders' });
    simulator.world.addLoadBalancer({ ...place, name: 'edge' });
    const config = configFor(await assumeRole(simulator, { RoleArn: roleArn }, brokerKeys, region));
    const { Regions } = await new EC2Client(config).send(new DescribeRegionsCommand({ AllRegions: true }));
    expect(
      Regions!.map(({ RegionName, Endpoint, OptInStatus }) => [RegionName, Endpoint, OptInStatus]),
    ).toEqual([region, other].map((name) => [name, `ec2.${name}.${dnsSuffix}`, 'opt-in-not-required']));
    const { DBInstances } = await new RDSClient(config).send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'orders' }),
    );
    expect(DBInstances![0].DBInstanceArn).toBe(`arn:${partition}:rds:${region}:${customer}:db:orders`);
    const { LoadBalancers } = await new ElasticLoadBalancingV2Client(config).send(
      new DescribeLoadBalancersCommand({}),
    );
    expect(LoadBalancers![0].LoadBalancerArn).toMatch(`arn:${partition}:elasticloadbalancing:${region}:`);
    expect(LoadBalancers![0].DNSName).toMatch(new RegExp(`\\.${dnsSuffix.replaceAll('.', '\\.')}$`));
    simulator.world.account(customer)!.enabledRegions.delete(other);
    const disabled = errorOf(
      new EC2Client({ ...config, region: other }).send(new DescribeInstancesCommand({})),
    );
    await expect(disabled).resolves.toMatchObject({ code: 'AuthFailure' });
  });

  test('an account keeps to its partition', () => {
    const { world } = simulator;
    const text = `Account ${customer} is of the partition ${partition}`;
    expect(() => world.addAccount({ id: customer, enabledRegions: [region, 'us-east-1'] })).toThrow(text);
    expect(() => world.addAccount({ id: customer, partition: 'aws' })).toThrow('is of the partition');
    expect(world.account(brokerId)!.enabledRegions).toEqual(new Set([region]));
  });
});
