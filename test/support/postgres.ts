import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { installedPostgres, readableByAll } from './postgres-binaries';

/** PostgreSQL refuses to run as root: then it runs as the user "nobody" of most systems. */
const NOBODY = 65_534;
const USER = 'postgres';
const READY = 'database system is ready to accept connections';
const ENDED = 'postgres has ended';
const IN_USE = 'pre-existing shared memory block';

/**
 * Makes the data, starts a server for every line that it reads, and when its standard input ends (closed, or whoever
 * started it is gone, be it by SIGKILL) ends the server and deletes the folder.
 */
const KEEPER = `
folder=$1; bin=$2; shift 2
"$bin/initdb" --pgdata="$folder/data" --username=${USER} --auth=trust --encoding=UTF8 --locale=C --no-sync >&2
while read -r line; do { "$bin/postgres" -D "$folder/data" "$@"; echo "${ENDED}" >&2; } & done
read -r server rest < "$folder/data/postmaster.pid" && kill -QUIT "$server"
wait
rm -rf "$folder"
`;

/** Reached through a socket in its own folder alone, so that no port can be taken already. */
const SETTINGS = {
  listen_addresses: '',
  shared_buffers: '64MB',
  max_connections: '60',
  log_min_messages: 'warning',
};

/** The data are thrown away with the server: nothing needs to reach the disk, unless a test is about just that. */
const CARELESS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** A real PostgreSQL server, from the binaries in npm, in a temporary folder of its own. */
export class PostgresServer {
  #databases = 0;
  #output = '';

  private constructor(
    private readonly folder: string,
    private readonly keeper: ChildProcess,
  ) {
    keeper.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
    });
  }

  /** `durable`: commits survive a crash of the server (`fsync`), as in life. Settings are PostgreSQL's own names. */
  static async start({ durable = false, settings = {} }: PostgresOptions = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'rolecall-pg-'));
    const isRoot = process.getuid?.() === 0;
    const native = isRoot ? readableByAll(installedPostgres(), folder) : installedPostgres();
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    const all = { ...SETTINGS, ...(durable ? {} : CARELESS), unix_socket_directories: folder, ...settings };
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', folder, join(native, 'bin'), ...flags], {
      stdio: ['pipe', 'ignore', 'pipe'],
      // A session of its own: Ctrl-C ends the tests, and with them the keeper's standard input.
      detached: true,
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
      ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    const server = new PostgresServer(folder, keeper);
    try {
      await server.restart();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Starts it again after `kill`; resolves when it has recovered and serves. */
  async restart(): Promise<void> {
    do {
      this.#output = '';
      this.keeper.stdin!.write('start\n');
      while (!this.#output.includes(READY) && !this.#output.includes(ENDED)) {
        await once(this.keeper.stderr!, 'data');
      }
      // A process of the killed server has not noticed its end as yet.
    } while (this.#output.includes(IN_USE));
    if (!this.#output.includes(READY)) throw new Error(`PostgreSQL did not start: ${this.#output}`);
  }

  /** SIGKILL to the server and everything that serves its connections, as a crash of the machine would end them. */
  async kill(): Promise<void> {
    const pids = await this.processIds();
    const ended = this.#until(ENDED);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await ended;
  }

  /** Of the server and everything that serves it and its connections. */
  async processIds(): Promise<number[]> {
    const postmaster = Number(readFileSync(join(this.folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
    const client = await this.#connect(USER);
    client.on('error', () => {});
    const { rows } = await client.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
    );
    await client.end();
    return [postmaster, ...rows.map(({ pid }) => pid)];
  }

  /** How to connect to a new database: an empty one, or a copy of another that nobody is connected to. */
  async createDatabase(template?: ClientConfig): Promise<ClientConfig> {
    const name = `test_${(this.#databases += 1)}`;
    const client = await this.#connect(USER);
    try {
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template?.database ?? 'template0'}`);
    } finally {
      await client.end();
    }
    return this.#config(name);
  }

  /** Ends the server and deletes its folder. */
  async stop(): Promise<void> {
    const closed = once(this.keeper, 'close');
    this.keeper.stdin!.end();
    await closed;
  }

  async #until(line: string): Promise<void> {
    while (!this.#output.includes(line)) await once(this.keeper.stderr!, 'data');
  }

  async #connect(database: string): Promise<Client> {
    const client = new Client(this.#config(database));
    await client.connect();
    return client;
  }

  #config(database: string): ClientConfig {
    return { host: this.folder, user: USER, database };
  }
}

interface PostgresOptions {
  durable?: boolean;
  settings?: Record<string, string>;
}
