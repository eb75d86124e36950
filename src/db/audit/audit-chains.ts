import type { AuditCheckpoint } from '../../core/audit/audit-checkpoint';
import type { AuditChains } from '../../core/audit/audit-repository';
import type { ChainEntry } from '../../core/audit/chain';
import type { SqliteConnection, SqlValue } from '../sqlite-connection';

const BATCH = 1_000;

/** The columns of an entry; add WHERE and ORDER BY. */
export const SELECT_ENTRY = `SELECT id, tenant_id AS tenantId, sequence, previous_hash AS previousHash, hash, at, actor,
  action, target, account_id AS accountId, detail FROM audit_entry`;

/** The log as it is stored, for who doubts it: nothing is taken for granted that the tables should guarantee. */
export class SqliteAuditChains implements AuditChains {
  constructor(private readonly reader: SqliteConnection) {}

  async auditedTenants(): Promise<number[]> {
    const rows = await this.reader.all<{ tenantId: number }>(
      'SELECT tenant_id AS tenantId FROM audit_entry UNION SELECT tenant_id FROM audit_checkpoint ORDER BY 1',
    );
    return rows.map(({ tenantId }) => tenantId);
  }

  /** In batches, each a read of its own: a long verification holds no snapshot, and the write-ahead log can shrink. */
  async *chain(tenantId: number): AsyncIterable<ChainEntry> {
    let after: SqlValue[] = [Number.MIN_SAFE_INTEGER, 0];
    for (;;) {
      const batch = await this.reader.all<ChainEntry>(
        `${SELECT_ENTRY} WHERE tenant_id = ? AND (sequence, id) > (?, ?) ORDER BY sequence, id LIMIT ?`,
        [tenantId, ...after, BATCH],
      );
      yield* batch;
      const last = batch.at(-1);
      if (!last || batch.length < BATCH) return;
      after = [last.sequence, last.id];
    }
  }

  checkpoints(tenantId: number): Promise<AuditCheckpoint[]> {
    return this.reader.all<AuditCheckpoint>(`${SELECT_CHECKPOINT} WHERE tenant_id = ? ORDER BY id`, [
      tenantId,
    ]);
  }
}

/** The columns of a checkpoint; add WHERE and ORDER BY. */
export const SELECT_CHECKPOINT = `SELECT tenant_id AS tenantId, sequence, hash, at, previous, key_id AS keyId, signature
  FROM audit_checkpoint`;
