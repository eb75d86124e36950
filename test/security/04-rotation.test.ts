import { DENY_EVERYTHING } from '../../src/core/credentials/session-policy';
import { demoAccountIds, demoWorld, type World } from '../../src/simulator';
import { makeRole } from '../e2e/onboard';
import {
  CancelRotation,
  PauseAccount,
  ResumeAccount,
  RotateExternalId,
  Runs,
  VerifyAccount,
} from '../e2e/operations.graphql';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { TrustOf } from './operations.graphql';
import { connect, prepare, type Candidate } from './support/connect';
import { comparing, TRUST_VARIANTS, type TrustVariant } from './support/trust-variants';

/** An external ID rotates without a missed collection, and ends with the proof that the one before is refused. */

const [EXACT] = TRUST_VARIANTS as [TrustVariant];
const DAY = 24 * 60 * MINUTE;

let rolecall: Rolecall;
afterEach(() => rolecall.stop());

const trustOf = async (accountId: string) =>
  (await rolecall.admin.execute(TrustOf, { id: accountId })).account!;

/** The customer puts the trust policy that the onboarding shows now into the role. */
async function followOnboarding({ accountId, roleArn }: Candidate): Promise<void> {
  const { onboarding } = await trustOf(accountId);
  const [, , , , awsAccountId, role] = roleArn.split(':');
  makeRole(rolecall.simulator, awsAccountId!, onboarding!, role!.replace('role/', ''));
}

const idsIn = (policy: unknown) =>
  JSON.stringify(policy).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)!;

