import { RoleProber } from '../../src/core/trust/role-prober';
import { demoAccountIds } from '../../src/simulator';
import { register } from '../e2e/onboard';
import { Accounts, ConnectAccount } from '../e2e/operations.graphql';
import type { GraphqlClient } from '../support/graphql-client';
import { startRolecall, type Rolecall } from '../support/rolecall';
import { connect, prepare, type Candidate } from './support/connect';
import { TRUST_VARIANTS } from './support/trust-variants';

/**
 * The session's account must be the declared one. The ARN of somebody else's role yields nothing, and tells no more than
 * that of a role that does not exist.
 */

let rolecall: Rolecall;
let other: GraphqlClient;
/** The first tenant's, connected. */
let victim: Candidate;

beforeAll(async () => {
  rolecall = await startRolecall();
  const { access } = rolecall.gateway;
  const { id: tenantId } = await access.createTenant('Other');
  const { secret } = await access.createToken({ tenantId, name: 'other', role: 'ADMIN' });
  other = rolecall.client(secret);
  victim = await prepare(rolecall, demoAccountIds.shop, TRUST_VARIANTS[0]!);
  await connect(rolecall, victim);
});
afterAll(() => rolecall.stop());
afterEach(() => jest.restoreAllMocks());

/** The other tenant pastes an ARN into an account of its own. */
async function paste(roleArn: string) {
  const account = await register(other, 'Mine');
  const { simulator } = rolecall;
  simulator.calls.clear();
  const { connectAccount } = await other.execute(ConnectAccount, {
    input: { accountId: account.id, roleArn },
  });
  const { accounts } = await other.execute(Accounts, { filter: { ids: [account.id] } });
  return {
    externalId: account.externalIds[0]!.value,
    answer: JSON.parse(JSON.stringify(connectAccount).replaceAll(roleArn, 'ARN')) as typeof connectAccount,
    stored: accounts.nodes[0]!,
    calls: simulator.calls.list(),
  };
}

async function assertYieldsNothing() {
  const foreign = await paste(victim.roleArn);
  expect(foreign.stored).toMatchObject({ status: 'AWAITING_ROLE', roleArn: null, awsAccountId: null });
  expect(new Set(foreign.calls.map(({ service }) => service))).toEqual(new Set(['sts']));
  const sent = foreign.calls.flatMap(({ externalId }) => externalId ?? []);
  expect(sent).toEqual([foreign.externalId]);
  return foreign;
}

it('a role of another tenant’s account yields nothing, and no ID but the caller’s own is sent', async () => {
  const { answer } = await assertYieldsNothing();
  expect(answer.errors).toMatchObject([{ __typename: 'TrustRefused' }]);
  expect(JSON.stringify(answer)).not.toContain(victim.externalId);
});

it('it answers as a role that does not exist: same text, same calls', async () => {
  const foreign = await paste(victim.roleArn);
  const missing = await paste(`arn:aws:iam::${demoAccountIds.shop}:role/nowhere`);
  const nowhere = await paste('arn:aws:iam::999999999999:role/nowhere');
  expect(missing.answer).toEqual(foreign.answer);
  expect(nowhere.answer).toEqual(foreign.answer);
  const shape = ({ calls }: typeof foreign) => calls.map(({ action, errorCode }) => [action, errorCode]);
  expect(shape(missing)).toEqual(shape(foreign));
  expect(shape(nowhere)).toEqual(shape(foreign));
});

it('a session of another account than the declared one is not taken', async () => {
  const account = await register(other, 'Declared', { awsAccountId: demoAccountIds.media });
  rolecall.simulator.calls.clear();
  const { connectAccount } = await other.execute(ConnectAccount, {
    input: { accountId: account.id, roleArn: victim.roleArn },
  });
  expect(connectAccount.errors).toMatchObject([{ code: 'RC_ACCOUNT_ROLE_ARN_INVALID' }]);
  expect(rolecall.simulator.calls.list()).toEqual([]);
});

it('can fail: a gateway that looks the external ID up by the role is found out', async () => {
  const probe = RoleProber.prototype.probe;
  jest.spyOn(RoleProber.prototype, 'probe').mockImplementation(function (this: RoleProber, ...asked) {
    const [account, role, kind, , ...rest] = asked;
    const isConfused = kind === 'right' && role.arn === victim.roleArn;
    return isConfused
      ? probe.call(this, account, role, kind, victim.externalId, ...rest)
      : probe.apply(this, asked);
  });
  await expect(assertYieldsNothing()).rejects.toThrow();
});
