import { createHash } from 'node:crypto';

/** Numbers in [0, 1) that look random and come again with the same seed. */
export function seededRandom(seed: string): () => number {
  let drawn = 0;
  return () => createHash('sha256').update(`${seed}/${drawn++}`).digest().readUInt32BE() / 2 ** 32;
}
