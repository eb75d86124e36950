import {
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
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

const RoleName = 'monitor';
const roleArn = `arn:aws:iam::${customerId}:role/team/${RoleName}`;
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const trustPolicy = trust({ AWS: gatewayId }, { StringEquals: { 'sts:ExternalId': "it's (one)*" } });
const permissionPolicy = allow(['ec2:DescribeInstances', 'iam:*']);
const auditPolicy = allow('cloudwatch:*');

let simulator: Simulator;
let iam: IAMClient;

beforeEach(async () => {
  simulator = await startTestSimulator();
  iam = new IAMClient(clientConfig(simulator));
  addRole();
});
afterEach(() => simulator.close());

function addRole(more: object = {}): void {
  simulator.world.addRole({
    accountId: customerId,
    name: RoleName,
    path: '/team/',
    trustPolicy,
    permissionPolicy,
    maxSessionDuration: 7_200,
    ...more,
  });
}

/** A user of the customer's account with these permissions alone. */
function limited(permissions: object): IAMClient {
  const keys = { accessKeyId: 'AKIALIMITED000000000', secretAccessKey: 'limited' };
  simulator.world.addUser({
    accountId: customerId,
    name: 'limited',
    permissionPolicy: permissions,
    ...keys,
  });
  return new IAMClient(clientConfig(simulator, keys));
}

const decoded = (document: string | undefined) => JSON.parse(decodeURIComponent(document!)) as unknown;

test('GetRole tells the role, its trust policy URL-encoded', async () => {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  expect(Role).toMatchObject({
    RoleName,
    Path: '/team/',
    Arn: roleArn,
    RoleId: expect.stringMatching(/^AROA/),
    MaxSessionDuration: 7_200,
  });
  expect(Role!.AssumeRolePolicyDocument).toMatch(/^[\w%.~-]+$/);
  expect(decoded(Role!.AssumeRolePolicyDocument)).toEqual(trustPolicy);
});

test('inline policies are listed in pages and told one by one', async () => {
  addRole({ inlinePolicies: { audit: auditPolicy } });
  const first = await iam.send(new ListRolePoliciesCommand({ RoleName, MaxItems: 1 }));
  expect(first).toMatchObject({ PolicyNames: ['permissions'], IsTruncated: true });
  const rest = await iam.send(new ListRolePoliciesCommand({ RoleName, Marker: first.Marker }));
  expect(rest).toMatchObject({ PolicyNames: ['audit'], IsTruncated: false });
  const policy = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'audit' }));
  expect(policy).toMatchObject({ RoleName, PolicyName: 'audit' });
  expect(decoded(policy.PolicyDocument)).toEqual(auditPolicy);
});

test('managed policies are listed, and they count', async () => {
  addRole({ permissionPolicy: undefined, attachedPolicies: [readOnly], trustPolicy: trust('*') });
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  expect(AttachedPolicies).toEqual([{ PolicyName: 'ReadOnlyAccess', PolicyArn: readOnly }]);
  const keys = await assumeRole(simulator, { RoleArn: roleArn });
  await new EC2Client(clientConfig(simulator, keys)).send(new DescribeInstancesCommand({}));
  simulator.world.changeRole(roleArn, { attachedPolicies: [] });
  const denied = errorOf(new EC2Client(clientConfig(simulator, keys)).send(new DescribeInstancesCommand({})));
  await expect(denied).resolves.toMatchObject({ code: 'UnauthorizedOperation' });
  expect(() => simulator.world.changeRole(roleArn, { attachedPolicies: [`${readOnly}s`] })).toThrow(
    'No such managed policy',
  );
});

test('a session reads its own role, where the role lets it', async () => {
  addRole({ trustPolicy: trust('*'), permissionPolicy: allow('iam:GetRole', { Resource: roleArn }) });
  const own = new IAMClient(clientConfig(simulator, await assumeRole(simulator, { RoleArn: roleArn })));
  await own.send(new GetRoleCommand({ RoleName }));
  const denied = {
    code: 'AccessDenied',
    status: 403,
    message: expect.stringContaining('is not authorized to perform: iam:'),
  };
  for (const RoleName of ['other', 'monitor2']) {
    await expect(errorOf(own.send(new GetRoleCommand({ RoleName })))).resolves.toMatchObject(denied);
  }
  await expect(errorOf(own.send(new ListRolePoliciesCommand({ RoleName })))).resolves.toMatchObject(denied);
});

test('every action asks for its permission', async () => {
  const other = limited(allow('ec2:*'));
  const denied = await Promise.all([
    errorOf(other.send(new GetRoleCommand({ RoleName }))),
    errorOf(other.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'permissions' }))),
    errorOf(other.send(new ListRolePoliciesCommand({ RoleName }))),
    errorOf(other.send(new ListAttachedRolePoliciesCommand({ RoleName }))),
    errorOf(
      other.send(
        new SimulatePrincipalPolicyCommand({ PolicySourceArn: roleArn, ActionNames: ['ec2:RunInstances'] }),
      ),
    ),
    errorOf(other.send(new GetUserCommand({}))),
    errorOf(other.send(new ListAccessKeysCommand({}))),
  ]);
  expect(new Set(denied.map(({ code }) => code))).toEqual(new Set(['AccessDenied']));
});

