import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { demoGatewayUser } from '../src/simulator';

/** What `npm run build` made: `npm run bench` builds it first. */
const BUILT_MAIN = join(__dirname, '../../dist/main.js');

/** The gateway as an operator runs it: `start`, in a process and a data folder of its own. */
export interface GatewayChild {
  /** Sends one GraphQL operation as an ADMIN. @throws Error with the answer's errors. */
  graphql<Data>(query: string, variables?: Record<string, unknown>): Promise<Data>;
  /** Resident memory of the process, in MiB. */
  residentMiB(): number;
  stop(): Promise<void>;
}

/** Starts one against a simulator of the demo world. */
export async function startGatewayChild(awsEndpoint: string): Promise<GatewayChild> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
  const token = randomBytes(32).toString('hex');
  const child = spawn(process.execPath, [BUILT_MAIN, 'start'], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      AWS_ACCESS_KEY_ID: demoGatewayUser.accessKeyId,
      AWS_SECRET_ACCESS_KEY: demoGatewayUser.secretAccessKey,
      ROLECALL_ENV: 'development',
      ROLECALL_AWS_ENDPOINT: awsEndpoint,
      ROLECALL_DATA_DIR: dataDir,
      ROLECALL_PORT: '0',
      ROLECALL_ADMIN_TOKEN: token,
      ROLECALL_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await readUrl(createInterface({ input: child.stdout }));
  return {
    graphql: (query, variables) => post(url, token, query, variables),
    residentMiB: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)])) / 1024,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(dataDir, { recursive: true });
    },
  };
}

async function readUrl(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const match = /^GraphQL API: (\S+)/.exec(line);
    if (match) return match[1];
  }
  throw new Error('The gateway ended before it was ready');
}

async function post<Data>(
  url: string,
  token: string,
  query: string,
  variables?: Record<string, unknown>,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
