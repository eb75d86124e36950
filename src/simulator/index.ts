import type { AddressInfo } from 'node:net';
import { SessionStore } from './auth/sessions';
import { CallLog } from './call-log';
import { SimulatorClock } from './clock';
import { Faults } from './faults';
import { createOracle, type Oracle } from './metrics/oracle';
import { createSimulatorServer } from './server';
import type { SimulatorState } from './simulator-state';
import { defaultStsSettings, type StsSettings } from './sts-settings';
import { demoWorld } from './world/demo-world';
import type { World } from './world/world';

/** How to start a simulator. */
export interface SimulatorOptions {
  /** 0 (the default) takes a free port. */
  port?: number;
  /** 127.0.0.1 by default: the control API has no password. */
  host?: string;
  /** The demo world by default. */
  world?: World;
  /** Source of time in milliseconds since the epoch; the control API can still move the clock. */
  now?: () => number;
  /** Source of chance for faults with a probability or share. */
  random?: () => number;
  /** Switches of STS to start with. */
  sts?: Partial<StsSettings>;
}

/** A running simulator. */
export interface Simulator {
  /** The endpoint for an AWS SDK, without a trailing slash. */
  url: string;
  port: number;
  world: World;
  faults: Faults;
  calls: CallLog;
  clock: SimulatorClock;
  oracle: Oracle;
  /** Switches of STS, to be turned at will. */
  sts: StsSettings;
  /** Ends all connections, hanging ones too, and stops listening. */
  close(): Promise<void>;
}

/** Starts a simulator and resolves when it listens; rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', world = demoWorld(), now, random = Math.random } = options;
  const clock = new SimulatorClock(now);
  const sessions = new SessionStore();
  const faults = new Faults({ sessions, now: () => clock.now(), random });
  const calls = new CallLog();
  const oracle = createOracle(world);
  const sts = { ...defaultStsSettings, ...options.sts };
  const state: SimulatorState = { world, sessions, sts, faults, calls, clock, oracle, random };
  const server = createSimulatorServer(state);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const urlHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${urlHost}:${address.port}`,
    port: address.port,
    world,
    faults,
    calls,
    clock,
    oracle,
    sts,
    close,
  };
}

export type { CallFilter, CallRecord } from './call-log';
export type { FaultMatch, FaultRule, NewFault } from './faults';
export type { MetricValueQuery, Oracle } from './metrics/oracle';
export type { Dimension } from './metrics/dimensions';
export type { PolicyDocument, PolicyStatement } from './iam/policy-document';
export type { NewAccount, NewMetrics } from './world/world';
export type { NewInstance } from './world/build-instance';
export type { NewDbInstance } from './world/build-db-instance';
export type { NewClassicLoadBalancer, NewLoadBalancer, NewTargetGroup } from './world/build-load-balancers';
export type { KmsKey, NewKmsKey } from './world/build-kms-key';
export type { NewRole, NewUser, RoleChanges } from './world/build-principals';
export type { Partition } from './world/partitions';
export type { StsSettings } from './sts-settings';
export { foreignExternalId, trustVariants, type TrustVariant } from './iam/trust-variants';
export { emptyWorld, World } from './world/world';
export { demoAccessKeyUser, demoAccountIds, demoGatewayUser } from './world/demo-principals';
export { demoWorld } from './world/demo-world';
