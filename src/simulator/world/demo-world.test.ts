import { awsRegions } from './regions';
import { demoAccessKeyUser, demoAccountIds, demoGatewayUser } from './demo-principals';
import { demoWorld } from './demo-world';

const world = demoWorld();
const customers = [demoAccountIds.shop, demoAccountIds.media, demoAccountIds.payments];

/** The sizes of one kind of resource over all customers. */
function all<T>(read: (accountId: string, region: string) => Iterable<T>): T[] {
  return customers.flatMap((id) =>
    [...world.account(id)!.enabledRegions].flatMap((region) => [...read(id, region)]),
  );
}

test('three customer accounts with two Regions each, and the gateway’s own', () => {
  expect([...world.accounts.keys()]).toEqual([demoAccountIds.gateway, ...customers]);
  for (const id of customers) expect(world.account(id)!.enabledRegions.size).toBe(2);
  const known = awsRegions.map(({ name }) => name);
  for (const { enabledRegions } of world.accounts.values())
    expect(known).toEqual(expect.arrayContaining([...enabledRegions]));
});

test('every resource is in an enabled Region', () => {
  for (const { enabledRegions, regions } of world.accounts.values()) {
    for (const region of regions.keys()) expect(enabledRegions).toContain(region);
  }
});

test('some thirty instances, running and stopped, burstable and not, some without tags', () => {
  const instances = all((id, region) => world.resources(id, region).instances.values());
  expect(instances.length).toBeGreaterThanOrEqual(27);
  expect(instances.filter(({ State }) => State.Name === 'stopped')).toHaveLength(4);
  expect(instances.filter(({ Tags }) => Tags.length === 0).length).toBeGreaterThanOrEqual(3);
  expect(new Set(instances.map(({ InstanceType }) => InstanceType.split('.')[0])).size).toBeGreaterThan(6);
});

test('six databases of which two are an Aurora cluster, eight load balancers of three kinds', () => {
  const databases = all((id, region) => world.resources(id, region).dbInstances.values());
  expect(databases).toHaveLength(6);
  expect(databases.filter(({ DBClusterIdentifier }) => DBClusterIdentifier === 'cms')).toHaveLength(2);
  const balancers = all((id, region) => world.resources(id, region).loadBalancers.values());
  const types = balancers.map(({ Type }) => Type).sort();
  expect(types).toEqual(['application', 'application', 'application', 'application', 'network', 'network']);
  expect(all((id, region) => world.resources(id, region).classicLoadBalancers.values())).toHaveLength(2);
});

test('no roles; one user in the gateway’s account and one in the payments account', () => {
  for (const { roles } of world.accounts.values()) expect(roles.size).toBe(0);
  expect(world.userByAccessKey(demoGatewayUser.accessKeyId)!.account.id).toBe(demoAccountIds.gateway);
  expect(world.userByAccessKey(demoAccessKeyUser.accessKeyId)!.account.id).toBe(demoAccountIds.payments);
});
