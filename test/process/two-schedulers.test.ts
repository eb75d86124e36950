import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoAccountIds, startSimulator, type Simulator } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { compareWithOracle } from '../e2e/oracle';
import { MINUTE, MORNING } from '../support/rolecall';
import { killCommands, until } from './command';
import { KillableGateway, LEASE_TTL_MS } from './killable-gateway';
import { RunOutcomes } from './operations.graphql';

const PERIOD_MS = 5 * MINUTE;
const floorToPeriod = (instant: number) => instant - (instant % PERIOD_MS);

let simulator: Simulator;
let dataDir: string;
let now: number;

beforeEach(async () => {
  now = MORNING;
  dataDir = mkdtempSync(join(tmpdir(), 'rolecall-two-'));
  simulator = await startSimulator({ now: () => now });
});
afterEach(async () => {
  await killCommands();
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

it.each([
  [
    'stopped for longer than its lease',
    (first: KillableGateway) => {
      first.pause();
      return () => first.resume();
    },
  ],
  [
    'whose event loop is blocked for longer than its lease',
    (first: KillableGateway) => {
      first.block(4 * LEASE_TTL_MS);
      // It comes back by itself.
      return () => undefined;
    },
  ],
])('a scheduler %s stores nothing that another has taken over', async (_, suspend) => {
  const first = await KillableGateway.start(simulator, dataDir, now);
  const accountId = await onboard(first.admin, simulator, demoAccountIds.shop);
  now += PERIOD_MS;
  await first.collect(now);
  const second = await KillableGateway.start(simulator, dataDir, now);

  now += PERIOD_MS;
  const delay = simulator.faults.add({
    kind: 'delay',
    delayMs: 1_000,
    match: { service: 'cloudwatch' },
    times: 2,
  });
  const firstIsDone = first.idle(now);
  first.begin(now);
  await until('the first one waits for CloudWatch', () => delay.hits > 0);
  const resume = suspend(first);
  // Long enough for the signal, or the message, to arrive.
  await sleep(200);

  now += LEASE_TTL_MS + 1_000;
  await second.collect(now);
  const outcomes = () => second.admin.execute(RunOutcomes, { accountIds: [accountId] });
  const [taken] = (await outcomes()).collectionRuns.nodes;
  expect(taken).toMatchObject({ state: 'SUCCEEDED' });
  resume();
  await firstIsDone;

  const [newest, stale] = (await outcomes()).collectionRuns.nodes;
  expect(newest).toEqual(taken);
  expect(stale.scheduledFor).toBe(taken.scheduledFor);
  expect(['FAILED', 'PARTIAL']).toContain(stale.state);
  expect(stale.steps.map(({ error }) => error?.code)).toContain('LEASE_LOST');
  const range = { from: floorToPeriod(MORNING) - 120 * MINUTE, to: floorToPeriod(now) };
  const result = await compareWithOracle(second.admin, simulator, { accountIds: [accountId], ...range });
  expect(result).toMatchObject({ wrong: [], missing: [] });
  expect(result.equal).toBeGreaterThan(1_000);

  // Both go on side by side, each account collected once.
  now += PERIOD_MS;
  await Promise.all([first.collect(now), second.collect(now)]);
  const [last, before] = (await outcomes()).collectionRuns.nodes;
  expect(last).toMatchObject({ state: 'SUCCEEDED' });
  expect(before).toEqual(newest);
  await Promise.all([first.stop(), second.stop()]);
});
