import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoAccountIds, startSimulator, type NewFault, type Simulator } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { Resources } from '../e2e/operations.graphql';
import { compareWithOracle } from '../e2e/oracle';
import type { CollectedSeriesQuery } from '../gql/graphql';
import type { GraphqlClient } from '../support/graphql-client';
import { ManualClock } from '../support/manual-clock';
import { MINUTE, MORNING } from '../support/rolecall';
import { killCommands, until } from './command';
import { KillableGateway, LEASE_TTL_MS } from './killable-gateway';
import { CollectedSeries, LatestOf, RunStates } from './operations.graphql';
import { seededRandom } from './seeded-random';
import { storedGaps } from './stored-gaps';

const { shop, payments } = demoAccountIds;
/** A series seen for the first time starts three hours back. */
const FIRST_LOOK_BACK_MS = 180 * MINUTE;
const PERIOD_MS = 5 * MINUTE;
const floorToPeriod = (instant: number) => instant - (instant % PERIOD_MS);

/** Of the moments of death; CRASH_SEED repeats those of a failure. */
const seed = process.env.CRASH_SEED ?? String(Date.now());

interface Moment {
  /** What the collection is doing when it is killed. */
  name: string;
  /** Since the collection before. */
  afterMs: number;
  /** Holds the collection up there; its first hit tells that it is under way. */
  delay: NewFault & { kind: 'delay' };
  /** What else must have happened. */
  reached?: (gateway: KillableGateway) => Promise<boolean> | boolean;
  /** Killed this long after, at most: always before the delay ends. */
  withinMs: number;
}

let simulator: Simulator;
let gateway: KillableGateway;
let accountIds: string[];
let dataDir: string;
const clock = new ManualClock(MORNING);

const delayOf = (delayMs: number, match: NewFault['match']): Moment['delay'] => ({
  kind: 'delay',
  delayMs,
  match,
});
/** Both accounts have it, and another one whose answers are not held up. */
const SLOW_REGION = 'eu-central-1';

const MOMENTS: Moment[] = [
  {
    name: 'in the very first discovery',
    afterMs: PERIOD_MS,
    delay: delayOf(600, { service: 'rds' }),
    withinMs: 400,
  },
  {
    name: 'while sessions are asked for, the old ones having ended',
    afterMs: 90 * MINUTE,
    delay: delayOf(400, { service: 'sts' }),
    withinMs: 300,
  },
  {
    name: 'in the fetch, with nothing stored',
    afterMs: PERIOD_MS,
    delay: delayOf(800, { service: 'cloudwatch' }),
    withinMs: 600,
  },
  {
    name: 'between two stores',
    afterMs: PERIOD_MS,
    delay: delayOf(2_000, { service: 'cloudwatch', region: SLOW_REGION }),
    reached: async ({ admin }) => (await newestPoint(admin)) === floorToPeriod(clock.now()) - PERIOD_MS,
    withinMs: 500,
  },
  {
    name: 'while points are stored',
    afterMs: PERIOD_MS,
    delay: delayOf(2_000, { service: 'cloudwatch', region: SLOW_REGION }),
    reached: () => answeredFetches() > 0,
    withinMs: 40,
  },
];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'rolecall-crash-'));
  simulator = await startSimulator({ now: clock.now });
  gateway = await KillableGateway.start(simulator, dataDir, clock.now());
  accountIds = await onboardBoth(gateway, simulator);
});

