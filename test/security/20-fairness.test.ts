import { systemClock } from '../../src/core/clock';
import type { Cron } from '../../src/core/collection/scheduler';
import { demoWorld, type World } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { Accounts } from '../e2e/operations.graphql';
import type { GraphqlClient } from '../support/graphql-client';
import { startRolecall, type Rolecall } from '../support/rolecall';
import { until } from '../support/until';
import { DatabaseBeside } from './support/many-accounts';

/** One tenant cannot starve another: neither by accounts, nor by roles that do not answer. */

/** Of the tenant that is a nuisance: 5,000 accounts, of which AWS answers slowly what it does not throttle. */
const MANY = 5_000;
const manyId = '500000000000';
/** The other's. */
const fewIds = ['500000000001', '500000000002', '500000000003'];
const REGION = 'us-east-1';
const SLOW_MS = 250;

const ROUNDS = 25;
const QUERIES = 200;
/**
 * Milliseconds that a busy machine, on which AWS is simulated too, may add to what takes ten. It is less than one run of the
 * many takes: nobody waits for one of them to end, and in line behind all of them it would be a quarter of an hour.
 */
const NOISE = { start: 500, query: 250 };

/** A cron that ticks when it is told to: everything that is scheduled, at once. */
class HandCron implements Cron {
  private readonly tasks = new Set<() => void>();

  schedule(_expression: string, task: () => void) {
    this.tasks.add(task);
    return { stop: () => void this.tasks.delete(task) };
  }

  tick(): void {
    this.tasks.forEach((task) => task());
  }
}

function world(): World {
  const made = demoWorld();
  for (const accountId of [manyId, ...fewIds]) {
    made.addAccount({ id: accountId, enabledRegions: [REGION] });
    made.addInstance({ accountId, region: REGION });
  }
  return made;
}

interface Tenant {
  id: number;
  client: GraphqlClient;
  accounts: number[];
}

const cron = new HandCron();
let rolecall: Rolecall;
let beside: DatabaseBeside;
let many: Tenant;
let few: Tenant;

beforeAll(async () => {
  rolecall = await startRolecall({
    ...{ world: world(), at: Date.now(), clock: systemClock, cron },
    limits: { attempts: 2, stsMs: 1_000, stsAtOnce: 4 },
  });
  beside = await DatabaseBeside.open(rolecall.dataDir);
  many = await tenant('Many', [manyId]);
  few = await tenant('Few', fewIds);
  // Whatever external IDs the copies have.
  rolecall.simulator.world.changeRole(`arn:aws:iam::${manyId}:role/rolecall`, { trustVariant: 'anyId' });
});
afterAll(async () => {
  rolecall.simulator.faults.clear();
  await beside.close();
  await rolecall.stop();
});

async function tenant(name: string, awsAccountIds: string[]): Promise<Tenant> {
  const { access } = rolecall.gateway;
  const { id } = await access.createTenant(name);
  const { secret } = await access.createToken({ tenantId: id, name, role: 'ADMIN' });
  const client = rolecall.client(secret);
  const accounts: number[] = [];
  for (const awsAccountId of awsAccountIds) {
    const settings = { plugins: ['ec2'], regions: [REGION] };
    const globalId = await onboard(client, rolecall.simulator, awsAccountId, settings);
    accounts.push(Number(/\d+$/.exec(Buffer.from(globalId, 'base64url').toString())![0]));
  }
  return { id, client, accounts };
}

const p99 = (samples: readonly number[]) =>
  [...samples].sort((a, b) => a - b)[Math.ceil(samples.length * 0.99) - 1]!;

/** Makes the few due, ticks, and waits until they are collected. @returns how long each waited for its start, in ms. */
async function collectFew(): Promise<number[]> {
  const due = Date.now();
  await beside.makeDue(few.accounts, due);
  const tickedAt = Date.now();
  cron.tick();
  const started = async () => (await beside.runs(few.id)).filter(({ scheduledFor }) => scheduledFor === due);
  await until(async () => (await started()).length === few.accounts.length);
  await until(async () => (await beside.heldLeases(few.id)) === 0);
  const runs = await started();
  expect(new Set(runs.map(({ state }) => state))).toEqual(new Set(['SUCCEEDED']));
  return runs.map(({ startedAt }) => startedAt - tickedAt);
}

async function measure(rounds = ROUNDS) {
  const starts: number[] = [];
  for (let round = 0; round < rounds; round++) starts.push(...(await collectFew()));
  const queries: number[] = [];
  for (let query = 0; query < QUERIES; query++) {
    const since = performance.now();
    await few.client.execute(Accounts, {});
    queries.push(performance.now() - since);
  }
  return { start: p99(starts), query: p99(queries) };
}

const running = async () => (await beside.runs(many.id)).filter(({ state }) => state === 'RUNNING').length;

describe('5,000 accounts of another tenant, slow and throttled', () => {
  let alone: Awaited<ReturnType<typeof measure>>;
  beforeAll(async () => {
    // The first answers are slower than all the others.
    await measure(3);
    alone = await measure();
    const { faults } = rolecall.simulator;
    faults.add({ kind: 'delay', delayMs: SLOW_MS, match: { accountId: manyId } });
    faults.add({ kind: 'throttle', match: { accountId: manyId, service: 'ec2' } });
    await beside.multiply(many.accounts[0]!, MANY);
    cron.tick();
    // They come and go.
    await until(async () => (await beside.runs(many.id)).length > 10 && (await running()) > 5);
  }, 60_000);

  it('delay neither the start of a collection nor an answer', async () => {
    const crowded = await measure();
    expect(crowded.start).toBeLessThan(2 * alone.start + NOISE.start);
    expect(crowded.query).toBeLessThan(2 * alone.query + NOISE.query);
    // Most of the many wait still.
    expect(await running()).toBeGreaterThan(5);
    expect((await beside.runs(many.id)).length).toBeLessThan(MANY / 10);
  }, 60_000);

  it('whose roles do not answer either delay no proof', async () => {
    rolecall.simulator.faults.add({ kind: 'hang', match: { accountId: manyId, service: 'sts' } });
    await beside.makeProofsDue(many.id, 0);
    cron.tick();
    const hung = () =>
      rolecall.simulator.calls.list({ service: 'sts' }).filter(({ errorCode }) => errorCode === 'Hang');
    await until(() => hung().length >= 3);
    for (let round = 0; round < 3; round++) {
      await beside.makeProofsDue(few.id, Date.now());
      cron.tick();
      await until(async () => (await beside.dueProofs(few.id, Date.now())) === 0);
      expect(await beside.dueProofs(many.id, Date.now())).toBeGreaterThan(MANY - 300);
    }
  });
});
