import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readConfiguration } from '../config/configuration';
import { SETTINGS } from '../config/settings';
import { startGateway, type Gateway } from '../gateway';
import { demoGatewayUser, startSimulator, type Simulator } from '../simulator';
import { connectDemoAccounts } from './connect-accounts';
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
    ROLECALL_ENV: 'development',
  };
  const { simulatorPort, dataDir } = readConfiguration({ ...given, [SETTINGS.awsEndpoint.name]: undefined });
  const simulator = await startSimulator({ port: simulatorPort });
  try {
    const token = adminToken(dataDir);
    const gateway = await startGatewayAgainst(simulator, { ...given, [SETTINGS.adminToken.name]: token });
    const stop = async () => {
      await gateway.stop();
      await simulator.close();
    };
    try {
      await connectDemoAccounts({ url: gateway.url, token }, simulator, print);
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    print(welcome({ url: gateway.url, token }, simulator, (Date.now() - startedAt) / 1000));
    return { url: gateway.url, stop };
  } catch (error) {
    await simulator.close();
    throw error;
  }
}

function startGatewayAgainst(simulator: Simulator, environment: Environment): Promise<Gateway> {
  const { accessKeyId, secretAccessKey } = demoGatewayUser;
  return startGateway(readConfiguration({ ...environment, [SETTINGS.awsEndpoint.name]: simulator.url }), {
    gatewayCredentials: async () => ({ accessKeyId, secretAccessKey }),
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

The first one from a shell:

  curl -s ${url} -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' \\
    -d '{"query":"{ accounts { nodes { name status lastCollectedAt resources { totalCount } } } }"}'

The simulated AWS is at ${simulator.url}. Ctrl-C stops both.`;
}
