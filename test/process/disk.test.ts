import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoAccountIds, startSimulator, type Simulator } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { compareWithOracle } from '../e2e/oracle';
import { MINUTE, MORNING } from '../support/rolecall';
import { Command, gatewayEnvironment, killCommands, MAIN, until } from './command';
import { KillableGateway } from './killable-gateway';
import { RunOutcomes } from './operations.graphql';

const PERIOD_MS = 5 * MINUTE;
const floorToPeriod = (instant: number) => instant - (instant % PERIOD_MS);
/** `nobody` where this runs as root, whom no file mode stops. */
const UNPRIVILEGED = process.getuid?.() === 0 ? { uid: 65_534 } : {};

let simulator: Simulator;
let dataDir: string;
let now: number;

beforeEach(async () => {
  now = MORNING;
  dataDir = mkdtempSync(join(tmpdir(), 'rolecall-disk-'));
  simulator = await startSimulator({ now: () => now });
});
afterEach(async () => {
  await killCommands();
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

it('serves what it has while the disk is full, says so, and collects what was missed once there is room', async () => {
  const roomy = await KillableGateway.start(simulator, dataDir, now);
  const accountId = await onboard(roomy.admin, simulator, demoAccountIds.shop);
  now += PERIOD_MS;
  await roomy.collect(now);
  await roomy.stop();

  const room = statSync(join(dataDir, 'rolecall.sqlite')).size + 512 * 1024;
  const full = await KillableGateway.start(simulator, dataDir, now, { fileBytes: room });
  type Readiness = { ok: boolean; checks: Record<string, boolean> };
  const isReady = async () => (await (await fetch(new URL('/readyz', full.url))).json()) as Readiness;
  // Its scheduler takes a moment to have looked for the first time.
  await until('it is ready', async () => (await isReady()).ok);
  let ready: Readiness;
  let cycles = 0;
  do {
    now += PERIOD_MS;
    await full.collect(now);
    ready = await isReady();
    // While there is room for a small write, a large one alone fails: it is full once the newest write found none.
  } while (ready.checks.database && ++cycles < 60);
  expect(ready).toMatchObject({ ok: false, checks: { database: false } });
  expect(full.log).toMatch(/SQLITE_(FULL|IOERR)/);

  // What was stored is served, and nothing of a cycle that failed is half there.
  const from = floorToPeriod(MORNING) - 120 * MINUTE;
  const served = await compareWithOracle(full.admin, simulator, {
    accountIds: [accountId],
    ...{ from, to: floorToPeriod(now) },
  });
  expect(served.wrong).toEqual([]);
  expect(served.equal).toBeGreaterThan(1_000);
  await full.stop();

  now += PERIOD_MS;
  const again = await KillableGateway.start(simulator, dataDir, now);
  await again.collect(now);
  now += PERIOD_MS;
  await again.collect(now);
  const whole = await compareWithOracle(again.admin, simulator, {
    accountIds: [accountId],
    ...{ from, to: floorToPeriod(now) },
  });
  expect(whole).toMatchObject({ wrong: [], missing: [] });
  const { collectionRuns } = await again.admin.execute(RunOutcomes, { accountIds: [accountId] });
  expect(collectionRuns.nodes[0]).toMatchObject({ state: 'SUCCEEDED' });
  expect(collectionRuns.nodes.filter(({ state }) => state === 'RUNNING' || state === 'QUEUED')).toEqual([]);
  await again.stop();
});

describe('on a disk that it cannot write', () => {
  const start = () =>
    new Command(
      MAIN,
      ['start'],
      { ...gatewayEnvironment(simulator, dataDir), ROLECALL_ENCRYPTION_KEY: 'ab'.repeat(32) },
      UNPRIVILEGED,
    );
  afterEach(() => chmodSync(dataDir, 0o755));

  it.each([
    ['the database', () => writeFileSync(join(dataDir, 'rolecall.sqlite'), '', { mode: 0o444 })],
    ['the folder', () => undefined],
  ])('does not start, and names the file: %s', async (_, prepare) => {
    prepare();
    chmodSync(dataDir, 0o555);
    const command = start();
    expect(await command.ended).toMatchObject({ code: 1 });
    expect(command.stderr).toMatch(/^rolecall: The (database|key file) \S+ cannot be (written|made): /);
    expect(command.stderr).not.toContain('    at ');
  });
});
