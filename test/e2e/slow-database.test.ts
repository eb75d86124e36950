import { openDatabase, type Database } from '../../src/db';
import type { SeriesPoints } from '../../src/core/metrics/metric-store';
import { demoWorld } from '../../src/simulator';
import { MINUTE, startRolecall } from '../support/rolecall';
import { onboard } from './onboard';
import { Runs } from './operations.graphql';

/** A database that takes its time slows the asking: what was answered does not pile up in memory. */

const REGION = 'us-east-1';
const ACCOUNTS = 12;
const APPEND_MS = 40;
/** Less than what all accounts are answered at once, more than what one is. */
const ROOM = 2_500;

/** Counts what CloudWatch has answered and the store has not taken yet. */
class Backlog {
  points = 0;
  most = 0;
  appends = 0;

  open = async (options: Parameters<typeof openDatabase>[0]): Promise<Database> => {
    const database = await openDatabase(options);
    const { metrics } = database;
    const append = metrics.append.bind(metrics);
    metrics.append = async (fence, batch, appendOptions) => {
      const points = pointsOf(batch);
      this.appends += 1;
      this.points += points;
      this.most = Math.max(this.most, this.points);
      try {
        await new Promise((resolve) => setTimeout(resolve, APPEND_MS));
        return await append(fence, batch, appendOptions);
      } finally {
        this.points -= points;
      }
    };
    return database;
  };
}

const pointsOf = (batch: readonly SeriesPoints[]) =>
  batch.reduce((sum, { timestamps }) => sum + timestamps.length, 0);

it.each([
  ['with room for all', 1_000_000],
  ['with little room', ROOM],
])('%s', async (_what, pointsInMemory) => {
  const world = demoWorld();
  const ids = Array.from({ length: ACCOUNTS }, (_, index) => String(500_000_000_000 + index));
  for (const id of ids) {
    world.addAccount({ id, enabledRegions: [REGION] });
    world.addInstances({ accountId: id, region: REGION, count: 4 });
  }
  const backlog = new Backlog();
  const rolecall = await startRolecall({
    world,
    openDatabase: backlog.open,
    settings: { ROLECALL_BACKFILL_DAYS: '0' },
    limits: { accountsAtOnce: ACCOUNTS, pointsInMemory },
  });
  try {
    for (const id of ids) {
      await onboard(rolecall.admin, rolecall.simulator, id, { plugins: ['ec2'], regions: [REGION] });
    }
    await rolecall.collect(5 * MINUTE);
    const { collectionRuns } = await rolecall.admin.execute(Runs, {});
    expect(collectionRuns.nodes).toHaveLength(ACCOUNTS);
    expect(new Set(collectionRuns.nodes.map(({ state }) => state))).toEqual(new Set(['SUCCEEDED']));
    const stored = collectionRuns.nodes.map(({ pointsStored }) => pointsStored);
    // Of one account there is room for.
    expect(Math.max(...stored)).toBeLessThan(ROOM);
    expect(backlog.appends).toBeGreaterThanOrEqual(ACCOUNTS);
    if (pointsInMemory === ROOM) expect(backlog.most).toBeLessThanOrEqual(ROOM);
    // The test can fail.
    else expect(backlog.most).toBeGreaterThan(ROOM);
  } finally {
    await rolecall.stop();
  }
});
