import { isIP } from 'node:net';
import { z } from 'zod';

/** Networks that Express knows by name. */
const NAMED_NETWORKS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

const listOf = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** So many hops, or addresses, networks and names of networks with commas between them. */
export const trustedProxies = z
  .string()
  .transform((text): number | string[] => (/^\d{1,2}$/.test(text) ? Number(text) : listOf(text)))
  .refine((trusted) => typeof trusted === 'number' || (trusted.length > 0 && trusted.every(isNetwork)));

/**
 * Origins as browsers send them, with commas between them. `*` is none: every request here carries a credential, so
 * that it would let every page in the world read what its visitor may.
 */
export const origins = z
  .string()
  .transform(listOf)
  .refine((list) => list.length > 0 && list.every(isOrigin));

/** A whole number, as text. */
export const wholeNumber = (min: number, max: number) =>
  z.coerce.number().int().min(min).max(max) as unknown as z.ZodType<number, string>;

/** Whether nobody but this machine reaches the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

export const onOrOff = z.enum(['on', 'off']).transform((value) => value === 'on');

function isNetwork(text: string): boolean {
  if (NAMED_NETWORKS.has(text)) return true;
  const [address, prefix, ...rest] = text.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

function isOrigin(text: string): boolean {
  if (text.includes('*') || !URL.canParse(text)) return false;
  const { origin, protocol } = new URL(text);
  return origin === text && (protocol === 'https:' || protocol === 'http:');
}
