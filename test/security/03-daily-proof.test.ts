import { join } from 'node:path';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { demoAccountIds } from '../../src/simulator';
import { Runs, StatusChanges, VerifyAccount } from '../e2e/operations.graphql';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { TrustOf } from './operations.graphql';
import { connect, prepare, type Candidate } from './support/connect';
import { TRUST_VARIANTS, type TrustVariant } from './support/trust-variants';

/** Trust is proved again every day; a role that became open is not collected once more. */

const DAY = 24 * 60 * MINUTE;
const [EXACT] = TRUST_VARIANTS as [TrustVariant];

let rolecall: Rolecall;
let candidate: Candidate;
beforeEach(async () => {
  rolecall = await startRolecall();
  candidate = await prepare(rolecall, demoAccountIds.media, EXACT, { selfAudit: true });
  await connect(rolecall, candidate);
  // The second proof.
  await rolecall.collect(5 * MINUTE);
});
afterEach(() => rolecall.stop());

const trust = async () => (await rolecall.admin.execute(TrustOf, { id: candidate.accountId })).account!;
const calls = () => rolecall.simulator.calls.list({ accountId: demoAccountIds.media });

it.each(TRUST_VARIANTS.filter(({ foundBy }) => foundBy))('$name: seen within a day', async (variant) => {
  expect((await trust()).status).toBe('CONNECTED');
  candidate.setTrust(variant);
  rolecall.simulator.calls.clear();
  await rolecall.collect(DAY);
  const shut = variant.foundBy === 'ASSUMES_WITH_EXTERNAL_ID';
  const { status, statusReason, nextCollectionAt } = await trust();
  expect(status).toBe(shut ? 'BROKEN' : 'INSECURE');
  expect(statusReason).toMatch(/\w/);
  expect(calls().filter(({ service }) => !['sts', 'iam'].includes(service))).toEqual([]);
  if (shut) return;
  expect(nextCollectionAt).toBeNull();
  // Until somebody mends the role; then by itself, within an hour.
  for (let cycle = 0; cycle < 3; cycle++) await rolecall.collect(5 * MINUTE);
  expect(calls().filter(({ service }) => service === 'cloudwatch')).toEqual([]);
  candidate.setTrust(EXACT);
  await rolecall.collect(60 * MINUTE);
  expect(await trust()).toMatchObject({ status: 'CONNECTED', statusReason: null });
  await rolecall.collect(5 * MINUTE);
  expect(calls().filter(({ service }) => service === 'cloudwatch')).not.toEqual([]);
});

it('a role that refuses is collected no more, though a session of before would still serve', async () => {
  await rolecall.collect(5 * MINUTE);
  candidate.setTrust(TRUST_VARIANTS.at(-1)!);
  const input = { accountId: candidate.accountId };
  await rolecall.admin.execute(VerifyAccount, { input });
  expect((await trust()).status).toBe('BROKEN');
  rolecall.simulator.calls.clear();
  for (let cycle = 0; cycle < 3; cycle++) await rolecall.collect(5 * MINUTE);
  expect(calls().filter(({ service }) => !['sts', 'iam'].includes(service))).toEqual([]);
  expect(await trust()).toMatchObject({ status: 'BROKEN', statusReason: expect.stringMatching(/\w/) });
  const { collectionRuns } = await rolecall.admin.execute(Runs, {
    filter: { accountIds: [input.accountId] },
  });
  expect(collectionRuns.nodes[0]).toMatchObject({ state: 'FAILED' });
  // Mended: the next cycle proves it first, and collects.
  candidate.setTrust(EXACT);
  await rolecall.collect(5 * MINUTE);
  expect((await trust()).status).toBe('CONNECTED');
  expect(calls().filter(({ service }) => service === 'cloudwatch')).not.toEqual([]);
});

it('a proof whose audit entry cannot be stored changes nothing, and the account is not collected on it', async () => {
  const database = await SqliteConnection.open(join(rolecall.dataDir, 'rolecall.sqlite'), 'readwrite');
  await database.exec(`CREATE TRIGGER no_proof BEFORE INSERT ON audit_entry WHEN new.action = 'trust.verified'
    BEGIN SELECT RAISE(ABORT, 'full'); END`);
  candidate.setTrust(TRUST_VARIANTS[1]!);
  rolecall.simulator.calls.clear();
  for (let cycle = 0; cycle < 3; cycle++) await rolecall.collect(cycle === 0 ? DAY : 5 * MINUTE);
  expect((await trust()).status).not.toBe('INSECURE');
  expect(calls().filter(({ service }) => service === 'cloudwatch')).toEqual([]);
  await database.exec('DROP TRIGGER no_proof');
  await database.close();
  await rolecall.collect(5 * MINUTE);
  expect((await trust()).status).toBe('INSECURE');
});

it('is proved once a day, and after a restart too', async () => {
  const probesIn = async (time: number) => {
    rolecall.simulator.calls.clear();
    await rolecall.collect(time);
    const assumed = rolecall.simulator.calls.list({ action: 'AssumeRole' });
    return assumed.filter(({ externalId }) => externalId === undefined).length;
  };
  expect(await probesIn(23 * 60 * MINUTE)).toBe(0);
  await rolecall.restart();
  expect(await probesIn(60 * MINUTE)).toBe(1);
  expect(await probesIn(60 * MINUTE)).toBe(0);
});

it.each([
  ['is down', { kind: 'error', status: 503 } as const],
  ['breaks off', { kind: 'drop', afterBytes: 100 } as const],
  ['is behind a proxy that answers itself', { kind: 'error', status: 407, code: 'Unknown' } as const],
])(
  'STS that %s proves nothing: the account is collected, and asked about again soon',
  async (_how, fault) => {
    await rolecall.collect(DAY - 6 * MINUTE);
    rolecall.simulator.faults.add({ ...fault, match: { service: 'sts', action: 'AssumeRole' } });
    rolecall.simulator.calls.clear();
    await rolecall.collect(6 * MINUTE);
    expect((await trust()).status).toBe('CONNECTED');
    expect(calls().filter(({ service }) => service === 'cloudwatch')).not.toEqual([]);
    rolecall.simulator.faults.clear();
    candidate.setTrust(TRUST_VARIANTS[1]!);
    await rolecall.collect(2 * MINUTE);
    expect((await trust()).status).toBe('INSECURE');
  },
);

it('subscribers are told', async () => {
  const changes = rolecall.admin.subscribe(StatusChanges);
  const first = changes.next();
  await new Promise((resolve) => setTimeout(resolve, 100));
  candidate.setTrust(TRUST_VARIANTS[1]!);
  await rolecall.collect(DAY);
  const { value } = await first;
  expect(value).toMatchObject({ accountStatusChanges: { from: 'CONNECTED', to: 'INSECURE' } });
  await changes.return(undefined);
});
