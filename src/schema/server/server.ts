import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buildSchema } from '../build-schema';
import type { Execution } from '../operation/execute-operation';
import { DEFAULT_LIMITS, type OperationLimits } from '../operation/limits';
import type { SchemaServices } from '../services';
import { createApollo } from './apollo';
import { answerClientErrors } from './client-errors';
import { DEFAULT_DOOR, type DoorOptions } from './door-options';
import { createHttpApp, trustsProxy } from './http-app';
import { readTls, reloadTls } from './tls';
import { Upgrades } from './upgrades';
import { serveWebSockets } from './websocket';

export interface ServerOptions {
  host: string;
  /** 0 for any free one. */
  port: number;
  services: SchemaServices;
  limits?: Partial<OperationLimits>;
  door?: Partial<DoorOptions>;
  /** Lets messages about a document name what the schema has instead. */
  development?: boolean;
  /** Answers who has a token and asks for the schema. */
  introspection?: boolean;
}

export interface RunningServer {
  /** Of the API: http://host:port/graphql, or https with TLS. */
  url: string;
  port: number;
  /**
   * Takes no new connection or operation, lets those in flight finish within `graceMs`, closes WebSockets with 1001, and
   * drops what is left.
   */
  close(graceMs: number): Promise<void>;
}

/** How often idle keep-alive connections are looked for while closing. */
const IDLE_CHECK_MS = 25;

/**
 * Serves the API: HTTP and WebSocket at /graphql, and the health probes.
 * @throws TlsFilesError
 * @throws Error when it cannot listen
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, services, development = false, introspection = false } = options;
  const door = { ...DEFAULT_DOOR, ...options.door };
  const execution: Execution = {
    schema: buildSchema(services.plugins.graphqlTypes()),
    services,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    hideSuggestions: !development,
    introspection,
  };
  const apollo = createApollo(execution);
  await apollo.start();
  let draining = false;
  const app = createHttpApp(apollo, services, door, () => draining);
  const server = createServer(app, door);
  answerClientErrors(server, services, door.tls !== null);
  const upgrades = new Upgrades({ door, trusts: trustsProxy(app), services });
  const sockets = serveWebSockets(execution, door, (request) => upgrades.originOf(request));
  upgrades.serve(server, sockets.server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stopWatching =
    server instanceof HttpsServer && door.tls
      ? reloadTls(server, door.tls, services, door.tlsCheckMs)
      : undefined;

  const close = async (graceMs: number): Promise<void> => {
    draining = true;
    stopWatching?.();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    const end = setTimeout(() => {
      sockets.terminate();
      server.closeAllConnections();
    }, graceMs);
    await sockets.close();
    await closed;
    clearInterval(idle);
    clearTimeout(end);
    await apollo.stop();
  };
  let closing: Promise<void> | undefined;
  return {
    url: `${door.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`,
    port,
    close: (graceMs) => (closing ??= close(graceMs)),
  };
}

function createServer(app: RequestListener, door: DoorOptions): HttpServer | HttpsServer {
  const options = {
    maxHeaderSize: door.headerBytes,
    headersTimeout: door.headersMs,
    requestTimeout: door.requestMs,
    connectionsCheckingInterval: door.lateCheckMs,
  };
  return door.tls
    ? createHttpsServer({ ...options, ...readTls(door.tls) }, app)
    : createHttpServer(options, app);
}