test('what is not there', async () => {
  const missing = await Promise.all([
    errorOf(iam.send(new GetRoleCommand({ RoleName: 'nobody' }))),
    errorOf(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'nothing' }))),
    errorOf(iam.send(new GetUserCommand({ UserName: 'nobody' }))),
  ]);
  expect(missing.map(({ name, code, status }) => [name, code, status])).toEqual(
    missing.map(() => ['NoSuchEntityException', 'NoSuchEntity', 404]),
  );
});

test('IAM has no Regions: it answers wherever the call is signed for', async () => {
  const elsewhere = new IAMClient({ ...clientConfig(simulator), region: 'ap-southeast-1' });
  await elsewhere.send(new GetRoleCommand({ RoleName }));
});

test('GetUser and ListAccessKeys tell of the caller, or of the user named', async () => {
  const monitor = { UserName: 'monitor', Arn: `arn:aws:iam::${customerId}:user/monitor` };
  limited(allow('iam:*'));
  expect((await iam.send(new GetUserCommand({}))).User).toMatchObject(monitor);
  expect((await iam.send(new GetUserCommand({ UserName: 'limited' }))).User).toMatchObject({
    UserName: 'limited',
  });
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({}));
  expect(AccessKeyMetadata).toMatchObject([
    { UserName: 'monitor', AccessKeyId: customerKeys.accessKeyId, Status: 'Active' },
  ]);
});

describe('SimulatePrincipalPolicy', () => {
  async function simulate(
    input: Partial<SimulatePrincipalPolicyCommandInput>,
    credentials: TestCredentials = customerKeys,
  ): Promise<Record<string, string>> {
    const client = new IAMClient(clientConfig(simulator, credentials));
    const { EvaluationResults } = await client.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: roleArn,
        ActionNames: ['ec2:DescribeInstances'],
        ...input,
      }),
    );
    return Object.fromEntries(
      EvaluationResults!.map(({ EvalActionName, EvalResourceName, EvalDecision }) => [
        `${EvalActionName} ${EvalResourceName}`,
        EvalDecision!,
      ]),
    );
  }

  test("decides by the principal's inline and managed policies", async () => {
    const deny = { Statement: { Effect: 'Deny', Action: 'iam:CreateUser', Resource: '*' } };
    addRole({ inlinePolicies: { deny }, attachedPolicies: [readOnly] });
    const ActionNames = ['ec2:DescribeInstances', 'iam:CreateUser', 's3:GetObject', 'ec2:RunInstances'];
    await expect(simulate({ ActionNames })).resolves.toEqual({
      'ec2:DescribeInstances *': 'allowed',
      'iam:CreateUser *': 'explicitDeny',
      's3:GetObject *': 'allowed',
      'ec2:RunInstances *': 'implicitDeny',
    });
  });

  test('decides for a user, and for the caller alike', async () => {
    limited(allow('rds:*'));
    const PolicySourceArn = `arn:aws:iam::${customerId}:user/limited`;
    await expect(simulate({ PolicySourceArn, ActionNames: ['rds:DeleteDBInstance'] })).resolves.toEqual({
      'rds:DeleteDBInstance *': 'allowed',
    });
  });

  test('decides by resource, context and further policies', async () => {
    const Resource = 'arn:aws:rds:*:*:db:orders';
    const Condition = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
    addRole({ permissionPolicy: allow('rds:*', { Resource, Condition }) });
    const orders = 'arn:aws:rds:eu-west-1:111111111111:db:orders';
    const ask = { ActionNames: ['rds:DeleteDBInstance'], ResourceArns: [orders, `${orders}2`] };
    const entry = (value: string) => ({
      ContextKeyName: 'aws:RequestedRegion',
      ContextKeyType: 'string' as const,
      ContextKeyValues: [value],
    });
    const decision = async (more: object) =>
      (await simulate({ ...ask, ...more }))[`rds:DeleteDBInstance ${orders}`];
    await expect(simulate({ ...ask, ContextEntries: [entry('eu-west-1')] })).resolves.toEqual({
      [`rds:DeleteDBInstance ${orders}`]: 'allowed',
      [`rds:DeleteDBInstance ${orders}2`]: 'implicitDeny',
    });
    await expect(decision({ ContextEntries: [entry('us-east-1')] })).resolves.toBe('implicitDeny');
    await expect(decision({})).resolves.toBe('implicitDeny');
    await expect(decision({ PolicyInputList: [JSON.stringify(allow('rds:*'))] })).resolves.toBe('allowed');
    const { EvaluationResults } = await iam.send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: roleArn, ...ask }),
    );
    expect(EvaluationResults![0].MissingContextValues).toEqual(['aws:RequestedRegion']);
  });

  test.each<[string, Partial<SimulatePrincipalPolicyCommandInput>, string]>([
    ['a role that is not there', { PolicySourceArn: `${roleArn}2` }, 'NoSuchEntity'],
    [
      'the user of another account',
      { PolicySourceArn: `arn:aws:iam::${gatewayId}:user/gateway` },
      'NoSuchEntity',
    ],
    ['a session', { PolicySourceArn: `arn:aws:sts::${customerId}:assumed-role/monitor/x` }, 'InvalidInput'],
    ['no action', { ActionNames: [] }, 'InvalidInput'],
    ['an action without a service', { ActionNames: ['GetObject'] }, 'InvalidInput'],
    ['a malformed policy', { PolicyInputList: ['{'] }, 'InvalidInput'],
    ['a resource policy', { ResourcePolicy: JSON.stringify(allow('*')) }, 'InvalidInput'],
  ])('refuses %s', async (_name, input, code) => {
    await expect(errorOf(simulate(input))).resolves.toMatchObject({ code });
  });
});
