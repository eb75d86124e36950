import { createHash } from 'node:crypto';

/** What the first entry of a tenant follows. */
export const GENESIS_HASH = '0'.repeat(64);

/** An entry as it is stored, and all of it that its hash covers. */
export interface ChainContent {
  /** Grows with each entry, over all tenants. */
  id: number;
  tenantId: number;
  /** 1, 2, 3, … within the tenant. */
  sequence: number;
  /** Epoch ms. */
  at: number;
  actor: string;
  action: string;
  /** `Type:id` of what was acted upon. */
  target: string | null;
  accountId: number | null;
  /** A JSON object as canonical text. */
  detail: string;
}

/** An entry in its place in the chain. */
export interface ChainEntry extends ChainContent {
  /** The hash of the tenant's entry before; hex. */
  previousHash: string;
  hash: string;
}

/**
 * SHA-256 over the 32 bytes of the hash before and the entry's canonical JSON, hex. `detail` goes in as the text that is
 * stored, so that no byte of it is left out.
 */
export function entryHash(previousHash: string, entry: ChainContent): string {
  const { accountId, action, actor, at, detail, id, sequence, target, tenantId } = entry;
  // The keys in their order make it canonical: a test compares.
  const text = JSON.stringify({ accountId, action, actor, at, detail, id, sequence, target, tenantId });
  return createHash('sha256').update(Buffer.from(previousHash, 'hex')).update(text).digest('hex');
}
