import pLimit from 'p-limit';
import type { Clock } from '../clock';
import type { AuditCheckpoint } from './audit-checkpoint';
import type { AuditChains } from './audit-repository';
import type { AuditVerifier, ChainReport } from './audit-verifier';
import type { CheckpointFile } from './checkpoint-file';

/** How the log was found. */
export interface IntegrityReport {
  /** Epoch ms. */
  checkedAt: number;
  /** One for each tenant. */
  chains: ChainReport[];
}

/** Verifies chains against the checkpoints of the database and of the file. One verification at a time: it reads the whole log. */
export class AuditIntegrity {
  private readonly oneAtATime = pLimit(1);

  constructor(
    private readonly options: {
      chains: AuditChains;
      file: CheckpointFile;
      verifier: AuditVerifier;
      clock: Pick<Clock, 'now'>;
    },
  ) {}

  /**
   * @param tenantIds null: every one that the database or the file has heard of.
   * @throws the signal's reason when it is aborted first.
   */
  check(tenantIds: readonly number[] | null, signal?: AbortSignal): Promise<IntegrityReport> {
    return this.oneAtATime(async () => {
      // It may have waited for its turn until nobody waits for it any more.
      signal?.throwIfAborted();
      const { chains, verifier, clock } = this.options;
      const checkedAt = clock.now();
      // Before the entries: what is signed later is not missed in what was read earlier.
      const filed = await this.filed(signal);
      const wanted =
        tenantIds ??
        [...new Set([...(await chains.auditedTenants()), ...filed.keys()])].sort((a, b) => a - b);
      const reports: ChainReport[] = [];
      for (const tenantId of wanted) {
        signal?.throwIfAborted();
        const checkpoints = [...(await chains.checkpoints(tenantId)), ...(filed.get(tenantId) ?? [])];
        const entries = abortable(chains.chain(tenantId), signal);
        reports.push(await verifier.verify(tenantId, entries, checkpoints));
      }
      return { checkedAt, chains: reports };
    });
  }

  private async filed(signal: AbortSignal | undefined): Promise<Map<number, AuditCheckpoint[]>> {
    const byTenant = new Map<number, AuditCheckpoint[]>();
    for await (const checkpoint of abortable(this.options.file.read(), signal)) {
      const { tenantId } = checkpoint;
      const before = byTenant.get(tenantId);
      if (before) before.push(checkpoint);
      else byTenant.set(tenantId, [checkpoint]);
    }
    return byTenant;
  }
}

async function* abortable<T>(items: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncIterable<T> {
  for await (const item of items) {
    signal?.throwIfAborted();
    yield item;
  }
}
