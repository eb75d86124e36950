import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { addressKey } from '../../core/access/address-key';
import type { SchemaServices } from '../services';
import { clientAddress, type TrustsProxy } from './client-address';
import type { DoorOptions } from './door-options';
import { offersWebSocket, serveWithoutUpgrade } from './other-upgrades';
import { NOTHING_HERE, type Refusal, refuseOnSocket } from './refusal';
import { securityHeaders } from './security-headers';
import type { RequestOrigin } from './sign-in';
import { SocketQuota } from './socket-quota';

const FOREIGN_ORIGIN: Refusal = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'Pages of this origin may not open a WebSocket',
};
const TOO_MANY: Refusal = {
  status: 429,
  code: 'LIMIT_EXCEEDED',
  message: 'There are too many WebSockets of this address',
};
const NO_HANDSHAKE: Refusal = {
  status: 400,
  code: 'BAD_USER_INPUT',
  message: 'This is no handshake of a WebSocket',
};

/** Judges who may open a WebSocket, while it is a request still. */
export class Upgrades {
  private readonly origins = new WeakMap<IncomingMessage, RequestOrigin>();
  private readonly ofAddress: SocketQuota<string>;

  constructor(
    private readonly options: {
      door: DoorOptions;
      trusts: TrustsProxy;
      services: Pick<SchemaServices, 'logger'>;
    },
  ) {
    this.ofAddress = new SocketQuota(options.door.socketsPerAddress);
  }

  /** Hands on what may be opened. The WebSockets' server listens to nothing by itself (`noServer`). */
  serve(server: Server, sockets: WebSocketServer): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (!offersWebSocket(request)) return serveWithoutUpgrade(server, request, socket, head);
      const origin = this.identify(request);
      const refusal = this.judge(request, origin);
      if (refusal) return this.refuse(socket, refusal, origin);
      sockets.handleUpgrade(request, socket, head, (opened) => this.open(sockets, opened, request));
    });
    sockets.on('wsClientError', (_error: Error, socket: Duplex, request: IncomingMessage) =>
      this.refuse(socket, NO_HANDSHAKE, this.originOf(request)),
    );
    sockets.on('headers', (headers: string[], request: IncomingMessage) => {
      const { requestId } = this.originOf(request);
      const all = { ...this.headers(), 'x-request-id': requestId };
      headers.push(...Object.entries(all).map(([name, value]) => `${name}: ${value}`));
    });
  }

  /** Of a request that was upgraded. */
  originOf(request: IncomingMessage): RequestOrigin {
    return this.origins.get(request)!;
  }

  private identify(request: IncomingMessage): RequestOrigin {
    const origin = { requestId: randomUUID(), address: clientAddress(request, this.options.trusts) };
    this.origins.set(request, origin);
    return origin;
  }

  private judge({ url, headers }: IncomingMessage, { address }: RequestOrigin): Refusal | null {
    if (url?.split('?')[0] !== '/graphql') return NOTHING_HERE;
    // Browsers always send it, and no page can change it; other clients have no need to.
    const { origin } = headers;
    if (origin !== undefined && !this.options.door.corsOrigins.includes(origin)) return FOREIGN_ORIGIN;
    return this.ofAddress.isFull(addressKey(address)) ? TOO_MANY : null;
  }

  private open(sockets: WebSocketServer, opened: WebSocket, request: IncomingMessage): void {
    const { requestId, address } = this.originOf(request);
    opened.once('close', this.ofAddress.take(addressKey(address)));
    sockets.emit('connection', opened, request);
    // graphql-ws writes errors of a socket to the console. They are the client's: a frame that is too large, or none.
    opened.removeAllListeners('error');
    opened.on('error', ({ message }: Error) =>
      this.options.services.logger.info({ requestId, address, reason: message }, 'WebSocket refused'),
    );
  }

  private refuse(socket: Duplex, refusal: Refusal, { requestId, address }: RequestOrigin): void {
    const { status, code } = refusal;
    this.options.services.logger.info({ requestId, address, status, code }, 'request refused');
    refuseOnSocket(socket, refusal, requestId, this.headers());
  }

  private headers(): Readonly<Record<string, string>> {
    return securityHeaders(this.options.door.tls !== null);
  }
}
