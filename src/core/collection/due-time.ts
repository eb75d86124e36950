/**
 * Accounts are spread inside the interval, so that ten thousand do not start in one second: each has a fixed place,
 * by a hash of its id (Knuth's multiplicative hash, TAOCP vol. 3, 6.4).
 */
export function offsetInInterval(accountId: number, intervalMs: number): number {
  const hash = Math.imul(accountId, 0x9e3779b1) >>> 0;
  return Math.floor((hash / 2 ** 32) * intervalMs);
}

/** The first of the account's places after `now` (epoch ms). However many were missed, one run makes them all up. */
export function nextDueTime(accountId: number, now: number, intervalMs: number): number {
  const offset = offsetInInterval(accountId, intervalMs);
  return (Math.floor((now - offset) / intervalMs) + 1) * intervalMs + offset;
}
