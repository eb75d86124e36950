import type { TlsFiles } from './tls';

/** How the door is set. Sizes in bytes, times in milliseconds. */
export interface DoorOptions {
  /** Null: plain HTTP, for a proxy in front or for this machine alone. */
  tls: TlsFiles | null;
  /** Whose X-Forwarded-For and X-Forwarded-Proto are believed: so many hops, or these addresses and networks. */
  trustedProxies: number | readonly string[];
  /** Origins of browsers that may read answers and open WebSockets. */
  corsOrigins: readonly string[];
  /** Of the body of a request, and of one message of a WebSocket. */
  bodyBytes: number;
  /** Of the request line and all headers together. */
  headerBytes: number;
  /** Until the headers of a request must be there. */
  headersMs: number;
  /** Until a request must be there, its body included. */
  requestMs: number;
  /** Between two looks for requests that are late. */
  lateCheckMs: number;
  /** Open WebSockets of one address; an IPv6 address counts for its /64. */
  socketsPerAddress: number;
  socketsPerTenant: number;
  /** Between two looks whether the certificate has changed. */
  tlsCheckMs: number;
}

export const DEFAULT_DOOR: DoorOptions = {
  tls: null,
  trustedProxies: 0,
  corsOrigins: [],
  bodyBytes: 256 * 1024,
  headerBytes: 16 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  lateCheckMs: 1_000,
  socketsPerAddress: 100,
  socketsPerTenant: 1_000,
  tlsCheckMs: 10_000,
};
