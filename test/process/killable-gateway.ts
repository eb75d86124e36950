import { join } from 'node:path';
import type { Simulator } from '../../src/simulator';
import { GraphqlClient } from '../support/graphql-client';
import { ADMIN_TOKEN } from '../support/rolecall';
import { Command, gatewayEnvironment, type Restrictions } from './command';

const SCRIPT = join(__dirname, 'gateway-process.js');

/** Short, so that a killed holder's account is soon free again. */
export const LEASE_TTL_MS = 2_000;

/** A gateway in a process of its own, on a clock that stands still until it is moved. */
export class KillableGateway {
  private constructor(
    private readonly command: Command,
    /** Of the API. */
    readonly url: string,
    readonly admin: GraphqlClient,
  ) {}

  /** Starts it at an instant (epoch ms); what is due then is collected at once. */
  static async start(
    simulator: Simulator,
    dataDir: string,
    at: number,
    restrictions?: Restrictions,
  ): Promise<KillableGateway> {
    const environment = {
      ...gatewayEnvironment(simulator, dataDir),
      ROLECALL_ADMIN_TOKEN: ADMIN_TOKEN,
      ROLECALL_LOG_LEVEL: 'error',
    };
    const args = [String(at), String(LEASE_TTL_MS)];
    const command = new Command(SCRIPT, args, environment, restrictions);
    const url = await command.printed(/^GraphQL API: (\S+)$/m);
    return new KillableGateway(command, url, new GraphqlClient({ url, token: ADMIN_TOKEN }));
  }

  /** Moves the clock to `at` and starts what is due. */
  begin(at: number): void {
    this.command.child.send({ at });
  }

  /** Moves the clock to `at`, collects what is due, and waits until all is done. */
  async collect(at: number): Promise<void> {
    const idle = this.idle(at);
    this.begin(at);
    const ending = await Promise.race([idle, this.command.ended]);
    if (ending) throw new Error(`The gateway ended: ${this.command.stderr}`);
  }

  /** Resolves when the collection that was begun at `at` is done. */
  idle(at: number): Promise<void> {
    return new Promise((resolve) =>
      this.command.child.on('message', ({ idleAt }: { idleAt: number }) => idleAt === at && resolve()),
    );
  }

  /** SIGSTOP: it does nothing at all until `resume`. */
  pause(): void {
    this.command.signal('SIGSTOP');
  }

  resume(): void {
    this.command.signal('SIGCONT');
  }

  /** Holds its event loop up for so long (real time). */
  block(milliseconds: number): void {
    this.command.child.send({ blockMs: milliseconds });
  }

  /** What it logged. */
  get log(): string {
    return this.command.stderr;
  }

  /** kill -9 */
  async kill(): Promise<void> {
    const { signal } = await this.command.stop('SIGKILL');
    if (signal !== 'SIGKILL') throw new Error(`The gateway ended by itself: ${this.command.stderr}`);
  }

  async stop(): Promise<void> {
    await this.admin.close();
    await this.command.stop();
  }
}
