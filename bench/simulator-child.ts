import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The IAM user whose keys sign the calls; worth nothing outside the simulator. */
export const BENCH_USER = {
  accountId: '123456789012',
  name: 'bench',
  accessKeyId: 'AKIASIMULATORBENCHES',
  secretAccessKey: 'simulated-secret-of-the-bench-user',
};

/** What the child says when it listens. */
export interface BenchWorld {
  url: string;
  region: string;
  instanceIds: string[];
}

/** Starts a simulator with so many instances in a child process; it ends with this process at the latest. */
export async function startSimulatorChild(
  instances: number,
): Promise<{ world: BenchWorld; stop: () => Promise<void> }> {
  const child: ChildProcess = fork(join(__dirname, 'simulator-process.js'), [String(instances)]);
  const world = await new Promise<BenchWorld>((resolve, reject) => {
    child.once('message', (message) => resolve(message as BenchWorld));
    child.once('exit', (code) => reject(new Error(`The simulator ended with ${code} before it listened`)));
  });
  const stop = async () => {
    child.disconnect();
    await once(child, 'exit');
  };
  return { world, stop };
}
