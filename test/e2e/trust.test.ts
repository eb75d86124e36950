import { demoAccessKeyUser, demoAccountIds } from '../../src/simulator';
import { filesContaining } from '../support/files-containing';
import { MALFORMED_ROLE_ARNS } from '../support/malformed-role-arns';
import { startRolecall, type Rolecall } from '../support/rolecall';
import { makeRole, onboard, register } from './onboard';
import {
  Accounts,
  ConnectAccount,
  PauseAccount,
  RemoveAccount,
  Resources,
  ResumeAccount,
  Runs,
  VerifyAccount,
} from './operations.graphql';

let rolecall: Rolecall;
beforeAll(async () => (rolecall = await startRolecall()));
afterAll(() => rolecall.stop());
afterEach(() => rolecall.simulator.faults.clear());

type Condition = Record<string, Record<string, unknown>>;

/** The trust policy that the API answered, with another condition. */
function withCondition(trustPolicy: unknown, change: (condition: Condition) => unknown): unknown {
  const policy = structuredClone(trustPolicy) as { Statement: { Condition?: unknown }[] };
  policy.Statement[0]!.Condition = change(policy.Statement[0]!.Condition as Condition);
  return policy;
}

/** Tries to connect a new account to a role with such a trust policy. */
async function connectTo(trust: (trustPolicy: unknown) => unknown) {
  const { admin, simulator } = rolecall;
  const account = await register(admin, 'Trial');
  const { trustPolicy, permissionPolicy } = account.onboarding!;
  const role = { trustPolicy: trust(trustPolicy), permissionPolicy };
  const roleArn = makeRole(simulator, demoAccountIds.media, role, 'trial');
  return connect(account.id, { roleArn });
}

/** @returns the answer, and the calls that AWS received meanwhile */
async function connect(accountId: string, how: object) {
  const { admin, simulator } = rolecall;
  simulator.calls.clear();
  const { connectAccount } = await admin.execute(ConnectAccount, { input: { accountId, ...how } });
  const { accounts } = await admin.execute(Accounts, { filter: { ids: [accountId] } });
  return { ...connectAccount, stored: accounts.nodes[0]!, calls: simulator.calls.list() };
}

function expectNothingStored({ stored, calls }: Awaited<ReturnType<typeof connect>>) {
  expect(stored).toMatchObject({ status: 'AWAITING_ROLE', roleArn: null, awsAccountId: null });
  expect(new Set(calls.map(({ service }) => service))).toEqual(calls.length ? new Set(['sts']) : new Set());
}

