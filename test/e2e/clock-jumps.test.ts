import { demoAccountIds } from '../../src/simulator';
import type { Clock } from '../../src/core/clock';
import { ManualClock } from '../support/manual-clock';
import { MINUTE, MORNING, startRolecall, type Rolecall } from '../support/rolecall';
import { onboard } from './onboard';
import { Runs } from './operations.graphql';
import { compareWithOracle } from './oracle';

const PERIOD = 5 * MINUTE;
const floorToPeriod = (instant: number) => instant - (instant % PERIOD);

let rolecall: Rolecall;
/** AWS's time is right; the gateway's is that much ahead of it. */
let ahead: number;
beforeEach(async () => {
  ahead = 0;
  const truth = new ManualClock(MORNING);
  const clock: Clock = { now: () => truth.now() + ahead, sleep: (ms, signal) => truth.sleep(ms, signal) };
  rolecall = await startRolecall({ truth, clock });
});
afterEach(() => rolecall.stop());

it.each([
  ['forward', 5 * MINUTE],
  ['back', -5 * MINUTE],
])('a clock that jumps five minutes %s, and later returns, loses and doubles nothing', async (_, jump) => {
  const accountId = await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop);
  const collect = async (cycles: number) => {
    for (let cycle = 0; cycle < cycles; cycle++) await rolecall.collect(PERIOD);
  };
  await collect(2);
  ahead = jump;
  await collect(3);
  ahead = 0;
  await collect(4);

  const now = rolecall.clock.now();
  const result = await compareWithOracle(rolecall.admin, rolecall.simulator, {
    accountIds: [accountId],
    ...{ from: floorToPeriod(MORNING) - 120 * MINUTE, to: floorToPeriod(now) },
  });
  expect(result).toMatchObject({ wrong: [], missing: [] });
  expect(result.equal).toBeGreaterThan(1_000);
  const { collectionRuns } = await rolecall.admin.execute(Runs);
  expect(collectionRuns.nodes.map(({ state }) => state)).toEqual(collectionRuns.nodes.map(() => 'SUCCEEDED'));
  // Its place in the interval is by the clock: one that jumps on brings a due time forward, one that jumps back puts it off.
  expect(collectionRuns.nodes.length).toBeGreaterThanOrEqual(8);
});

it('a clock twenty minutes ahead takes no period that has not ended for an empty one', async () => {
  const accountId = await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop);
  await rolecall.collect(PERIOD);
  ahead = 20 * MINUTE;
  await rolecall.collect(PERIOD);
  ahead = 0;
  for (let cycle = 0; cycle < 6; cycle++) await rolecall.collect(PERIOD);
  const result = await compareWithOracle(rolecall.admin, rolecall.simulator, {
    accountIds: [accountId],
    ...{ from: floorToPeriod(MORNING) - 120 * MINUTE, to: floorToPeriod(rolecall.clock.now()) },
  });
  expect(result).toMatchObject({ wrong: [], missing: [] });
});
