export const DAY_MS = 86_400_000;

/** Start of the UTC day that holds the instant, epoch ms. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

/** The UTC month that holds the instant: from its start up to, not including, the next one's. */
export function monthOf(at: number): { from: number; to: number } {
  const date = new Date(at);
  const month = (offset: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset);
  return { from: month(0), to: month(1) };
}
