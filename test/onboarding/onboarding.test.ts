import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { permissionPolicy } from '../../src/core/accounts/onboarding-policies';
import { builtInPlugins } from '../../src/plugins/built-in';
import { PluginRegistry } from '../../src/plugins/registry';
import { demoAccountIds, demoGatewayUser, demoWorld } from '../../src/simulator';
import { makeRole, register } from '../e2e/onboard';
import { ConnectAccount, RotateExternalId } from '../e2e/operations.graphql';
import { gatewayCredentials, MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { CustomerShell } from './aws-cli';
import { OnboardingOf } from './operations.graphql';
import { readCalls, readCloudFormation, readTerraform, type WrittenRole } from './read-back';
import { readmePolicy } from './readme-policies';

let rolecall: Rolecall;
afterEach(() => rolecall.stop());

const shop = demoAccountIds.shop;

const accountOf = async (id: string) => (await rolecall.admin.execute(OnboardingOf, { id })).account!;

/** What AWS makes of a text: the role anew, or the one that is there changed. By the simulator's control API. */
async function apply(written: WrittenRole, path = written.path!): Promise<string> {
  const { name, trustPolicy, policies } = written;
  const role = [...path.split('/').slice(1, -1), name!].map(encodeURIComponent).join('/');
  const url = `${rolecall.simulator.url}/_simulator/accounts/${shop}/roles/${role}`;
  const body = JSON.stringify({ trustPolicy, inlinePolicies: policies });
  const response = await fetch(url, { method: written.path === undefined ? 'POST' : 'PUT', body });
  const answer = (await response.json()) as { arn?: string; error?: string };
  if (!answer.arn) throw new Error(answer.error);
  return answer.arn;
}

async function connect(accountId: string, credentials: object) {
  const input = { accountId, ...credentials };
  const { connectAccount } = await rolecall.admin.execute(ConnectAccount, { input });
  expect(connectAccount.errors).toEqual([]);
  return Object.fromEntries(connectAccount.verification!.checks.map(({ name, ...rest }) => [name, rest]));
}

function pasted(commands: string, roleArn: string, hasRole: boolean): WrittenRole {
  const shell = new CustomerShell({ roleArn, hasRole });
  try {
    return readCalls(shell.paste(commands));
  } finally {
    shell.close();
  }
}

describe('a role that was made by', () => {
  beforeEach(async () => (rolecall = await startRolecall()));

  it.each(['CloudFormation', 'Terraform', 'the AWS CLI'])(
    '%s connects, audited and with the least',
    async (way) => {
      const { id } = await register(rolecall.admin, 'Shop', { awsAccountId: shop });
      const onboarding = (await accountOf(id)).onboarding!;
      const arn = onboarding.suggestedRoleArn!;
      const written = {
        CloudFormation: () => readCloudFormation(onboarding.cloudFormationTemplate, arn),
        Terraform: () => readTerraform(onboarding.terraform, arn),
        'the AWS CLI': () => pasted(onboarding.awsCliCommands, arn, false),
      }[way]!();
      const roleArn = await apply(written);
      expect(roleArn).toBe(arn);
      expect(await connect(id, { roleArn })).toMatchObject({
        ASSUMES_WITH_EXTERNAL_ID: { outcome: 'PASSED' },
        REFUSED_WITHOUT_EXTERNAL_ID: { outcome: 'PASSED' },
        REFUSED_WITH_WRONG_EXTERNAL_ID: { outcome: 'PASSED', code: 'AUDITED' },
        PERMISSIONS_SUFFICIENT: { outcome: 'PASSED' },
        PERMISSIONS_NOT_EXCESSIVE: { outcome: 'PASSED' },
      });
    },
  );

  it('hand, under an awkward path, is rotated by the pasted commands', async () => {
    const { id } = await register(rolecall.admin, 'Shop');
    const { trustPolicy, permissionPolicy: policy } = (await accountOf(id)).onboarding!;
    const path = `/team/it's"$(x)\`y\`/`;
    const roleArn = await apply({ name: 'monitor', path, trustPolicy, policies: { by: policy } });
    await connect(id, { roleArn });
    const follow = async () => {
      const { awsCliCommands } = (await accountOf(id)).onboarding!;
      const written = pasted(awsCliCommands, roleArn, true);
      expect(Object.keys(written.policies)).toEqual([]);
      await apply(written, path);
    };
    const states = async () => (await accountOf(id)).externalIds.map(({ state }) => state);

    await rolecall.admin.execute(RotateExternalId, { input: { accountId: id } });
    await follow();
    for (let minute = 0; minute < 3; minute++) await rolecall.collect(MINUTE);
    expect((await states()).sort()).toEqual(['ACTIVE', 'RETIRED']);
    await follow();
    for (let minute = 0; minute < 3; minute++) await rolecall.collect(MINUTE);
    // The rotation is over: the commands are about the whole role again.
    const settled = (await accountOf(id)).onboarding!;
    expect(settled).toMatchObject({ roleName: 'monitor', suggestedRoleArn: roleArn });
    const written = pasted(settled.awsCliCommands, roleArn, true);
    expect(Object.keys(written.policies)).toEqual(['rolecall-read', 'rolecall-self-audit']);
    await apply(written, path);
    expect(await accountOf(id)).toMatchObject({ status: 'CONNECTED' });
  });
});

describe('a gateway that runs as a role with a path', () => {
  const path = '/svc/blue/';
  const ownArn = `arn:aws:iam::${demoAccountIds.gateway}:role${path}rolecall-gateway`;

  /** A session of the gateway's own role, as an instance would have it. */
  async function session() {
    const sts = new STSClient({
      endpoint: rolecall.simulator.url,
      region: 'us-east-1',
      credentials: gatewayCredentials,
    });
    // An instance's has no session policy; the simulator asks for one.
    const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: everything });
    const command = new AssumeRoleCommand({ RoleArn: ownArn, RoleSessionName: 'i-0abc', Policy });
    const { Credentials: given } = await sts.send(command);
    sts.destroy();
    return {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    };
  }

  async function start(policy: object) {
    const world = demoWorld();
    const user = `arn:aws:iam::${demoAccountIds.gateway}:user/${demoGatewayUser.name}`;
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: user } };
    world.addRole({
      accountId: demoAccountIds.gateway,
      ...{ name: 'rolecall-gateway', path },
      trustPolicy: { Version: '2012-10-17', Statement: [trust] },
      permissionPolicy: policy,
    });
    rolecall = await startRolecall({ world, gatewayCredentials: session });
  }

  it('learns its path with the README’s policy, and customers’ roles open to it', async () => {
    const text = JSON.stringify(readmePolicy('iam:GetRole'));
    await start(JSON.parse(text.replace('arn:aws:iam::999999999999:role/its/own/role', ownArn)) as object);
    const { id } = await register(rolecall.admin, 'Shop');
    const onboarding = (await accountOf(id)).onboarding!;
    expect(onboarding.gatewayPrincipalArn).toBe(ownArn);
    const roleArn = makeRole(rolecall.simulator, shop, onboarding);
    await connect(id, { roleArn });
  });

  it('hands out nothing while it does not know its path', async () => {
    await start({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
    });
    const { id } = await register(rolecall.admin, 'Shop');
    expect((await accountOf(id)).onboarding).toBeNull();
  });
});

describe('an IAM user with the README’s policy', () => {
  it('has what the plugins need, and its key is narrowed', async () => {
    const policy = readmePolicy('sts:GetFederationToken');
    const needed = permissionPolicy(new PluginRegistry(builtInPlugins).iamActions());
    expect(policy.Statement.slice(0, 1)).toEqual(needed.Statement);
    const world = demoWorld();
    const key = { accessKeyId: 'AKIAREADMEUSERREADME', secretAccessKey: 'a'.repeat(40) };
    world.addUser({ accountId: shop, name: 'rolecall', permissionPolicy: policy, ...key });
    rolecall = await startRolecall({ world });
    const { id } = await register(rolecall.admin, 'Shop');
    const checks = await connect(id, { accessKey: key });
    expect(checks).toMatchObject({
      ACCOUNT_MATCHES: { outcome: 'PASSED' },
      PERMISSIONS_SUFFICIENT: { outcome: 'PASSED' },
    });
    expect(checks.PERMISSIONS_NOT_EXCESSIVE!.code).not.toBe('KEY_NOT_NARROWED');
  });
});
