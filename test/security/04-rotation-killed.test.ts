import { join } from 'node:path';
import { SqliteExternalIdRepository } from '../../src/db/accounts/sqlite-external-id-repository';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { demoAccountIds } from '../../src/simulator';
import { makeRole } from '../e2e/onboard';
import { RotateExternalId, Runs } from '../e2e/operations.graphql';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { TrustOf } from './operations.graphql';
import { connect, prepare, type Candidate } from './support/connect';
import { TRUST_VARIANTS } from './support/trust-variants';

/** A rotation goes on where it was, whatever step the gateway was killed at, and each step is in the audit log once. */

const STEPS = ['addPending', 'notePending', 'promote', 'noteRetired'] as const;
const MOMENTS = STEPS.flatMap((step) => (['before', 'after'] as const).map((when) => ({ step, when })));

let rolecall: Rolecall;
let candidate: Candidate;
beforeEach(async () => {
  rolecall = await startRolecall();
  candidate = await prepare(rolecall, demoAccountIds.shop, TRUST_VARIANTS[0]!);
  await connect(rolecall, candidate);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rolecall.stop();
});

const trust = async () => (await rolecall.admin.execute(TrustOf, { id: candidate.accountId })).account!;

async function followOnboarding(): Promise<void> {
  const name = candidate.roleArn.split('/').at(-1)!;
  makeRole(rolecall.simulator, demoAccountIds.shop, (await trust()).onboarding!, name);
}

/** What the process does between a transaction and the next is lost with it. */
function dieAt({ step, when }: (typeof MOMENTS)[number]) {
  const repository = SqliteExternalIdRepository.prototype as unknown as Record<
    string,
    (...asked: unknown[]) => Promise<unknown>
  >;
  const original = repository[step]!;
  return jest.spyOn(repository, step).mockImplementationOnce(async function (this: unknown, ...asked) {
    if (when === 'after') await original.apply(this, asked);
    throw new Error('Killed');
  });
}

async function rotationSteps(): Promise<string[]> {
  const database = await SqliteConnection.open(join(rolecall.dataDir, 'rolecall.sqlite'), 'readonly');
  const rows = await database.all<{ action: string }>(
    `SELECT action FROM audit_entry WHERE action LIKE 'rotation.%' ORDER BY id`,
  );
  await database.close();
  return rows.map(({ action }) => action);
}

it.each(MOMENTS)('killed $when $step', async (moment) => {
  const death = dieAt(moment);
  const input = { accountId: candidate.accountId };
  await rolecall.admin.execute(RotateExternalId, { input }).catch(() => null);
  if (death.mock.calls.length > 0) await rolecall.restart();
  if ((await trust()).externalIds.length === 1) await rolecall.admin.execute(RotateExternalId, { input });
  const pending = (await trust()).externalIds.find(({ state }) => state === 'PENDING')!.value;
  await followOnboarding();
  let restarts = death.mock.calls.length;
  for (let minute = 0; minute < 10; minute++) {
    await rolecall.collect(MINUTE);
    if (death.mock.calls.length > restarts) {
      restarts = death.mock.calls.length;
      await rolecall.restart();
    }
    if (minute === 5) await followOnboarding();
  }
  expect(death).toHaveBeenCalled();
  expect((await trust()).externalIds).toMatchObject([
    { value: pending, state: 'ACTIVE' },
    { value: candidate.externalId, state: 'RETIRED', refusedAt: expect.any(String) },
  ]);
  expect(await rotationSteps()).toEqual([
    'rotation.started',
    'rotation.accepted',
    'rotation.promoted',
    'rotation.retired-refused',
  ]);
  const { collectionRuns } = await rolecall.admin.execute(Runs, {});
  expect(collectionRuns.nodes.map(({ state }) => state)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
});