describe('connectAccount with a role', () => {
  it.each<[string, (trustPolicy: unknown) => unknown, string]>([
    [
      'with another external ID',
      (policy) =>
        withCondition(policy, ({ StringEquals }) => ({
          StringEquals: { ...StringEquals, 'sts:ExternalId': 'other' },
        })),
      'ASSUMES_WITH_EXTERNAL_ID',
    ],
    [
      'without a condition',
      (policy) => withCondition(policy, () => undefined),
      'REFUSED_WITHOUT_EXTERNAL_ID',
    ],
    [
      'with a wildcard for the ID',
      (policy) => withCondition(policy, () => ({ StringLike: { 'sts:ExternalId': '*' } })),
      'REFUSED_WITH_WRONG_EXTERNAL_ID',
    ],
    [
      'with a condition that holds when there is no ID',
      (policy) => withCondition(policy, ({ StringEquals }) => ({ StringEqualsIfExists: StringEquals })),
      'REFUSED_WITHOUT_EXTERNAL_ID',
    ],
    [
      'that trusts another account',
      (policy) => ({
        ...(policy as object),
        Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
      }),
      'ASSUMES_WITH_EXTERNAL_ID',
    ],
  ])('%s is refused, and nothing is stored', async (_what, trust, failed) => {
    const answer = await connectTo(trust);
    expect(answer.account).toBeNull();
    expect(answer.errors[0]).toMatchObject({ __typename: 'TrustRefused', code: 'RC_TRUST_REFUSED' });
    const { verification } = answer.errors[0] as {
      verification?: { ok: boolean; checks: { name: string; outcome: string }[] };
    };
    expect(verification).toMatchObject({ ok: false });
    expect(verification!.checks.find(({ name }) => name === failed)!.outcome).toBe('FAILED');
    expectNothingStored(answer);
  });

  it('that does not exist is refused alike', async () => {
    const account = await register(rolecall.admin, 'Nowhere');
    const answer = await connect(account.id, {
      roleArn: `arn:aws:iam::${demoAccountIds.media}:role/nowhere`,
    });
    expect(answer.errors[0]).toMatchObject({ __typename: 'TrustRefused' });
    expectNothingStored(answer);
  });

  it('in another account than the registered one is refused before any call', async () => {
    const account = await register(rolecall.admin, 'Elsewhere', { awsAccountId: demoAccountIds.shop });
    const roleArn = makeRole(rolecall.simulator, demoAccountIds.media, account.onboarding!, 'elsewhere');
    const answer = await connect(account.id, { roleArn });
    expect(answer.errors[0]).toMatchObject({
      __typename: 'InvalidInput',
      code: 'RC_ACCOUNT_ROLE_ARN_INVALID',
      path: ['input', 'roleArn'],
    });
    expect(answer.calls).toEqual([]);
    expect(answer.stored.status).toBe('AWAITING_ROLE');
  });

  it('of a malformed ARN, of any kind, is a typed mistake without any call', async () => {
    const account = await register(rolecall.admin, 'Malformed');
    for (const roleArn of [...MALFORMED_ROLE_ARNS, 'arn:aws-cn:iam::123456789012:role/rolecall']) {
      const answer = await connect(account.id, { roleArn });
      expect(answer.errors).toHaveLength(1);
      expect(answer.errors[0]).toMatchObject({ __typename: 'InvalidInput' });
      expect(answer.calls).toEqual([]);
      expectNothingStored(answer);
    }
  });

  it('when STS is down is nobody’s mistake and may be tried again', async () => {
    rolecall.simulator.faults.add({
      kind: 'error',
      match: { service: 'sts', action: 'AssumeRole' },
      status: 503,
    });
    const answer = await connectTo((policy) => policy);
    expect(answer.errors[0]).toMatchObject({ __typename: 'AwsCallFailed', retryable: true });
    expectNothingStored(answer);
  });

  it('takes exactly one of role and access key', async () => {
    const account = await register(rolecall.admin, 'Neither');
    const answer = await connect(account.id, {});
    expect(answer.errors[0]).toMatchObject({ code: 'RC_ACCOUNT_CREDENTIALS_AMBIGUOUS' });
  });

  it('connects an AWS account once in a tenant', async () => {
    const { admin, simulator } = rolecall;
    await onboard(admin, simulator, demoAccountIds.shop);
    const second = await register(admin, 'Again');
    const roleArn = makeRole(simulator, demoAccountIds.shop, second.onboarding!, 'again');
    const answer = await connect(second.id, { roleArn });
    expect(answer.errors[0]).toMatchObject({ __typename: 'Conflict', code: 'RC_ACCOUNT_AWS_ID_CONNECTED' });
  });
});

