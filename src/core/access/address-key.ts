import { isIPv4, isIPv6 } from 'node:net';

/** An IPv4 address that came through an IPv6 socket: `::ffff:102:304`. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * Under what the limits of a client are kept: an IPv4 address as it is, an IPv6 address as its /64, within which one
 * host has as many addresses as it likes. What is no address is a key of its own.
 */
export function addressKey(address: string): string {
  const [bare] = address.split('%');
  if (isIPv4(bare) || !isIPv6(bare)) return bare;
  // The URL parser writes the one canonical form.
  const canonical = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = MAPPED.exec(canonical);
  if (mapped) {
    const [high, low] = mapped.slice(1).map((group) => parseInt(group, 16));
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  const [left, right] = canonical.split('::').map((side) => side.split(':').filter(Boolean));
  const gap = right ? Array<string>(8 - left.length - right.length).fill('0') : [];
  return `${[...left, ...gap, ...(right ?? [])].slice(0, 4).join(':')}::/64`;
}
