import { once } from 'node:events';
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Writable } from 'node:stream';
import WebSocket from 'ws';
import { type Authenticator, refusal } from '../../src/core/access/authenticator';
import type { Role } from '../../src/core/access/viewer';
import { systemClock } from '../../src/core/clock';
import { InProcessBus } from '../../src/core/live/in-process-bus';
import { createLogger } from '../../src/logger';
import type { DoorOptions } from '../../src/schema/server/door-options';
import { type RunningServer, type ServerOptions, startServer } from '../../src/schema/server/server';
import type { SchemaServices } from '../../src/schema/services';

/** Tokens are `<role>-<tenant number>`, as in the tests of the API. */
const testAuthenticator: Authenticator = {
  authenticate: async (credential) => {
    const match = /^(VIEWER|OPERATOR|ADMIN)-(\d+)$/.exec(credential ?? '');
    if (!match) return refusal(credential === null ? 'MISSING' : 'UNKNOWN');
    const [, role, tenantId] = match;
    return {
      viewer: {
        role: role as Role,
        tenantId: Number(tenantId),
        actor: `test ${role}`,
        tokenId: null,
        expiresAt: null,
      },
    };
  },
};

/** Something that serves the API at an address. */
interface Served {
  server: Pick<RunningServer, 'url'>;
}

export interface Door extends Served {
  server: RunningServer;
  services: SchemaServices;
  /** Lines as they were written. */
  log: Record<string, unknown>[];
  stop(): Promise<void>;
}

/** The real server on a port of its own; behind it are who asks, and what a test puts there. */
export async function startDoor(
  door: Partial<DoorOptions> = {},
  options: Partial<Omit<ServerOptions, 'services'>> & { services?: Partial<SchemaServices> } = {},
): Promise<Door> {
  const log: Record<string, unknown>[] = [];
  const lines = new Writable({
    write(line, _encoding, done) {
      log.push(JSON.parse(String(line)) as Record<string, unknown>);
      done();
    },
  });
  const bus = new InProcessBus();
  const services = {
    accounts: {},
    audit: { record: async () => undefined },
    authenticator: testAuthenticator,
    bus,
    clock: systemClock,
    health: async () => ({ ok: true, checks: {} }),
    logger: createLogger('debug', lines),
    plugins: { list: () => [], graphqlTypes: () => [] },
    tokens: { revokedOf: async () => new Set() },
    ...options.services,
  } as unknown as SchemaServices;
  const server = await startServer({ host: '127.0.0.1', port: 0, ...options, services, door });
  return {
    server,
    services,
    log,
    async stop() {
      bus.close();
      await server.close(500);
    },
  };
}

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Null when it is no JSON. */
  body: { data?: any; errors?: { message: string; extensions: Record<string, unknown> }[] } | null;
}

interface Ask {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  token?: string | null;
  body?: string;
  /** Trusted for TLS. */
  ca?: string;
}

export const VIEWER_QUERY = JSON.stringify({ query: '{ viewer { actor } }' });

/** One request on a connection of its own, as it is: fetch would add and refuse headers. */
export async function ask({ server }: Served, options: Ask = {}): Promise<Reply> {
  const { method = 'POST', path = '/graphql', token = 'ADMIN-1', ca } = options;
  const body = options.body ?? (method === 'POST' ? VIEWER_QUERY : undefined);
  const send = server.url.startsWith('https') ? httpsRequest : httpRequest;
  const request = send(new URL(path, server.url), {
    method,
    agent: false,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...options.headers,
    },
    ...(ca && { ca }),
  });
  request.end(body);
  const [response] = await once(request, 'response');
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(response, 'end');
  return { status: response.statusCode, headers: response.headers, text, body: parsed(text) };
}

/** How an upgrade to a WebSocket ended. */
export type Upgrade =
  | { socket: WebSocket; headers: IncomingHttpHeaders }
  | { status: number; headers: IncomingHttpHeaders; body: Reply['body'] };

/** Asks for a WebSocket. */
export function upgrade(
  { server }: Served,
  options: { headers?: Record<string, string>; path?: string; ca?: string } = {},
): Promise<Upgrade> {
  const { headers, path = '/graphql', ca } = options;
  const url = new URL(path, server.url.replace(/^http/, 'ws'));
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers, ...(ca && { ca }) });
  return new Promise((resolve, reject) => {
    let opened: IncomingHttpHeaders;
    socket.once('error', reject);
    socket.once('upgrade', (response) => (opened = response.headers));
    socket.once('open', () => resolve({ socket, headers: opened }));
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: parsed(text) }),
      );
    });
  });
}

/** A WebSocket that was let in as a socket. @throws Error when it was not */
export async function openSocket(door: Served, options?: Parameters<typeof upgrade>[1]): Promise<WebSocket> {
  const outcome = await upgrade(door, options);
  if (!('socket' in outcome)) throw new Error(`The upgrade was refused with ${outcome.status}`);
  return outcome.socket;
}

/** What the server does next: its message, or its close. */
export async function next(socket: WebSocket): Promise<{ message: any } | { code: number; reason: string }> {
  return Promise.race([
    once(socket, 'message').then(([data]) => ({ message: JSON.parse(String(data)) })),
    once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) })),
  ]);
}

/** Sends connection_init. @returns what the server does then */
export function signInOn(socket: WebSocket, token: string | null = 'ADMIN-1') {
  const payload = token === null ? {} : { Authorization: `Bearer ${token}` };
  const answer = next(socket);
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  return answer;
}

function parsed(text: string): Reply['body'] {
  try {
    return JSON.parse(text) as Reply['body'];
  } catch {
    return null;
  }
}
