import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema } from '../build-schema';
import type { Execution } from '../operation/execute-operation';
import { DEFAULT_LIMITS, type OperationLimits } from '../operation/limits';
import type { SchemaServices } from '../services';
import { createApollo } from './apollo';
import { createHttpApp } from './http-app';
import { serveWebSockets } from './websocket';

export interface ServerOptions {
  host: string;
  /** 0 for any free one. */
  port: number;
  services: SchemaServices;
  limits?: Partial<OperationLimits>;
  /** Lets messages about a document name what the schema has instead. */
  development?: boolean;
}

export interface RunningServer {
  /** Of the API: http://host:port/graphql */
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

/** Serves the API: HTTP and WebSocket at /graphql, and the health probes. @throws Error when it cannot listen */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, services, development = false } = options;
  const execution: Execution = {
    schema: buildSchema(services.plugins.graphqlTypes()),
    services,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    hideSuggestions: !development,
  };
  const apollo = createApollo(execution);
  await apollo.start();
  let draining = false;
  const server = createServer(createHttpApp(apollo, services, () => draining));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  });
  // After the listening: ws takes the server's errors for its own, and would log one of them twice.
  const sockets = serveWebSockets(server, execution);
  const { port } = server.address() as AddressInfo;

  const close = async (graceMs: number): Promise<void> => {
    draining = true;
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
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`,
    port,
    close: (graceMs) => (closing ??= close(graceMs)),
  };
}
