import { demoAccountIds } from '../../src/simulator';
import { TrustOf } from '../security/operations.graphql';
import { connect, prepare } from '../security/support/connect';
import { TRUST_VARIANTS } from '../security/support/trust-variants';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';

/** `force`: a stored, audited waiver of an ADMIN of the root tenant, which expires. */

const DAY = 24 * 60 * MINUTE;
const named = (name: string) => TRUST_VARIANTS.find((one) => one.name === name)!;
const OPEN = named('no condition');

let rolecall: Rolecall;
beforeEach(async () => (rolecall = await startRolecall()));
afterEach(() => rolecall.stop());

const trustOf = async (id: string) => (await rolecall.admin.execute(TrustOf, { id })).account!;

it('lets an open role in for a week, and says so', async () => {
  const candidate = await prepare(rolecall, demoAccountIds.shop, OPEN);
  const { errors } = await connect(rolecall, candidate, { force: true });
  expect(errors).toEqual([]);
  const connected = await trustOf(candidate.accountId);
  expect(connected).toMatchObject({
    status: 'CONNECTED',
    waiver: { checks: ['REFUSED_WITHOUT_EXTERNAL_ID', 'REFUSED_WITH_WRONG_EXTERNAL_ID'] },
  });
  const waived = connected.verification!.checks.filter((check) => check.waived);
  expect(waived.map(({ outcome }) => outcome)).toEqual(['WARNING', 'WARNING']);
  for (let day = 0; day < 6; day++) await rolecall.collect(DAY);
  expect((await trustOf(candidate.accountId)).status).toBe('CONNECTED');
  await rolecall.collect(DAY);
  expect((await trustOf(candidate.accountId)).status).toBe('INSECURE');
});

it('waives what failed then, and nothing that goes wrong later', async () => {
  const candidate = await prepare(rolecall, demoAccountIds.shop, named('StringEqualsIfExists'));
  await connect(rolecall, candidate, { force: true });
  expect((await trustOf(candidate.accountId)).waiver!.checks).toEqual(['REFUSED_WITHOUT_EXTERNAL_ID']);
  candidate.setTrust(OPEN);
  await rolecall.collect(DAY);
  expect((await trustOf(candidate.accountId)).status).toBe('INSECURE');
});

it('leaves no waiver where nothing failed', async () => {
  const candidate = await prepare(rolecall, demoAccountIds.shop, named('exact'));
  await connect(rolecall, candidate, { force: true });
  expect(await trustOf(candidate.accountId)).toMatchObject({ status: 'CONNECTED', waiver: null });
});

it('never waives that the role opens to Rolecall', async () => {
  const candidate = await prepare(rolecall, demoAccountIds.shop, named('another account'));
  const { errors } = await connect(rolecall, candidate, { force: true });
  expect(errors).toMatchObject([{ __typename: 'TrustRefused' }]);
  expect((await trustOf(candidate.accountId)).status).toBe('AWAITING_ROLE');
});

it('ends with the next connection', async () => {
  const candidate = await prepare(rolecall, demoAccountIds.shop, OPEN);
  await connect(rolecall, candidate, { force: true });
  candidate.setTrust(named('exact'));
  await connect(rolecall, candidate);
  expect((await trustOf(candidate.accountId)).waiver).toBeNull();
});
