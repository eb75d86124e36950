import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SchemaServices } from '../services';
import { type Refusal, refuseOnSocket } from './refusal';
import { securityHeaders } from './security-headers';

const UNREADABLE: Refusal = { status: 400, code: 'BAD_USER_INPUT', message: 'The request cannot be read' };

/** By Node's code of the error. */
const REFUSALS: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'LIMIT_EXCEEDED',
    message: 'The URL and the headers are too long',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'LIMIT_EXCEEDED',
    message: 'The extensions of a chunk are too long',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'TIMED_OUT', message: 'The request came too slowly' },
};

/** Answers what is no request that Node could read, as other refusals are answered. */
export function answerClientErrors(
  server: Server,
  { logger }: Pick<SchemaServices, 'logger'>,
  isSecure: boolean,
): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const refusal = REFUSALS[error.code ?? ''] ?? UNREADABLE;
    const requestId = randomUUID();
    logger.info({ requestId, status: refusal.status, code: refusal.code }, 'request refused');
    refuseOnSocket(socket, refusal, requestId, securityHeaders(isSecure));
  });
}
