import { setImmediate } from 'node:timers/promises';
import { formatCheckpoint, type AuditCheckpoint } from './audit-checkpoint';
import type { AuditPublicKeys } from './audit-key';
import { entryHash, GENESIS_HASH, type ChainEntry } from './chain';

/** The first place where a tenant's log is not what was written. */
export interface AuditFault {
  tenantId: number;
  /** Where in the chain. */
  sequence: number;
  /** Of the entry that stands there; null when none does. */
  id: number | null;
  /** What is wrong: goes on from "entry N". */
  message: string;
}

/** How a tenant's log was found. */
export interface ChainReport {
  tenantId: number;
  /** How many entries are whole: up to the fault, if there is one. */
  entries: number;
  fault: AuditFault | null;
  /** Epoch ms; null: nothing was signed yet. */
  lastCheckpointAt: number | null;
}

/** A signature takes a tenth of a millisecond: others get their turn in between. */
const CHECKPOINTS_AT_ONCE = 100;

/** Compares a chain with itself and with what was signed. Pure: entries and checkpoints come from wherever they are kept. */
export class AuditVerifier {
  constructor(private readonly keys: AuditPublicKeys) {}

  /**
   * @param entries of one tenant, by sequence; read no further than to the fault.
   * @param checkpoints of that tenant, from everywhere, read before the entries were.
   */
  async verify(
    tenantId: number,
    entries: AsyncIterable<ChainEntry>,
    checkpoints: readonly AuditCheckpoint[],
  ): Promise<ChainReport> {
    const distinct = [...new Map(checkpoints.map((one) => [formatCheckpoint(one), one])).values()];
    const ordered = distinct.sort((a, b) => a.sequence - b.sequence || a.at - b.at);
    const { good, fault: unsigned } = await this.judge(tenantId, ordered);
    const { count, fault } = await walk(tenantId, entries, good);
    return {
      tenantId,
      entries: count,
      fault:
        unsigned && fault ? (unsigned.sequence < fault.sequence ? unsigned : fault) : (fault ?? unsigned),
      lastCheckpointAt: good.at(-1)?.at ?? null,
    };
  }

  /** Only what is signed by one of the keys counts; each names the one before, so that none can be taken out. */
  private async judge(
    tenantId: number,
    checkpoints: readonly AuditCheckpoint[],
  ): Promise<{ good: AuditCheckpoint[]; fault: AuditFault | null }> {
    const good: AuditCheckpoint[] = [];
    let fault: AuditFault | null = null;
    for (const [index, checkpoint] of checkpoints.entries()) {
      if (index % CHECKPOINTS_AT_ONCE === 0) await setImmediate();
      const { sequence, previous } = checkpoint;
      const wrong = this.keys.faultOf(checkpoint);
      if (wrong) {
        fault ??= { tenantId, sequence, id: null, message: `has a checkpoint that ${wrong}` };
        continue;
      }
      if (previous !== (good.at(-1)?.signature ?? null)) {
        fault ??= { tenantId, sequence, id: null, message: 'has a checkpoint whose forerunner is missing' };
      }
      good.push(checkpoint);
    }
    return { good, fault };
  }
}

async function walk(
  tenantId: number,
  entries: AsyncIterable<ChainEntry>,
  checkpoints: readonly AuditCheckpoint[],
): Promise<{ count: number; fault: AuditFault | null }> {
  const signed = new Map(checkpoints.map((checkpoint) => [checkpoint.sequence, checkpoint]));
  let count = 0;
  let last = { id: 0, hash: GENESIS_HASH };
  for await (const entry of entries) {
    const found = faultOf(entry, count + 1, last, signed.get(count + 1));
    if (found) return { count, fault: { tenantId, ...found } };
    count += 1;
    last = entry;
  }
  const claimed = checkpoints.at(-1);
  if (!claimed || claimed.sequence <= count) return { count, fault: null };
  const message = `is missing, and so is the rest up to ${claimed.sequence}, which was signed at ${instant(claimed.at)}`;
  return { count, fault: { tenantId, sequence: count + 1, id: null, message } };
}

/** What is wrong with the entry that comes in the place of `sequence`. */
function faultOf(
  entry: ChainEntry,
  sequence: number,
  last: Pick<ChainEntry, 'id' | 'hash'>,
  checkpoint: AuditCheckpoint | undefined,
): Omit<AuditFault, 'tenantId'> | null {
  const { id } = entry;
  const fault = (message: string) => ({ sequence, id, message });
  if (entry.sequence > sequence) return fault(`is missing: after it comes ${entry.sequence}`);
  if (entry.sequence < sequence)
    return fault(`was put in: it has the number ${entry.sequence} of another one`);
  if (entryHash(entry.previousHash, entry) !== entry.hash) {
    return fault('was changed or moved: its hash is not that of its content');
  }
  if (entry.previousHash !== last.hash || id <= last.id) {
    return fault('does not follow the entry before it: one of the two was put in, exchanged or written anew');
  }
  if (checkpoint && checkpoint.hash !== entry.hash) {
    return fault(
      `is not the one that was signed at ${instant(checkpoint.at)}: it, or one before it, was written anew`,
    );
  }
  return null;
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
