import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestErrorCode } from '../errors/request-error';

/** Why a request is answered before GraphQL has seen it. The caller may read all of it. */
export interface Refusal {
  status: number;
  code: RequestErrorCode;
  message: string;
  headers?: Readonly<Record<string, string>>;
}

/** Of every path but the API's own. */
export const NOTHING_HERE: Refusal = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'There is nothing here; the API is /graphql',
};

/** The refusal in the form of a GraphQL answer. */
export function refusalBody({ code, message }: Refusal, requestId: string): object {
  return { errors: [{ message, extensions: { code, correlationId: requestId } }] };
}

/** Answers on a bare socket, where there is no response to write to, and closes it. */
export function refuseOnSocket(
  socket: Duplex,
  refusal: Refusal,
  requestId: string,
  headers: Readonly<Record<string, string>>,
): void {
  const { status } = refusal;
  const body = JSON.stringify(refusalBody(refusal, requestId));
  const all = {
    ...headers,
    ...refusal.headers,
    'x-request-id': requestId,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'));
}
