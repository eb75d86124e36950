import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const LARGE_FLEET_TOKEN = 'the-admin-token-of-the-large-fleet-bench';

/** What a gateway has measured of itself in one cycle. */
export interface MeasuredCycle {
  seconds: number;
  /** Of all its threads. */
  cpuSeconds: number;
  /** How long anything else had to wait for the event loop, in milliseconds. */
  loopP99Ms: number;
  loopMaxMs: number;
  /** CPU that a turn of the loop took, which a busy machine does not stretch. */
  turnP99Ms: number;
  /** How long the loop had work to do and got no core: the light AWS, and whatever else runs, has them. */
  waitedForCoreSeconds: number;
  /** The most of resident memory, in MiB. */
  residentMiB: number;
}

/** A gateway in a process of its own, whose accounts are collected when they are asked for. */
export interface LargeGateway {
  url: string;
  /** Five minutes later: collects every account. */
  cycle(): Promise<MeasuredCycle>;
  stop(): Promise<void>;
}

/** Starts one that has so many connected accounts of 500 series; it ends with this process at the latest. */
export async function startLargeGateway(awsEndpoint: string, accounts: number): Promise<LargeGateway> {
  const child: ChildProcess = fork(join(__dirname, 'large-gateway-process.js'), [
    awsEndpoint,
    String(accounts),
  ]);
  const reply = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      const ended = (code: number) => reject(new Error(`The gateway ended with ${code}`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as T);
      });
    });
  const { url } = await reply<{ url: string }>();
  return {
    url,
    cycle: () => {
      child.send('cycle');
      return reply<MeasuredCycle>();
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      child.send('stop');
      await once(child, 'exit');
    },
  };
}
