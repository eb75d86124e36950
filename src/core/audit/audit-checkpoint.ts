import { z } from 'zod';
import { canonicalJson } from '../canonical-json';

/** A signed statement of how far a tenant's chain had come, kept in the database and outside of it. */
export interface AuditCheckpoint {
  tenantId: number;
  /** Of the last entry then. */
  sequence: number;
  /** Of that entry; hex. */
  hash: string;
  /** Epoch ms. */
  at: number;
  /** The signature of the tenant's checkpoint before; null for its first. */
  previous: string | null;
  /** Names the public key that the signature needs. */
  keyId: string;
  /** Ed25519, base64url. */
  signature: string;
}

const CHECKPOINT: z.ZodType<AuditCheckpoint> = z.strictObject({
  tenantId: z.int(),
  sequence: z.int(),
  hash: z.string(),
  at: z.int(),
  previous: z.string().nullable(),
  keyId: z.string(),
  signature: z.string(),
});

/** What is signed. */
export function signedBytes({
  signature: _,
  ...statement
}: Omit<AuditCheckpoint, 'signature'> & { signature?: string }): Buffer {
  return Buffer.from(`rolecall|audit-checkpoint|v1|${canonicalJson(statement)}`);
}

/** One line of the file of checkpoints. */
export function formatCheckpoint(checkpoint: AuditCheckpoint): string {
  return canonicalJson(checkpoint);
}

/** Null for a line that holds none, such as one that a crash has cut. */
export function parseCheckpoint(line: string): AuditCheckpoint | null {
  try {
    return CHECKPOINT.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
