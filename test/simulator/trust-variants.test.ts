import { foreignExternalId, trustVariants, type Simulator, type TrustVariant } from '../../src/simulator';
import { assumeRole, customerId, gatewayId, startTestSimulator, trust } from './harness';

const externalId = '6e8b7c1a-7c31-4f0e-9d7e-1b1f3f8f5a10';
const gatewayUser = `arn:aws:iam::${gatewayId}:user/gateway`;
const exact = trust(
  { AWS: `arn:aws:iam::${gatewayId}:root` },
  { StringEquals: { 'sts:ExternalId': externalId, 'aws:PrincipalArn': gatewayUser } },
);

let simulator: Simulator;
let roleArn: string;

beforeAll(async () => {
  simulator = await startTestSimulator();
  const role = { accountId: customerId, name: 'monitor', trustPolicy: exact };
  roleArn = simulator.world.addRole(role).arn;
});
afterAll(() => simulator.close());

/** Which IDs open the role as it stands. */
async function openedBy(): Promise<string[]> {
  const ids = {
    right: externalId,
    none: undefined,
    random: 'c0ffee00-0000-4000-8000-000000000000',
    longer: `${externalId}0`,
    otherCase: externalId.toUpperCase(),
    foreign: foreignExternalId,
  };
  const opened: string[] = [];
  for (const [name, ExternalId] of Object.entries(ids)) {
    await assumeRole(simulator, { RoleArn: roleArn, ExternalId }).then(
      () => opened.push(name),
      (error: Error) => expect(error.name).toBe('AccessDenied'),
    );
  }
  return opened;
}

const everything = ['right', 'none', 'random', 'longer', 'otherCase', 'foreign'];
const expected: Record<TrustVariant, string[]> = {
  exact: ['right'],
  noCondition: everything,
  anyId: everything.filter((name) => name !== 'none'),
  prefix: ['right', 'longer'],
  ignoreCase: ['right', 'otherCase'],
  ifExists: ['right', 'none'],
  shared: ['right', 'foreign'],
  wrongPrincipal: [],
};

test.each(trustVariants)('%s, and back', async (trustVariant) => {
  simulator.world.changeRole(roleArn, { trustVariant });
  await expect(openedBy()).resolves.toEqual(expected[trustVariant]);
  simulator.world.changeRole(roleArn, { trustVariant: 'exact' });
  await expect(openedBy()).resolves.toEqual(['right']);
});

test('a role may be made in a variant, which a new trust policy takes over', async () => {
  simulator.world.addRole({
    accountId: customerId,
    name: 'monitor',
    trustPolicy: exact,
    trustVariant: 'shared',
  });
  await expect(openedBy()).resolves.toEqual(['right', 'foreign']);
  const next = { StringEquals: { 'sts:ExternalId': ['a-later-id', externalId] } };
  simulator.world.changeRole(roleArn, { trustPolicy: trust({ AWS: gatewayId }, next) });
  await expect(openedBy()).resolves.toEqual(['right', 'foreign']);
});

test('the other conditions of a variant stay', async () => {
  const nobody = { StringEquals: { 'sts:ExternalId': externalId, 'aws:PrincipalArn': `${gatewayUser}s` } };
  const trustPolicy = trust({ AWS: gatewayId }, nobody);
  for (const trustVariant of ['anyId', 'prefix', 'ignoreCase', 'ifExists', 'shared'] as const) {
    simulator.world.changeRole(roleArn, { trustPolicy, trustVariant });
    await expect(openedBy()).resolves.toEqual([]);
  }
});

test('a policy without an external ID cannot be varied, nor into an unknown variant', () => {
  const open = { trustPolicy: trust({ AWS: gatewayId }) };
  expect(() => simulator.world.changeRole(roleArn, { ...open, trustVariant: 'prefix' })).toThrow(
    'compares no sts:ExternalId',
  );
  expect(() => simulator.world.changeRole(roleArn, { trustVariant: 'loose' as TrustVariant })).toThrow(
    'No such trust variant: loose',
  );
});
