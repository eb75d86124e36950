import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the light endpoint was asked since it was last asked for this. */
export interface AskedOfLightAws {
  /** GetMetricData calls. */
  calls: number;
  /** The least they could have been: ⌈queries / 500⌉ of each account and Region. */
  optimum: number;
  /** Points that were answered. */
  points: number;
}

export interface LightAws {
  url: string;
  asked(): Promise<AskedOfLightAws>;
  stop(): Promise<void>;
}

/** Starts a light AWS in a child process; it ends with this process at the latest. */
export async function startLightAws(): Promise<LightAws> {
  const child: ChildProcess = fork(join(__dirname, 'light-aws-process.js'));
  const reply = async <T>(): Promise<T> => {
    const [message] = (await once(child, 'message')) as [T];
    return message;
  };
  const { url } = await reply<{ url: string }>();
  return {
    url,
    asked: () => {
      child.send('asked');
      return reply<AskedOfLightAws>();
    },
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
