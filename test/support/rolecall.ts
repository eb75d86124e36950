import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfiguration } from '../../src/config/configuration';
import { startGateway, type Gateway } from '../../src/gateway';
import type { GatewayOptions } from '../../src/gateway/options';
import { demoGatewayUser, startSimulator, type Simulator, type World } from '../../src/simulator';
import { ManualClock } from './manual-clock';
import { SuiteCanaries } from './suite-canaries';
import { GraphqlClient } from './graphql-client';

/** Ten seconds after a boundary of the interval, on a quiet morning (the demo world's incident is at 14:10). */
export const MORNING = Date.UTC(2026, 10, 24, 9, 0, 10);
export const MINUTE = 60_000;
export const ADMIN_TOKEN = 'an-admin-token-for-tests-0123456789';

/** Ticks come from the test alone. */
const noCron = { schedule: () => ({ stop: () => undefined }) };

export const gatewayCredentials = async () => ({
  accessKeyId: demoGatewayUser.accessKeyId,
  secretAccessKey: demoGatewayUser.secretAccessKey,
});

export interface Rolecall {
  simulator: Simulator;
  gateway: Gateway;
  clock: ManualClock;
  /** With the ADMIN token of the root tenant. */
  admin: GraphqlClient;
  dataDir: string;
  /** A client with another token; none at all for null. */
  client(token: string | null): GraphqlClient;
  /** Moves the clock and collects what became due. */
  collect(milliseconds?: number): Promise<void>;
  /** The gateway alone, again, on the same data; with these settings instead of its own, where they are given. */
  restart(settings?: Record<string, string>): Promise<void>;
  /** @throws Error when a secret of the suite is in the log or in a file of the gateway */
  stop(): Promise<void>;
}

/** A simulator and a gateway against it over real HTTP, on ports and a folder of their own. */
export async function startRolecall(
  options: {
    world?: World;
    at?: number;
    /** AWS's clock, where the gateway has another one. */
    truth?: ManualClock;
    settings?: Record<string, string>;
  } & GatewayOptions = {},
): Promise<Rolecall> {
  const { world, at = MORNING, truth, settings: firstSettings = {}, ...gatewayOptions } = options;
  let settings = firstSettings;
  const clock = truth ?? new ManualClock(at);
  const simulator = await startSimulator({
    now: clock.now,
    // No session goes without a policy, whatever a test is about.
    sts: { sessionPolicyRequired: true },
    ...(world && { world }),
  });
  const dataDir = mkdtempSync(join(tmpdir(), 'rolecall-test-'));
  const canaries = new SuiteCanaries(ADMIN_TOKEN);
  const start = () =>
    startGateway(
      readConfiguration({
        ROLECALL_ENV: 'development',
        ROLECALL_AWS_ENDPOINT: simulator.url,
        ROLECALL_PORT: '0',
        ROLECALL_DATA_DIR: dataDir,
        ROLECALL_ADMIN_TOKEN: ADMIN_TOKEN,
        // What a test does not ask for is not in its runs.
        ROLECALL_BACKFILL_DAYS: '0',
        ...settings,
      }),
      { clock, cron: noCron, logger: canaries.logger, gatewayCredentials, ...gatewayOptions },
    );
  let gateway = await start();
  const clients: GraphqlClient[] = [];
  const client = (token: string | null) => {
    const made = new GraphqlClient({ url: gateway.url, token });
    clients.push(made);
    return made;
  };
  const closeClients = () => Promise.all(clients.splice(0).map((one) => one.close()));
  const rolecall: Rolecall = {
    simulator,
    gateway,
    clock,
    admin: client(ADMIN_TOKEN),
    dataDir,
    client,
    async collect(milliseconds = 0) {
      clock.advance(milliseconds);
      await gateway.idle();
    },
    async restart(others = settings) {
      await closeClients();
      await gateway.stop();
      settings = others;
      rolecall.gateway = gateway = await start();
      rolecall.admin = client(ADMIN_TOKEN);
    },
    async stop() {
      await closeClients();
      await gateway.stop();
      await simulator.close();
      try {
        canaries.check(dataDir);
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  };
  return rolecall;
}
