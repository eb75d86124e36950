import { demoAccountIds, type NewFault } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { compareWithOracle } from '../e2e/oracle';
import { Accounts, Runs } from '../e2e/operations.graphql';
import { MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { seededRandom } from '../process/seeded-random';

const HOUR = 60 * MINUTE;
const MIDNIGHT = Date.UTC(2026, 10, 24);
const SEED = process.env.SEED ?? String(Date.now());

/** What AWS does on a bad day. */
const FAULTS: NewFault[] = [
  { kind: 'throttle', match: { service: 'cloudwatch', probability: 0.4 } },
  { kind: 'throttle', match: { service: 'ec2', probability: 0.5 } },
  { kind: 'error', status: 503, match: { service: 'sts' } },
  { kind: 'drop', match: { probability: 0.2 } },
  { kind: 'partialData', share: 0.3 },
  { kind: 'latePoints', lateSeconds: 500 },
  { kind: 'denyAction', match: { action: 'DescribeDBInstances' } },
];

let rolecall: Rolecall;
afterEach(() => rolecall.stop());

it('a day of faults and restarts ends in the truth', async () => {
  const random = seededRandom(SEED);
  console.log(`SEED=${SEED}`);
  rolecall = await startRolecall({ at: MIDNIGHT + 10_000, limits: { requestMs: 2_000 } });
  const ids = [
    await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop),
    await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.media),
  ];
  for (let cycle = 0; cycle < 288; cycle++) {
    rolecall.simulator.faults.clear();
    // The first cycle is quiet, since what lies before the first answer is no gap, and so are the last two hours, so that
    // everything that is late is had.
    if (cycle > 0 && cycle < 264) {
      for (const fault of FAULTS) if (random() < 0.1) rolecall.simulator.faults.add(fault);
      if (random() < 0.03) rolecall.simulator.faults.add({ kind: 'expireSessions' });
      if (random() < 0.02) await rolecall.restart();
      if (random() < 0.02) rolecall.clock.advance(Math.floor(random() * 2 * HOUR));
    }
    await rolecall.collect(5 * MINUTE);
  }
  const end = rolecall.clock.now() - HOUR;
  for (const id of ids) {
    // Day by day: one read holds at most 500 series × 10,000 points.
    for (let from = MIDNIGHT - 2 * HOUR; from < end; from += 6 * HOUR) {
      const to = Math.min(from + 6 * HOUR, end - (end % HOUR));
      const result = await compareWithOracle(rolecall.admin, rolecall.simulator, {
        accountIds: [id],
        from,
        to,
      });
      expect(result).toMatchObject({ wrong: [], missing: [] });
    }
  }
  const { accounts } = await rolecall.admin.execute(Accounts);
  expect(accounts.nodes.map(({ status }) => status)).toEqual(['CONNECTED', 'CONNECTED']);
  const { collectionRuns } = await rolecall.admin.execute(Runs);
  expect(collectionRuns.nodes.every(({ state }) => state !== 'RUNNING' && state !== 'QUEUED')).toBe(true);
});
