import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoGatewayUser, type Simulator } from '../../src/simulator';

export const ROOT = join(__dirname, '../..');
export const MAIN = join(ROOT, 'dist/main.js');

/** How long a command may take to say what is waited for. */
const PATIENCE_MS = 15_000;

export type Environment = Record<string, string>;

/** How a process ended: an exit code, or the signal that killed it. */
interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What the system lets a script do. */
export interface Restrictions {
  /** No file may grow beyond this, which is how a full disk looks from inside. */
  fileBytes?: number;
  uid?: number;
}

const running = new Set<ChildProcess>();

/** A Node script in a process of its own, with what it has printed so far. */
export class Command {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ending>;
  readonly child: ChildProcess;

  /** Nothing of this process's environment but the path reaches the script, so that no real AWS credentials do. */
  constructor(
    script: string,
    args: readonly string[],
    environment: Environment = {},
    { fileBytes, uid }: Restrictions = {},
  ) {
    const node = [process.execPath, script, ...args];
    // The shell's unit is 512 bytes; Node ignores the signal that would come with it.
    const limited = ['sh', '-c', 'ulimit -f "$0" && exec "$@"', String(Math.ceil((fileBytes ?? 0) / 512))];
    const [program, ...rest] = fileBytes === undefined ? node : [...limited, ...node];
    this.child = spawn(program, rest, {
      cwd: ROOT,
      ...(uid !== undefined && { uid, gid: uid }),
      env: { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: 'true', ...environment },
      // The channel is for scripts that listen to it; the others do not notice.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    running.add(this.child);
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // `close` comes when the output was read to its end.
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => {
        running.delete(this.child);
        resolve({ code, signal });
      }),
    );
  }

  /** The first group of the pattern in the standard output, once it is there. @throws Error when it does not come */
  async printed(pattern: RegExp): Promise<string> {
    const match = await until(`${pattern} is printed`, () => {
      if (this.child.exitCode !== null) throw new Error(`It ended early: ${this.stdout}${this.stderr}`);
      return pattern.exec(this.stdout);
    });
    return match[1];
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Signals and waits for the end. */
  async stop(name: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    this.signal(name);
    return this.ended;
  }
}

/** Kills what a test that failed left behind. */
export async function killCommands(): Promise<void> {
  const left = [...running];
  left.forEach((child) => child.kill('SIGKILL'));
  await until('all commands are gone', () => left.every((child) => !running.has(child)));
}

/** A gateway that runs as `dist/main.js start`. */
export interface StartedGateway {
  command: Command;
  /** Of the API. */
  url: string;
}

/** What `start` needs to work against a simulator, with the gateway's own credentials where the SDK looks first. */
export function gatewayEnvironment(simulator: Pick<Simulator, 'url'>, dataDir: string): Environment {
  return {
    ROLECALL_ENV: 'development',
    ROLECALL_AWS_ENDPOINT: simulator.url,
    ROLECALL_PORT: '0',
    ROLECALL_DATA_DIR: dataDir,
    ROLECALL_BACKFILL_DAYS: '0',
    AWS_ACCESS_KEY_ID: demoGatewayUser.accessKeyId,
    AWS_SECRET_ACCESS_KEY: demoGatewayUser.secretAccessKey,
  };
}

/** Runs `start` until it tells where its API is. */
export async function startCommand(environment: Environment): Promise<StartedGateway> {
  const command = new Command(MAIN, ['start'], environment);
  return { command, url: await command.printed(/^GraphQL API: (\S+)$/m) };
}

/** What `look` finds, as soon as it finds anything. @throws Error when that does not come in time */
export async function until<Found>(
  what: string,
  look: () => Found | Promise<Found>,
): Promise<NonNullable<Found>> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > giveUpAt) throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain until ${what}`);
    await sleep(10);
  }
}
