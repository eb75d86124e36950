import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { openDatabase } from '../../src/db';
import { demoAccountIds, startSimulator, type NewFault, type Simulator } from '../../src/simulator';
import { onboard } from '../e2e/onboard';
import { GraphqlClient } from '../support/graphql-client';
import { ADMIN_TOKEN } from '../support/rolecall';
import { gatewayEnvironment, killCommands, startCommand, type StartedGateway, until } from './command';
import { RunStates } from './operations.graphql';

let simulator: Simulator;
let dataDir: string;

beforeEach(async () => {
  simulator = await startSimulator();
  dataDir = mkdtempSync(join(tmpdir(), 'rolecall-shutdown-'));
  await connectAccount();
});
afterEach(async () => {
  await killCommands();
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});

const start = () =>
  startCommand({ ...gatewayEnvironment(simulator, dataDir), ROLECALL_ADMIN_TOKEN: ADMIN_TOKEN });

/** Leaves a stopped gateway with one account, which is due. */
async function connectAccount(): Promise<void> {
  const { command, url } = await start();
  await onboard(new GraphqlClient({ url, token: ADMIN_TOKEN }), simulator, demoAccountIds.shop);
  await command.stop();
  const database = await openDatabase({
    file: join(dataDir, 'rolecall.sqlite'),
    awsEndpoint: simulator.url,
  });
  await database.leases.schedule(1, Date.now() - 1000);
  await database.close();
}

/** Starts a gateway, whose collection is at once held up by the fault. */
async function startHeldUp(fault: NewFault): Promise<StartedGateway> {
  const rule = simulator.faults.add({ ...fault, match: { service: 'cloudwatch' } });
  const gateway = await start();
  await until('the collection is held up', () => rule.hits > 0);
  return gateway;
}

/** The states of the account's runs, the newest first, once there are `count` that have ended. */
function endedRuns({ url }: StartedGateway, count: number): Promise<string[]> {
  const admin = new GraphqlClient({ url, token: ADMIN_TOKEN });
  return until(`${count} runs have ended`, async () => {
    const { collectionRuns } = await admin.execute(RunStates);
    const states = collectionRuns.nodes.map(({ state }) => state);
    return states.length >= count && !states.includes('RUNNING') ? states : null;
  });
}

describe('SIGTERM during a collection', () => {
  it('lets it finish, closes WebSockets with 1001 and exits 0', async () => {
    const { command, url } = await startHeldUp({ kind: 'delay', delayMs: 1_500 });
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(
      JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${ADMIN_TOKEN}` } }),
    );
    await once(socket, 'message');
    const closed = once(socket, 'close');
    command.signal('SIGTERM');
    expect((await closed)[0]).toBe(1001);
    await expect(fetch(url, { method: 'POST' })).rejects.toThrow();
    expect(await command.ended).toEqual({ code: 0, signal: null });

    const next = await start();
    expect(await endedRuns(next, 1)).toEqual(['SUCCEEDED']);
    expect((await next.command.stop()).code).toBe(0);
  });

  it('aborts it after 20 s, exits 0, and the next start collects at once', async () => {
    const { command } = await startHeldUp({ kind: 'hang' });
    const since = Date.now();
    expect(await command.stop()).toEqual({ code: 0, signal: null });
    expect(Date.now() - since).toBeGreaterThan(19_000);
    expect(Date.now() - since).toBeLessThan(25_000);

    simulator.faults.clear();
    const next = await start();
    const [newest, aborted, ...others] = await endedRuns(next, 2);
    expect({ newest, others }).toEqual({ newest: 'SUCCEEDED', others: [] });
    expect(['FAILED', 'PARTIAL']).toContain(aborted);
  });

  it('ends at once at a second signal', async () => {
    const { command } = await startHeldUp({ kind: 'hang' });
    command.signal('SIGTERM');
    await sleep(300);
    expect(command.child.exitCode).toBeNull();
    const since = Date.now();
    expect(await command.stop('SIGINT')).toEqual({ code: 1, signal: null });
    expect(Date.now() - since).toBeLessThan(1_000);
  });
});