describe('connectAccount with an access key', () => {
  const { accessKeyId, secretAccessKey } = demoAccessKeyUser;

  it('refuses a wrong secret, and never repeats it', async () => {
    const account = await register(rolecall.admin, 'Wrong key');
    const wrong = 'w'.repeat(40);
    const answer = await connect(account.id, { accessKey: { accessKeyId, secretAccessKey: wrong } });
    expect(answer.errors[0]).toMatchObject({ __typename: 'TrustRefused' });
    expect(JSON.stringify(answer)).not.toContain(wrong);
    expectNothingStored(answer);
  });

  it('proves whose it is, stores it sealed, and collects with it', async () => {
    const account = await register(rolecall.admin, 'Payments');
    const answer = await connect(account.id, { accessKey: { accessKeyId, secretAccessKey } });
    expect(answer.account).toMatchObject({
      status: 'CONNECTED',
      connection: 'ACCESS_KEY',
      awsAccountId: demoAccountIds.payments,
    });
    await rolecall.collect(5 * 60_000);
    const { collectionRuns } = await rolecall.admin.execute(Runs, { filter: { accountIds: [account.id] } });
    expect(collectionRuns.nodes[0]).toMatchObject({ state: 'SUCCEEDED' });
    expect(
      (await rolecall.admin.execute(Resources, { filter: { accountIds: [account.id] } })).resources
        .totalCount,
    ).toBeGreaterThan(5);
    expect(filesContaining(rolecall.dataDir, secretAccessKey)).toEqual([]);
  });
});

describe('verifyAccount', () => {
  it('finds a role that was opened, and collects it no more until it is mended', async () => {
    const { admin, simulator } = rolecall;
    const account = await register(admin, 'Media');
    const { trustPolicy, permissionPolicy } = account.onboarding!;
    const roleArn = makeRole(simulator, demoAccountIds.media, account.onboarding!, 'media');
    await connect(account.id, { roleArn });
    const open = withCondition(trustPolicy, () => undefined);
    makeRole(simulator, demoAccountIds.media, { trustPolicy: open, permissionPolicy }, 'media');
    const opened = await admin.execute(VerifyAccount, { input: { accountId: account.id } });
    expect(opened.verifyAccount).toMatchObject({
      account: { status: 'INSECURE' },
      verification: { ok: false },
    });
    simulator.calls.clear();
    await rolecall.collect(10 * 60_000);
    expect(simulator.calls.list({ accountId: demoAccountIds.media })).toEqual([]);
    makeRole(simulator, demoAccountIds.media, account.onboarding!, 'media');
    const mended = await admin.execute(VerifyAccount, { input: { accountId: account.id } });
    expect(mended.verifyAccount.account).toMatchObject({ status: 'CONNECTED', statusReason: null });
    await rolecall.collect(5 * 60_000);
    expect(simulator.calls.list({ accountId: demoAccountIds.media, service: 'cloudwatch' })).not.toEqual([]);
  });

  it.each(['verified, then paused', 'paused, then verified'])(
    'an open role, %s and resumed, stays INSECURE',
    async (order) => {
      const { admin, simulator } = rolecall;
      const account = await register(admin, `Open ${order}`);
      const { trustPolicy, permissionPolicy } = account.onboarding!;
      const name = order.replaceAll(/\W/g, '');
      const input = { accountId: account.id };
      const { accounts } = await admin.execute(Accounts, {
        filter: { awsAccountIds: [demoAccountIds.media] },
      });
      for (const { id } of accounts.nodes) await admin.execute(RemoveAccount, { input: { accountId: id } });
      await connect(account.id, {
        roleArn: makeRole(simulator, demoAccountIds.media, account.onboarding!, name),
      });
      if (order.startsWith('paused')) await admin.execute(PauseAccount, { input });
      const open = withCondition(trustPolicy, () => undefined);
      makeRole(simulator, demoAccountIds.media, { trustPolicy: open, permissionPolicy }, name);
      await admin.execute(VerifyAccount, { input });
      if (order.startsWith('verified')) await admin.execute(PauseAccount, { input });
      const { resumeAccount } = await admin.execute(ResumeAccount, { input });
      expect(resumeAccount.account).toEqual({ status: 'INSECURE', nextCollectionAt: null });
      simulator.calls.clear();
      await rolecall.collect(10 * 60_000);
      expect(simulator.calls.list({ accountId: demoAccountIds.media })).toEqual([]);
    },
  );
});
