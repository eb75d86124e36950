import { demoAccountIds } from '../../src/simulator';
import type { AccountChangesSubscription, VerificationProgressSubscription } from '../gql/graphql';
import { AccountChanges, VerificationProgress } from '../security/operations.graphql';
import { connect, prepare, type Candidate } from '../security/support/connect';
import { TRUST_VARIANTS } from '../security/support/trust-variants';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { makeRole } from './onboard';
import { RotateExternalId, UpdateAccount } from './operations.graphql';

/** What a console shows without asking again: proofs as they run, and accounts as they change. */

let rolecall: Rolecall;
let candidate: Candidate;
beforeEach(async () => {
  rolecall = await startRolecall();
  candidate = await prepare(rolecall, demoAccountIds.shop, TRUST_VARIANTS[0]!);
});
afterEach(() => rolecall.stop());

/** Keeps what a subscription tells, which begins to tell a moment after it was asked. */
async function listen<Message>(
  messages: AsyncGenerator<Message>,
  nudge: () => Promise<unknown>,
): Promise<Message[]> {
  const told: Message[] = [];
  void (async () => {
    for await (const message of messages) told.push(message);
  })().catch(() => undefined);
  while (told.length === 0) {
    await nudge();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return told;
}

it('verificationProgress tells each check as it has its answer, up to the whole', async () => {
  const { accountId } = candidate;
  const told = await listen<VerificationProgressSubscription>(
    rolecall.admin.subscribe(VerificationProgress, { accountId }),
    () => connect(rolecall, candidate),
  );
  await until(() => told.some(({ verificationProgress }) => verificationProgress.complete));
  const running = told.map(
    ({ verificationProgress }) =>
      verificationProgress.checks.filter(({ outcome }) => outcome === 'RUNNING').length,
  );
  const whole = running.indexOf(0);
  expect(running.slice(0, whole + 1)).toEqual([...running.slice(0, whole + 1)].sort((a, b) => b - a));
  for (const { verificationProgress } of told.slice(0, whole)) {
    expect(verificationProgress).toMatchObject({ complete: false, ok: false });
  }
  expect(told[whole]!.verificationProgress).toMatchObject({ complete: true, ok: true });
});

it('accountChanges tells of settings, and of a rotation step by step', async () => {
  await connect(rolecall, candidate);
  const { accountId } = candidate;
  const told = await listen<AccountChangesSubscription>(
    rolecall.admin.subscribe(AccountChanges, { accountIds: [accountId] }),
    () => rolecall.admin.execute(UpdateAccount, { input: { accountId, monthlyBudgetUsd: 5 } }),
  );
  const states = () => told.at(-1)!.accountChanges.externalIds.map(({ state }) => state);
  const { rotateExternalId } = await rolecall.admin.execute(RotateExternalId, { input: { accountId } });
  await until(() => states().includes('PENDING'));
  const name = candidate.roleArn.split('/').at(-1)!;
  makeRole(rolecall.simulator, demoAccountIds.shop, rotateExternalId.account!.onboarding!, name);
  for (let minute = 0; minute < 2; minute++) await rolecall.collect(MINUTE);
  await until(() => states().join() === 'ACTIVE,RETIRED');
  expect(told.at(-1)!.accountChanges.externalIds[0]!.value).toBe(rotateExternalId.pending!.value);
});
