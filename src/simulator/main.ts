import { startSimulator } from './index';
import { demoGatewayUser } from './world/demo-principals';

/** Port when ROLECALL_SIMULATOR_PORT is not set. */
const defaultPort = 4566;

/** The simulator as a command runs it: the command stops it on SIGINT and SIGTERM. */
interface RunningSimulator {
  url: string;
  stop(): Promise<void>;
}

/**
 * The command `simulator`: starts one with the demo world on ROLECALL_SIMULATOR_PORT and prints how to use it. Rejects
 * with an error that names the variable when the port is none, and with EADDRINUSE when it is taken.
 */
export async function runSimulator(
  env: NodeJS.ProcessEnv,
  print: (line: string) => void = console.log,
): Promise<RunningSimulator> {
  const { url, close } = await startSimulator({ port: readPort(env.ROLECALL_SIMULATOR_PORT) });
  print(`The AWS simulator listens on ${url} (its control API on ${url}/_simulator/health).`);
  print('Point an AWS SDK or the AWS CLI at it:');
  print(`  export AWS_ENDPOINT_URL=${url} AWS_REGION=us-east-1`);
  print(`  export AWS_ACCESS_KEY_ID=${demoGatewayUser.accessKeyId}`);
  print(`  export AWS_SECRET_ACCESS_KEY=${demoGatewayUser.secretAccessKey}`);
  return { url, stop: close };
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return defaultPort;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`ROLECALL_SIMULATOR_PORT is "${text}"; wanted is a port from 0 to 65535.`);
  }
  return port;
}