afterAll(async () => {
  await gateway?.stop();
  await killCommands();
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

describe(`kill -9 in mid-collection (CRASH_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  let since: number;
  let killed = 0;

  it.each(MOMENTS)(
    '$name: nothing is lost, nothing doubled',
    async (moment) => {
      clock.advance(moment.afterMs);
      await killAt(moment);
      killed += 1;
      since ??= floorToPeriod(clock.now() + LEASE_TTL_MS + 1000 - FIRST_LOOK_BACK_MS);
      const stored = await storedGaps(dataDir, simulator, since);
      expect(stored.gaps).toEqual([]);
      if (killed > 1) expect(stored.series).toBeGreaterThan(300);

      // As soon as the dead holder's leases have run out, the new process collects what was cut short.
      clock.advance(LEASE_TTL_MS + 1000);
      gateway = await KillableGateway.start(simulator, dataDir, clock.now());
      await gateway.collect(clock.now());
      await expectTruth();
      for (const accountId of accountIds) {
        const runs = await runsOf(accountId);
        expect(runs[0]).toMatchObject({ state: 'SUCCEEDED' });
        expect(runs.map(({ state }) => state).sort()).toEqual([
          ...Array<string>(killed).fill('FAILED'),
          ...Array<string>(killed).fill('SUCCEEDED'),
        ]);
        expect(runs.filter(({ finishedAt }) => finishedAt === null)).toEqual([]);
      }
    },
    20_000,
  );

  it('leaves what a gateway has that was never killed', async () => {
    clock.advance(PERIOD_MS);
    await gateway.collect(clock.now());
    await expectTruth();
    expect(await inventoryOf(gateway.admin)).toEqual(await undisturbedInventory());
    expect(gateway.log).toBe('');
  });

  /** Starts a collection and kills the gateway at the moment, or a little later. */
  async function killAt({ delay, reached, withinMs }: Moment): Promise<void> {
    simulator.calls.clear();
    const fault = simulator.faults.add(delay);
    gateway.begin(clock.now());
    await until('both accounts are being collected', async () => {
      const newest = await Promise.all(accountIds.map(async (id) => (await runsOf(id))[0]?.state));
      return newest.every((state) => state === 'RUNNING');
    });
    await until('the collection is held up', () => fault.hits > 0);
    if (reached) await until('the moment has come', () => reached(gateway));
    await sleep(random() * withinMs);
    await gateway.kill();
    await gateway.admin.close();
    simulator.faults.clear();
  }

  /** Every point since the first collection equals the oracle, and none is missing. */
  async function expectTruth(): Promise<void> {
    for (const accountId of accountIds) {
      const range = { from: since, to: floorToPeriod(clock.now()) };
      const result = await compareWithOracle(gateway.admin, simulator, { accountIds: [accountId], ...range });
      expect(result).toMatchObject({ wrong: [], missing: [] });
      expect(result.equal).toBeGreaterThan(2_000);
    }
  }
});

async function onboardBoth({ admin }: KillableGateway, aws: Simulator): Promise<string[]> {
  return [await onboard(admin, aws, shop), await onboard(admin, aws, payments)];
}

/** What one collection of the same world finds. */
async function undisturbedInventory() {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-calm-'));
  const aws = await startSimulator({ now: clock.now });
  const calm = await KillableGateway.start(aws, folder, clock.now());
  await onboardBoth(calm, aws);
  await calm.collect(clock.now() + PERIOD_MS);
  const inventory = await inventoryOf(calm.admin);
  await calm.stop();
  await aws.close();
  rmSync(folder, { recursive: true });
  expect(inventory.series.length).toBeGreaterThan(300);
  return inventory;
}

async function runsOf(accountId: string) {
  return (await gateway.admin.execute(RunStates, { accountIds: [accountId] })).collectionRuns.nodes;
}

/** The start of the newest period of which a CPU value is stored (epoch ms). */
async function newestPoint(client: GraphqlClient): Promise<number> {
  const { metrics } = await client.execute(LatestOf, { filter: { names: ['CPUUtilization'] } });
  return Math.max(...metrics.nodes.map(({ latest }) => (latest ? Date.parse(latest.timestamp) : 0)));
}

/** Fetches of the present collection that got their answer. */
function answeredFetches(): number {
  return simulator.calls.list({ action: 'GetMetricData' }).filter(({ status }) => status === 200).length;
}

/** Every resource and series by what AWS knows it by, one entry a row. */
async function inventoryOf(client: GraphqlClient) {
  const { resources } = await client.execute(Resources, { filter: {}, first: 500 });
  const series: string[] = [];
  for (let after: string | null | undefined = null; after !== undefined;) {
    const { metrics }: CollectedSeriesQuery = await client.execute(CollectedSeries, { after });
    for (const { resource, namespace, name, statistic, period, dimensions } of metrics.nodes)
      series.push(JSON.stringify([resource.arn, namespace, name, statistic, period, dimensions]));
    after = metrics.pageInfo.hasNextPage ? metrics.pageInfo.endCursor : undefined;
  }
  return {
    resources: resources.nodes
      .map(({ account: _account, id: _id, ...resource }) => JSON.stringify(resource))
      .sort(),
    resourceCount: resources.totalCount,
    series: series.sort(),
  };
}
