// Called for every series of every cycle; looking up the global Math each time is slow in Jest’s own context.
const { imul } = Math;

/**
 * A metric of one namespace as a number of 52 bits: by its name and its dimensions, in whatever order they come. Two hashes
 * of 26 bits (FNV-1a over UTF-16 units, with different primes), so that millions can be kept as plain numbers; that two of
 * one namespace meet is as likely as 2^-52 for each pair.
 */
export function metricKey(name: string, dimensions: readonly (readonly [string, string])[]): number {
  let low = hash(0x811c9dc5, name, 0x01000193);
  let high = hash(0x9e3779b9, name, 0x85ebca6b);
  const sorted =
    dimensions.length > 1 ? [...dimensions].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : dimensions;
  for (const [key, value] of sorted) {
    // The bounds between texts count too: they are units that no dimension holds.
    low = hash(hash(low ^ 1, key, 0x01000193) ^ 2, value, 0x01000193);
    high = hash(hash(high ^ 1, key, 0x85ebca6b) ^ 2, value, 0x85ebca6b);
  }
  return (mixed(high) >>> 6) * 2 ** 26 + (mixed(low) >>> 6);
}

function hash(start: number, text: string, prime: number): number {
  // The length first, so that a text that ends earlier is another.
  let hashed = imul(start ^ text.length, prime);
  for (let index = 0; index < text.length; index++) hashed = imul(hashed ^ text.charCodeAt(index), prime);
  return hashed;
}

/** Lets every bit count for the upper ones, which are kept (the finalizer of MurmurHash3). */
function mixed(hashed: number): number {
  const first = imul(hashed ^ (hashed >>> 16), 0x85ebca6b);
  const second = imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
