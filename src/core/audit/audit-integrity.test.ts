import type { AuditCheckpoint } from './audit-checkpoint';
import { AuditIntegrity } from './audit-integrity';
import { AuditKey, AuditPublicKeys } from './audit-key';
import { AuditVerifier } from './audit-verifier';
import type { CheckpointFile } from './checkpoint-file';

const KEY = new AuditKey(Buffer.alloc(32, 1));

function checkpoint(tenantId: number): AuditCheckpoint {
  return KEY.sign({ tenantId, sequence: 1, hash: 'ab', at: 1, previous: null });
}

/** An empty log, beside a file of checkpoints that counts how many were read of it. */
function setUp(filed: AuditCheckpoint[], onRead: () => void = () => {}) {
  const state = { read: 0 };
  const file: Pick<CheckpointFile, 'read'> = {
    async *read() {
      for (const one of filed) {
        state.read += 1;
        onRead();
        yield one;
      }
    },
  };
  const integrity = new AuditIntegrity({
    chains: { auditedTenants: async () => [], chain: async function* () {}, checkpoints: async () => [] },
    file: file as CheckpointFile,
    verifier: new AuditVerifier(new AuditPublicKeys([KEY.publicKey])),
    clock: { now: () => 5 },
  });
  return { integrity, state };
}

it('verifies the tenants that the file alone has heard of', async () => {
  const { integrity } = setUp([checkpoint(7), checkpoint(3), checkpoint(7)]);
  const { checkedAt, chains } = await integrity.check(null);
  expect(checkedAt).toBe(5);
  expect(chains).toMatchObject([3, 7].map((tenantId) => ({ tenantId, entries: 0, fault: { sequence: 1 } })));
});

it('reads nothing for who has gone already', async () => {
  const { integrity, state } = setUp([checkpoint(1)]);
  await expect(integrity.check([1], AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(state.read).toBe(0);
});

it('reads no further once nobody waits', async () => {
  const controller = new AbortController();
  const filed = Array.from({ length: 100 }, () => checkpoint(1));
  const { integrity, state } = setUp(filed, () => controller.abort(new Error('gone')));
  await expect(integrity.check([1], controller.signal)).rejects.toThrow('gone');
  expect(state.read).toBe(1);
});