describe('one account', () => {
  let candidate: Candidate;
  let first: string;
  let second: string;
  beforeEach(async () => {
    rolecall = await startRolecall();
    candidate = await prepare(rolecall, demoAccountIds.shop, EXACT);
    await connect(rolecall, candidate);
    const input = { accountId: candidate.accountId };
    const { rotateExternalId } = await rolecall.admin.execute(RotateExternalId, { input });
    [first, second] = [candidate.externalId, rotateExternalId.pending!.value];
  });

  it('the generated trust policy accepts both, and collection goes on with the ACTIVE one', async () => {
    const { onboarding } = await trustOf(candidate.accountId);
    expect(idsIn(onboarding!.trustPolicy).sort()).toEqual([first, second].sort());
    rolecall.simulator.calls.clear();
    await rolecall.collect(5 * MINUTE);
    const collecting = rolecall.simulator.calls
      .list({ action: 'AssumeRole' })
      .filter(({ sessionPolicy }) => sessionPolicy !== DENY_EVERYTHING);
    expect(new Set(collecting.map(({ externalId }) => externalId))).toEqual(new Set([first]));
    const { collectionRuns } = await rolecall.admin.execute(Runs, {});
    expect(collectionRuns.nodes.map(({ state }) => state)).toEqual(['SUCCEEDED']);
  });

  it('two successes a minute apart promote, and not one, nor two at once', async () => {
    await followOnboarding(candidate);
    const input = { accountId: candidate.accountId };
    await Promise.all([1, 2, 3].map(() => rolecall.admin.execute(VerifyAccount, { input })));
    await rolecall.collect(59_000);
    expect((await trustOf(candidate.accountId)).externalIds[0]).toMatchObject({
      value: second,
      state: 'PENDING',
      acceptedAt: expect.any(String),
    });
    await rolecall.collect(1_000);
    const { externalIds } = await trustOf(candidate.accountId);
    expect(externalIds.map(({ value, state }) => [value, state])).toEqual([
      [second, 'ACTIVE'],
      [first, 'RETIRED'],
    ]);
  });

  it('a failure between two successes starts the minute anew', async () => {
    const before = makeRoleOf(await trustOf(candidate.accountId));
    await followOnboarding(candidate);
    await rolecall.collect(MINUTE);
    before.undo();
    await rolecall.collect(MINUTE);
    expect((await trustOf(candidate.accountId)).externalIds[0]).toMatchObject({
      state: 'PENDING',
      acceptedAt: null,
    });
  });

  it('a role that opens to anybody promotes nothing', async () => {
    candidate.setTrust(TRUST_VARIANTS[1]!);
    for (let minute = 0; minute < 20; minute++) await rolecall.collect(MINUTE);
    const { externalIds, status } = await trustOf(candidate.accountId);
    expect(externalIds[0]).toMatchObject({ value: second, state: 'PENDING' });
    expect(status).toBe('INSECURE');
  });

  it('is tried ever less often while the customer does nothing', async () => {
    const triesIn = async (minutes: number) => {
      rolecall.simulator.calls.clear();
      for (let minute = 0; minute < minutes; minute++) await rolecall.collect(MINUTE);
      return rolecall.simulator.calls
        .list({ action: 'AssumeRole' })
        .filter(({ externalId }) => externalId === second).length;
    };
    const early = await triesIn(30);
    const late = await triesIn(30);
    expect(early).toBeLessThan(10);
    expect(late).toBe(2);
  });

  it('the one before serves when the customer takes the change back', async () => {
    const before = makeRoleOf(await trustOf(candidate.accountId));
    await followOnboarding(candidate);
    await rolecall.collect(MINUTE);
    await rolecall.collect(MINUTE);
    expect((await trustOf(candidate.accountId)).externalIds[0]).toMatchObject({ state: 'ACTIVE' });
    before.undo();
    for (let cycle = 0; cycle < 15; cycle++) await rolecall.collect(5 * MINUTE);
    const { collectionRuns } = await rolecall.admin.execute(Runs, {});
    expect(new Set(collectionRuns.nodes.map(({ state }) => state))).toEqual(new Set(['SUCCEEDED']));
    const { verifyAccount } = await rolecall.admin.execute(VerifyAccount, {
      input: { accountId: candidate.accountId },
    });
    expect(verifyAccount.verification!.checks).toContainEqual(
      expect.objectContaining({ name: 'ASSUMES_WITH_EXTERNAL_ID', outcome: 'WARNING' }),
    );
    expect(verifyAccount.account!.status).toBe('CONNECTED');
  });

  it('cannot end while the role accepts the one before; after a week that is a fault', async () => {
    await followOnboarding(candidate);
    await rolecall.collect(MINUTE);
    await rolecall.collect(MINUTE);
    for (let day = 0; day < 7; day++) await rolecall.collect(DAY);
    const open = await trustOf(candidate.accountId);
    expect(open.externalIds[1]).toMatchObject({ value: first, state: 'RETIRED', refusedAt: null });
    await rolecall.collect(DAY);
    const late = await trustOf(candidate.accountId);
    expect(late.status).toBe('DEGRADED');
    expect(late.statusReason).toContain(first);
    await followOnboarding(candidate);
    await rolecall.collect(60 * MINUTE);
    await rolecall.collect(60 * MINUTE);
    const ended = await trustOf(candidate.accountId);
    expect(ended.externalIds[1]!.refusedAt).not.toBeNull();
    expect(ended.status).toBe('CONNECTED');
  });

  it('after two rotations each ID before is tried at its own pace, and none is forgotten', async () => {
    const { accountId } = candidate;
    /** The customer puts these in place, and they are tried. */
    const accept = async (...ids: string[]) => {
      const { onboarding } = await trustOf(accountId);
      const trustPolicy = comparing(onboarding!.trustPolicy, 'StringEquals', ids);
      rolecall.simulator.world.changeRole(candidate.roleArn, { trustPolicy });
      await rolecall.admin.execute(VerifyAccount, { input: { accountId } });
      await rolecall.collect(MINUTE);
    };
    await accept(first, second);
    const again = await rolecall.admin.execute(RotateExternalId, { input: { accountId } });
    const third = again.rotateExternalId.pending!.value;
    await accept(first, second, third);
    expect((await trustOf(accountId)).externalIds.map(({ value, state }) => [value, state])).toEqual([
      [third, 'ACTIVE'],
      [second, 'RETIRED'],
      [first, 'RETIRED'],
    ]);
    rolecall.simulator.calls.clear();
    for (let minute = 0; minute < 10; minute++) await rolecall.collect(MINUTE);
    const tries = (value: string) =>
      rolecall.simulator.calls
        .list({ action: 'AssumeRole' })
        .filter(({ externalId, sessionPolicy }) => externalId === value && sessionPolicy === DENY_EVERYTHING);
    expect(tries(first).length).toBeLessThan(7);
    expect(tries(second).length).toBeLessThan(7);
    // The oldest is left in place.
    await accept(first, third);
    const { verification, externalIds } = await trustOf(accountId);
    expect(verification!.checks).toContainEqual(
      expect.objectContaining({ name: 'RETIRED_EXTERNAL_ID_REFUSED', outcome: 'WARNING' }),
    );
    expect(externalIds.find(({ value }) => value === second)!.refusedAt).not.toBeNull();
    expect(externalIds.find(({ value }) => value === first)!.refusedAt).toBeNull();
  });

  it('one that was cancelled after the customer had put it in place is not forgotten either', async () => {
    const { accountId } = candidate;
    await followOnboarding(candidate);
    await rolecall.admin.execute(CancelRotation, { input: { accountId } });
    const { verifyAccount } = await rolecall.admin.execute(VerifyAccount, { input: { accountId } });
    expect(verifyAccount.verification!.checks).toContainEqual(
      expect.objectContaining({ name: 'RETIRED_EXTERNAL_ID_REFUSED', outcome: 'WARNING' }),
    );
    await followOnboarding(candidate);
    await rolecall.collect(5 * MINUTE);
    const { externalIds } = await trustOf(accountId);
    expect(externalIds.find(({ value }) => value === second)).toMatchObject({
      state: 'RETIRED',
      refusedAt: expect.any(String),
    });
  });

  it('a paused customer is not asked', async () => {
    const input = { accountId: candidate.accountId };
    await rolecall.admin.execute(PauseAccount, { input });
    rolecall.simulator.calls.clear();
    for (let minute = 0; minute < 30; minute++) await rolecall.collect(MINUTE);
    expect(rolecall.simulator.calls.list()).toEqual([]);
    await followOnboarding(candidate);
    await rolecall.admin.execute(ResumeAccount, { input });
    for (let minute = 0; minute < 2; minute++) await rolecall.collect(MINUTE);
    expect((await trustOf(candidate.accountId)).externalIds[0]).toMatchObject({ state: 'ACTIVE' });
  });

  /** The role as it is now, to be put back. */
  function makeRoleOf({ roleArn }: { roleArn?: string | null }) {
    const { role } = rolecall.simulator.world.role(roleArn!)!;
    const kept = structuredClone(role.trustPolicy);
    return { undo: () => void (rolecall.simulator.world.role(roleArn!)!.role.trustPolicy = kept) };
  }
});

