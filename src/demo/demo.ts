import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ConfigurationError, readConfiguration } from '../config/configuration';
import { SETTINGS } from '../config/settings';
import { startGateway, type Gateway } from '../gateway';
import { demoGatewayUser, startSimulator, type Simulator } from '../simulator';
import { collectFirst, connectDemoAccounts } from './connect-accounts';
import type { GraphqlEndpoint } from './graphql-client';
import { cpuOfAllInstances, latestValues, newPoints } from './operations.graphql';

const DATA_DIR = './data/demo';

/** A demo that runs until it is stopped. */
interface Demo {
  url: string;
  stop(): Promise<void>;
}

type Environment = Record<string, string | undefined>;

/**
 * The simulator, and a gateway against it over real HTTP, with three accounts connected through the gateway's own API.
 * A second start goes on with the data of the first.
 */
export async function runDemo(
  environment: Environment,
  print: (text: string) => void = (text) => void process.stdout.write(`${text}\n`),
): Promise<Demo> {
  const startedAt = Date.now();
  const given = {
    ROLECALL_DATA_DIR: DATA_DIR,
    ROLECALL_LOG_LEVEL: 'warn',
    ...environment,
    [SETTINGS.env.name]: 'development',
    [SETTINGS.awsEndpoint.name]: undefined,
  };
  const configuration = readConfiguration(given);
  if (configuration.simulatorPort === 0) {
    throw new ConfigurationError([
      `${SETTINGS.simulatorPort.name}: "0" was given, wanted is a fixed port: the demo's data belongs to its simulator`,
    ]);
  }
  const simulator = await startSimulator({ port: configuration.simulatorPort });
  const closers = [() => simulator.close()];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const token = configuration.adminToken ?? adminToken(configuration.dataDir);
    const gateway = await startGatewayAgainst(simulator, { ...given, [SETTINGS.adminToken.name]: token });
    closers.push(() => gateway.stop());
    const endpoint = { url: gateway.url, token };
    // The simulator has forgotten the roles of an earlier start: nothing is collected before they are there again.
    const fresh = await connectDemoAccounts(endpoint, simulator, print);
    gateway.startCollecting();
    await collectFirst(endpoint, fresh);
    print(welcome(endpoint, simulator, (Date.now() - startedAt) / 1000));
    return { url: gateway.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startGatewayAgainst(simulator: Simulator, environment: Environment): Promise<Gateway> {
  const { accessKeyId, secretAccessKey } = demoGatewayUser;
  return startGateway(readConfiguration({ ...environment, [SETTINGS.awsEndpoint.name]: simulator.url }), {
    gatewayCredentials: async () => ({ accessKeyId, secretAccessKey }),
    startPaused: true,
  });
}

/** Kept for later starts where only the owner can read it. */
function adminToken(dataDir: string): string {
  const file = join(dataDir, 'admin-token');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const token = randomBytes(24).toString('hex');
  writeFileSync(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}

function welcome({ url, token }: GraphqlEndpoint, simulator: Simulator, seconds: number): string {
  const [accounts, cpu, live] = [latestValues, cpuOfAllInstances, newPoints].map((document) =>
    document.toString().trim(),
  );
  return `
Rolecall is ready after ${seconds.toFixed(1)} s. Point a GraphQL client at

  ${url}   (subscriptions: ${url.replace(/^http/, 'ws')})

with the header

  Authorization: Bearer ${token}

Three queries to paste. What there is, with the latest values:

${accounts}

The CPU of every running instance over three hours:

${cpu}

New points as they arrive, every five minutes an account (a subscription):

${live}

One from a shell:

  curl -s ${url} -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' \\
    -d '{"query":"{ accounts { nodes { name status lastCollectedAt resources { totalCount } } } }"}'

The simulated AWS is at ${simulator.url}. Ctrl-C stops both.`;
}
