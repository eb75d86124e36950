import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoAccountIds, startSimulator, type Simulator } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { Accounts, MetricUpdates } from '../e2e/operations.graphql';
import {
  type Environment,
  gatewayEnvironment,
  killCommands,
  startCommand,
  type StartedGateway,
  until,
} from '../process/command';
import { GraphqlClient } from '../support/graphql-client';
import { ADMIN_TOKEN } from '../support/rolecall';
import { DatabaseBeside } from './support/many-accounts';

/** SIGTERM with 5,000 accounts due, every place taken and clients at work: a clean end. */

const MANY = 5_000;
const ROOT_TENANT = 1;
const shop = demoAccountIds.shop;

let simulator: Simulator;
let dataDir: string;
let environment: Environment;
let beside: DatabaseBeside;
beforeAll(async () => {
  simulator = await startSimulator();
  dataDir = mkdtempSync(join(tmpdir(), 'rolecall-full-load-'));
  environment = { ...gatewayEnvironment(simulator, dataDir), ROLECALL_ADMIN_TOKEN: ADMIN_TOKEN };
  const gateway = await startCommand(environment);
  const settings = { plugins: ['ec2'], regions: ['us-east-1'] };
  await onboard(clientOf(gateway), simulator, shop, settings);
  await gateway.command.stop();
  // Whatever external IDs the copies have.
  simulator.world.changeRole(`arn:aws:iam::${shop}:role/rolecall`, { trustVariant: 'anyId' });
  beside = await DatabaseBeside.open(dataDir);
  await beside.multiply(1, MANY);
});
afterAll(async () => {
  await killCommands();
  await beside.close();
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

const clientOf = ({ url }: StartedGateway) => new GraphqlClient({ url, token: ADMIN_TOKEN });
const running = async () => (await beside.runs(ROOT_TENANT)).filter(({ state }) => state === 'RUNNING');

/** Asks for as long as it is answered. @returns how often that was */
async function askOn(client: GraphqlClient): Promise<number> {
  for (let answers = 0; ; answers++) {
    const answered = await client.execute(Accounts, {}).then(
      () => true,
      () => false,
    );
    if (!answered) return answers;
  }
}

it('ends within 30 s, releases every lease, and leaves no run half-written', async () => {
  simulator.faults.add({ kind: 'delay', delayMs: 200 });
  simulator.faults.add({ kind: 'throttle', match: { service: 'ec2' } });
  const gateway = await startCommand(environment);
  const client = clientOf(gateway);
  const asking = Array.from({ length: 5 }, () => askOn(client));
  const updates = client.subscribe(MetricUpdates, { filter: {} });
  const update = updates.next().catch((error: unknown) => error);
  await until('every place is taken and some runs have ended', async () => {
    const runs = await beside.runs(ROOT_TENANT);
    return (await running()).length >= 10 && runs.length > 15;
  });

  const since = Date.now();
  expect(await gateway.command.stop()).toEqual({ code: 0, signal: null });
  expect(Date.now() - since).toBeLessThan(30_000);
  expect((await Promise.all(asking)).every((answers) => answers > 0)).toBe(true);
  expect(await update).toMatchObject({ code: 1001 });
  expect(await running()).toEqual([]);
  expect(await beside.heldLeases(ROOT_TENANT)).toBe(0);
  const ended = await beside.runs(ROOT_TENANT);
  expect(ended.length).toBeLessThan(MANY / 2);

  simulator.faults.clear();
  const next = await startCommand(environment);
  await until('the next start has gone on', async () => {
    const runs = await beside.runs(ROOT_TENANT);
    return runs.filter(({ state }) => state === 'SUCCEEDED').length > 10;
  });
  expect((await next.command.stop()).code).toBe(0);
  expect(await running()).toEqual([]);
  const before = (await beside.runs(ROOT_TENANT)).filter(({ id }) => ended.some((run) => run.id === id));
  expect(before).toEqual(ended);
}, 60_000);
