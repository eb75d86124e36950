import { RoleProber } from '../../src/core/trust/role-prober';
import { demoAccountIds } from '../../src/simulator';
import { RemoveAccount } from '../e2e/operations.graphql';
import { post } from '../schema/api-fixture';
import { ADMIN_TOKEN, MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { TrustOf } from './operations.graphql';
import { connect, prepare } from './support/connect';
import { SHARED_ARRAY, TRUST_VARIANTS, type TrustVariant } from './support/trust-variants';

/** No account is CONNECTED unless the right external ID opens its role and every wrong one is refused, twice. */

const [EXACT] = TRUST_VARIANTS as [TrustVariant];
const variant = (name: string) => TRUST_VARIANTS.find((one) => one.name === name)!;

let rolecall: Rolecall;
beforeAll(async () => (rolecall = await startRolecall()));
afterAll(() => rolecall.stop());
afterEach(() => jest.restoreAllMocks());

/** Connects to a role of that trust, and asserts how it ends. */
async function assertEnd(one: TrustVariant, ends: 'CONNECTED' | 'AWAITING_ROLE', selfAudit: boolean) {
  const candidate = await prepare(rolecall, demoAccountIds.media, one, { selfAudit });
  const answer = await connect(rolecall, candidate);
  const { account } = await rolecall.admin.execute(TrustOf, { id: candidate.accountId });
  await rolecall.admin.execute(RemoveAccount, { input: { accountId: candidate.accountId } });
  expect(account!.status).toBe(ends);
  if (ends === 'CONNECTED') {
    expect(answer.errors).toEqual([]);
    return account!;
  }
  expect(answer.errors).toMatchObject([{ __typename: 'TrustRefused', code: 'RC_TRUST_REFUSED' }]);
  const [refused] = answer.errors as { verification?: { checks: { name: string; outcome: string }[] } }[];
  const failed = refused!.verification!.checks.filter(({ outcome }) => outcome === 'FAILED');
  expect(failed[0]?.name).toBe(one.foundBy);
  // A role that opens without an ID opens with any.
  const found = one.name === 'no condition' ? 2 : 1;
  expect(failed).toHaveLength(found);
  expect(account).toMatchObject({ roleArn: null, awsAccountId: null, nextCollectionAt: null });
  return account!;
}

describe.each([
  ['with the self-audit', true],
  ['without the self-audit', false],
])('%s', (_how, selfAudit) => {
  it.each(TRUST_VARIANTS.filter(({ name }) => name !== SHARED_ARRAY))(
    '$name ends as it should',
    async (one) => {
      await assertEnd(one, one.foundBy ? 'AWAITING_ROLE' : 'CONNECTED', selfAudit);
    },
  );
});

it('a list that another customer shares is found where the role may be read', async () => {
  await assertEnd(variant(SHARED_ARRAY), 'AWAITING_ROLE', true);
});

it('and is said not to be audited where it may not', async () => {
  const account = await assertEnd(variant(SHARED_ARRAY), 'CONNECTED', false);
  const check = account.verification!.checks.find(({ name }) => name === 'REFUSED_WITH_WRONG_EXTERNAL_ID');
  expect(check!.message).toContain('was not read');
});

it.each(TRUST_VARIANTS.filter(({ foundBy }) => foundBy && foundBy !== 'ASSUMES_WITH_EXTERNAL_ID'))(
  '$name: what a negative probe got is never used',
  async (one) => {
    const candidate = await prepare(rolecall, demoAccountIds.media, one, { selfAudit: true });
    const { calls } = await connect(rolecall, candidate);
    const services = new Set(
      calls.flatMap(({ service, action }) => (service === 'sts' ? [] : `${service}:${action}`)),
    );
    // The shared list is found by reading the role, with a session of the right external ID.
    expect([...services].filter((call) => !(one.name === SHARED_ARRAY && call.startsWith('iam:')))).toEqual(
      [],
    );
    const identified = calls.filter(({ action }) => action === 'GetCallerIdentity');
    expect(identified).toHaveLength(1);
  },
);

it('a refusal counts beside a positive control alone', async () => {
  const candidate = await prepare(rolecall, demoAccountIds.media, variant('another account'));
  const answer = await connect(rolecall, candidate);
  const [refused] = answer.errors as { verification?: { checks: { name: string; outcome: string }[] } }[];
  const passed = refused!.verification!.checks.filter(({ outcome }) => outcome === 'PASSED');
  expect(passed).toEqual([]);
  // One that is refused is not tried with any other: nobody else's ID was ever sent.
  const sent = answer.calls.filter(({ action }) => action === 'AssumeRole');
  expect(sent.map(({ externalId }) => externalId)).toEqual([candidate.externalId]);
});

it('only AccessDenied is a refusal: any other answer proves nothing, connects nothing, and is in the audit log', async () => {
  const candidate = await prepare(rolecall, demoAccountIds.media, EXACT);
  const match = { service: 'sts', action: 'AssumeRole' };
  rolecall.simulator.faults.add({ kind: 'error', status: 400, code: 'ValidationError', match });
  const answer = await connect(rolecall, candidate);
  rolecall.simulator.faults.clear();
  expect(answer.errors).toMatchObject([{ __typename: 'AwsCallFailed', awsCode: 'ValidationError' }]);
  const { account } = await rolecall.admin.execute(TrustOf, { id: candidate.accountId });
  expect(account).toMatchObject({ status: 'AWAITING_ROLE', roleArn: null });
  const query = '{ auditLog(first: 20) { nodes { action detail } } }';
  const { data } = await post<{ auditLog: { nodes: unknown[] } }>(rolecall.gateway.url, ADMIN_TOKEN, {
    query,
  });
  expect(data.auditLog.nodes).toContainEqual(
    expect.objectContaining({
      action: 'trust.probed',
      detail: expect.objectContaining({ probe: 'right', answer: 'ValidationError' }),
    }),
  );
});

it('is proved a second time five minutes later, before a collection', async () => {
  const candidate = await prepare(rolecall, demoAccountIds.shop, EXACT);
  await connect(rolecall, candidate);
  candidate.setTrust(variant('no condition'));
  rolecall.simulator.calls.clear();
  await rolecall.collect(5 * MINUTE);
  const { account } = await rolecall.admin.execute(TrustOf, { id: candidate.accountId });
  expect(account).toMatchObject({ status: 'INSECURE', nextCollectionAt: null });
  const services = rolecall.simulator.calls.list({ accountId: demoAccountIds.shop });
  expect(new Set(services.map(({ service }) => service))).toEqual(new Set(['sts']));
});

it('can fail: a prober that takes every wrong external ID for refused is found out', async () => {
  const probe = RoleProber.prototype.probe;
  jest.spyOn(RoleProber.prototype, 'probe').mockImplementation(function (this: RoleProber, ...asked) {
    if (asked[2] === 'right') return probe.apply(this, asked);
    const refusal = { code: 'AccessDenied', message: '', fault: 'denied' as const };
    return Promise.resolve({ refusal: { ...refusal, retryable: false, missingActions: [] } });
  });
  for (const one of TRUST_VARIANTS) {
    if (one.foundBy === null || one.foundBy === 'ASSUMES_WITH_EXTERNAL_ID') continue;
    await expect(assertEnd(one, 'AWAITING_ROLE', false)).rejects.toThrow();
  }
});
