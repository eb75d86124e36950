import { startSimulator } from './index';
import { demoGatewayUser } from './world/demo-principals';

/** The simulator as a command runs it: the command stops it on SIGINT and SIGTERM. */
interface RunningSimulator {
  url: string;
  stop(): Promise<void>;
}

/** The command `simulator`: starts one with the demo world and prints how to use it. Rejects with EADDRINUSE when the port is taken. */
export async function runSimulator(
  port: number,
  print: (line: string) => void = console.log,
): Promise<RunningSimulator> {
  const { url, close } = await startSimulator({ port });
  print(`The AWS simulator listens on ${url} (its control API on ${url}/_simulator/health).`);
  print('Point an AWS SDK or the AWS CLI at it:');
  print(`  export AWS_ENDPOINT_URL=${url} AWS_REGION=us-east-1`);
  print(`  export AWS_ACCESS_KEY_ID=${demoGatewayUser.accessKeyId}`);
  print(`  export AWS_SECRET_ACCESS_KEY=${demoGatewayUser.secretAccessKey}`);
  return { url, stop: close };
}
