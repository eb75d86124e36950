import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson } from '../canonical-json';
import type { AuditCheckpoint } from './audit-checkpoint';
import { AuditKey, AuditPublicKeys } from './audit-key';
import { AuditVerifier } from './audit-verifier';
import { entryHash, GENESIS_HASH, type ChainEntry } from './chain';

const TENANT = 7;
const KEY = new AuditKey(Buffer.alloc(32, 1));
const OTHER_KEY = new AuditKey(Buffer.alloc(32, 2));

/** A whole chain, its ids with the gaps that other tenants' entries leave. */
function chainOf(details: readonly object[]): ChainEntry[] {
  const chain: ChainEntry[] = [];
  for (const [index, detail] of details.entries()) {
    const content = {
      id: 3 * index + 1,
      tenantId: TENANT,
      sequence: index + 1,
      at: 1_000 + index,
      actor: 'gateway',
      action: 'trust.probed',
      target: 'Account:1',
      accountId: 1,
      detail: canonicalJson(detail),
    };
    chain.push(linked(content, chain.at(-1)?.hash ?? GENESIS_HASH));
  }
  return chain;
}

function linked(content: Omit<ChainEntry, 'hash' | 'previousHash'>, previousHash: string): ChainEntry {
  return { ...content, previousHash, hash: entryHash(previousHash, content) };
}

/** The chain from `from` on with hashes that fit, as who knows how they are made writes it anew. */
function rehashed(chain: readonly ChainEntry[]): ChainEntry[] {
  const fitting: ChainEntry[] = [];
  for (const entry of chain) fitting.push(linked(entry, fitting.at(-1)?.hash ?? GENESIS_HASH));
  return fitting;
}

/** Checkpoints at these sequences, each naming the one before. */
function signed(chain: readonly ChainEntry[], sequences: readonly number[], key = KEY): AuditCheckpoint[] {
  const checkpoints: AuditCheckpoint[] = [];
  for (const sequence of sequences) {
    const { hash, at } = chain[sequence - 1]!;
    const previous = checkpoints.at(-1)?.signature ?? null;
    checkpoints.push(key.sign({ tenantId: TENANT, sequence, hash, at, previous }));
  }
  return checkpoints;
}

async function* stream(entries: readonly ChainEntry[]): AsyncIterable<ChainEntry> {
  yield* entries;
}

function verify(entries: readonly ChainEntry[], checkpoints: readonly AuditCheckpoint[] = []) {
  const verifier = new AuditVerifier(new AuditPublicKeys([KEY.publicKey]));
  return verifier.verify(TENANT, stream(entries), checkpoints);
}

const chain = chainOf(Array.from({ length: 10 }, (_, index) => ({ index, text: 'as it was written' })));
const fault = (sequence: number, id: number | null, message: string) => ({
  fault: { tenantId: TENANT, sequence, id, message: expect.stringContaining(message) },
});

