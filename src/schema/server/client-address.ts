import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Whether a request that came from this address came through a proxy of ours. `hop` counts from the nearest one: 0. */
export type TrustsProxy = (address: string, hop: number) => boolean;

/**
 * Who asks: the nearest address that is no trusted proxy. Each proxy adds to X-Forwarded-For whom it was asked by, so
 * the list is read from its end; what stands before the first one that is not trusted may be made up.
 */
export function clientAddress({ socket, headers }: IncomingMessage, trusts: TrustsProxy): string {
  const forwarded = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .reverse();
  let client = socket.remoteAddress ?? '';
  for (const [hop, address] of forwarded.entries()) {
    if (!isIP(address) || !trusts(client, hop)) break;
    client = address;
  }
  return client;
}