describe('a hundred accounts under load', () => {
  const COUNT = 100;
  const accountIds = Array.from({ length: COUNT }, (_, index) => String(500_000_000_000 + index));

  function world(): World {
    const made = demoWorld();
    for (const accountId of accountIds) {
      made.addAccount({ id: accountId, enabledRegions: ['us-east-1'] });
      made.addInstance({ accountId, region: 'us-east-1' });
    }
    return made;
  }

  it('miss no collection, and end with the proof that the ID before is refused', async () => {
    rolecall = await startRolecall({ world: world() });
    const candidates: Candidate[] = [];
    for (const awsAccountId of accountIds) {
      const candidate = await prepare(rolecall, awsAccountId, EXACT, { settings: { plugins: ['ec2'] } });
      const { errors } = await connect(rolecall, candidate);
      expect(errors).toEqual([]);
      candidates.push(candidate);
    }
    await rolecall.collect(5 * MINUTE);
    const minutes = 30;
    const started = candidates.map(({ accountId }) =>
      rolecall.admin.execute(RotateExternalId, { input: { accountId } }),
    );
    for (let minute = 1; minute <= minutes; minute++) {
      await rolecall.collect(MINUTE);
      // Customers follow one after the other, first to both IDs, then to the new one alone.
      if (minute % 3 !== 0) continue;
      const group = candidates.filter((_, index) => index % 5 === (minute / 3) % 5);
      await Promise.all(group.map(followOnboarding));
    }
    // One that was tried in vain a few times is tried once an hour.
    for (let hour = 0; hour < 2; hour++) await rolecall.collect(60 * MINUTE);
    const pending = (await Promise.all(started)).map(
      ({ rotateExternalId }) => rotateExternalId.pending!.value,
    );
    expect(new Set(pending).size).toBe(COUNT);
    for (const [index, { accountId, externalId }] of candidates.entries()) {
      const { externalIds, status } = await trustOf(accountId);
      expect(status).toBe('CONNECTED');
      expect(externalIds).toMatchObject([
        { value: pending[index], state: 'ACTIVE' },
        { value: externalId, state: 'RETIRED', refusedAt: expect.any(String) },
      ]);
      const { collectionRuns } = await rolecall.admin.execute(Runs, { filter: { accountIds: [accountId] } });
      expect(collectionRuns.nodes.map(({ state }) => state)).toEqual(
        Array.from({ length: 1 + minutes / 5 + 2 }, () => 'SUCCEEDED'),
      );
    }
  }, 180_000);
});