describe('a hash', () => {
  it('covers the canonical JSON of all that an entry holds, after the hash before', () => {
    const { hash, previousHash, ...content } = chain[3]!;
    const everyField: Record<keyof typeof content, true> = {
      id: true,
      tenantId: true,
      sequence: true,
      at: true,
      actor: true,
      action: true,
      target: true,
      accountId: true,
      detail: true,
    };
    expect(Object.keys(content).sort()).toEqual(Object.keys(everyField).sort());
    const text = Buffer.concat([Buffer.from(previousHash, 'hex'), Buffer.from(canonicalJson(content))]);
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('a verification', () => {
  it('finds a whole chain whole', async () => {
    const checkpoints = signed(chain, [2, 7]);
    expect(await verify(chain, checkpoints)).toEqual({
      tenantId: TENANT,
      entries: 10,
      fault: null,
      lastCheckpointAt: chain[6]!.at,
    });
    expect(await verify([])).toEqual({ tenantId: TENANT, entries: 0, fault: null, lastCheckpointAt: null });
    // From the database and from the file.
    expect(await verify(chain, [...checkpoints, ...checkpoints])).toMatchObject({ fault: null });
  });

  it('finds any one changed field in any one entry', async () => {
    const index = fc.nat(chain.length - 1);
    const changes = fc.oneof(
      fc.record({ field: fc.constantFrom('actor', 'action', 'target', 'detail'), value: fc.string() }),
      fc.record({ field: fc.constantFrom('at', 'accountId'), value: fc.integer() }),
      fc.record({ field: fc.constantFrom('hash', 'previousHash'), value: fc.constant('ab'.repeat(32)) }),
    );
    await fc.assert(
      fc.asyncProperty(index, changes, async (at, { field, value }) => {
        fc.pre(chain[at]![field as keyof ChainEntry] !== value);
        const changed = chain.map((entry, i) => (i === at ? { ...entry, [field]: value } : entry));
        expect(await verify(changed)).toMatchObject({
          entries: at,
          fault: { sequence: at + 1, id: chain[at]!.id },
        });
      }),
    );
  });

  it('finds a byte that does not change what the detail says', async () => {
    const spaced = chain.map((entry) =>
      entry.sequence === 4 ? { ...entry, detail: `${entry.detail} ` } : entry,
    );
    expect(await verify(spaced)).toMatchObject(fault(4, chain[3]!.id, 'was changed'));
  });

  it('finds what was deleted, at the front, in the middle, and closed up', async () => {
    expect(await verify(chain.slice(1))).toMatchObject(
      fault(1, chain[1]!.id, 'is missing: after it comes 2'),
    );
    const gap = chain.filter(({ sequence }) => sequence !== 5);
    expect(await verify(gap)).toMatchObject(fault(5, chain[5]!.id, 'is missing: after it comes 6'));
    const closed = gap.map((entry, index) => ({ ...entry, sequence: index + 1 }));
    expect(await verify(closed)).toMatchObject(fault(5, chain[5]!.id, 'was changed or moved'));
  });

  it('finds two that were exchanged, also under fitting hashes', async () => {
    const [third, fourth] = [chain[2]!, chain[3]!];
    const exchanged = [...chain];
    exchanged[2] = { ...fourth, sequence: 3 };
    exchanged[3] = { ...third, sequence: 4 };
    expect(await verify(exchanged)).toMatchObject(fault(3, fourth.id, 'was changed or moved'));
    exchanged[2] = linked(exchanged[2]!, chain[1]!.hash);
    exchanged[3] = linked(exchanged[3]!, exchanged[2]!.hash);
    expect(await verify(exchanged)).toMatchObject(fault(4, third.id, 'does not follow'));
  });

  it('finds what was put in', async () => {
    const twin = { ...chain[4]!, id: 99, actor: 'somebody else' };
    expect(await verify([...chain.slice(0, 5), twin, ...chain.slice(5)])).toMatchObject(
      fault(6, 99, 'was put in'),
    );
    const inserted = linked({ ...twin, sequence: 6 }, chain[4]!.hash);
    const shifted = chain.slice(5).map((entry) => ({ ...entry, sequence: entry.sequence + 1 }));
    expect(await verify([...chain.slice(0, 5), inserted, ...shifted])).toMatchObject(
      fault(7, chain[5]!.id, 'was changed or moved'),
    );
  });

  it('finds a cut by a checkpoint, and only by that', async () => {
    const cut = chain.slice(0, 6);
    expect(await verify(cut)).toMatchObject({ fault: null });
    expect(await verify(cut, signed(chain, [3, 9]))).toMatchObject(fault(7, null, 'so is the rest up to 9'));
    expect(await verify([], signed(chain, [9]))).toMatchObject(fault(1, null, 'is missing'));
  });

  it('finds a chain that was written anew from somewhere on, by a checkpoint', async () => {
    const forged = rehashed(
      chain.map((entry) => (entry.sequence === 5 ? { ...entry, actor: 'mallory' } : entry)),
    );
    expect(await verify(forged)).toMatchObject({ fault: null });
    expect(await verify(forged, signed(chain, [3, 8]))).toMatchObject(
      fault(8, chain[7]!.id, 'is not the one that was signed'),
    );
    // Cut, and grown again since.
    const regrown = rehashed([...chain.slice(0, 6), ...chain.slice(6).map((entry) => ({ ...entry, at: 9 }))]);
    expect(await verify(regrown, signed(chain, [10]))).toMatchObject(
      fault(10, chain[9]!.id, 'is not the one'),
    );
  });

  it('believes no checkpoint that one of its keys has not signed', async () => {
    const foreign = signed(chain, [4], OTHER_KEY);
    expect(await verify(chain, foreign)).toMatchObject(fault(4, null, 'a key that is not known here'));
    const [good] = signed(chain, [4]) as [AuditCheckpoint];
    for (const forged of [
      { ...good, hash: chain[5]!.hash },
      { ...good, at: 5 },
      { ...good, signature: 'AAAA' },
    ]) {
      expect(await verify(chain, [forged])).toMatchObject(fault(4, null, 'not its own'));
    }
    const renamed = { ...foreign[0]!, keyId: KEY.id };
    expect(await verify(chain, [renamed])).toMatchObject(fault(4, null, 'not its own'));
  });

  it('misses a checkpoint that was taken out', async () => {
    const [first, second, third] = signed(chain, [2, 5, 9]) as [
      AuditCheckpoint,
      AuditCheckpoint,
      AuditCheckpoint,
    ];
    expect(await verify(chain, [first, third])).toMatchObject(fault(9, null, 'whose forerunner is missing'));
    expect(await verify(chain, [second, third])).toMatchObject(fault(5, null, 'whose forerunner is missing'));
  });

  it('accepts what a key before signed, as long as it is among those that count', async () => {
    const [first] = signed(chain, [3], OTHER_KEY) as [AuditCheckpoint];
    const next = KEY.sign({ ...first, sequence: 8, hash: chain[7]!.hash, previous: first.signature });
    const verifier = new AuditVerifier(new AuditPublicKeys([KEY.publicKey, OTHER_KEY.publicKey]));
    expect(await verifier.verify(TENANT, stream(chain), [first, next])).toMatchObject({ fault: null });
  });

  it('reads no further than to the fault', async () => {
    let read = 0;
    async function* counted() {
      for (const entry of [chain[0]!, ...chain.slice(2)]) {
        read += 1;
        yield entry;
      }
    }
    const verifier = new AuditVerifier(new AuditPublicKeys([]));
    await verifier.verify(TENANT, counted(), []);
    expect(read).toBe(2);
  });
});
