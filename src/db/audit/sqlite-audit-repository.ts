import type { TenantScope } from '../../core/access/viewer';
import type { AuditCheckpoint } from '../../core/audit/audit-checkpoint';
import type {
  AuditEntry,
  AuditFilter,
  AuditReads,
  AuditRepository,
  ChainHead,
} from '../../core/audit/audit-repository';
import type { AuditRecord } from '../../core/audit/audit-trail';
import type { ChainEntry } from '../../core/audit/chain';
import { canonicalJson } from '../../core/canonical-json';
import type { Clock } from '../../core/clock';
import type { Page, PageRequest } from '../../core/paging';
import { Conditions } from '../conditions';
import { inOrder } from '../in-order';
import { loadPage } from '../keyset-page';
import type { SqliteConnection } from '../sqlite-connection';
import { withinScope } from '../tenant-scope';
import type { EntityWriter } from '../transactions';
import { appendAudit } from './append-audit';
import { SELECT_CHECKPOINT, SELECT_ENTRY, SqliteAuditChains } from './audit-chains';
import { newestEntries } from './newest-entries';

/** How many chains are signed in one transaction. */
const HEADS_AT_ONCE = 500;

/** Entries that wait for their transaction. */
interface Batch {
  entries: { record: AuditRecord; at: number }[];
  stored: Promise<void>;
}

/** The audit log and its checkpoints. */
export class SqliteAuditRepository extends SqliteAuditChains implements AuditRepository {
  private waiting: Batch | null = null;

  constructor(
    private readonly writer: EntityWriter,
    private readonly connection: SqliteConnection,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    super(connection);
  }

  /**
   * What comes while earlier writes are under way goes into one transaction: all of it is stored, or none. Not from
   * inside a transaction: that is what `appendAudit` is for.
   */
  async record(record: AuditRecord): Promise<void> {
    const entry = { record: { ...record, detail: copyOf(record.detail) }, at: this.clock.now() };
    this.waiting ??= this.open();
    this.waiting.entries.push(entry);
    return this.waiting.stored;
  }

  within(scope: TenantScope): AuditReads {
    return {
      findMany: (ids) => this.findMany(scope, ids),
      list: (filter, page) => this.list(scope, filter, page),
      tenantIds: () => this.tenantIds(scope),
    };
  }

  async signHeads(sign: (head: ChainHead) => AuditCheckpoint): Promise<void> {
    let signed: number;
    do {
      signed = await this.writer.transaction(async ({ all, run }) => {
        const heads = await all<ChainHead>(GROWN_HEADS, [HEADS_AT_ONCE]);
        for (const head of heads) {
          const { tenantId, sequence, hash, at, previous, keyId, signature } = sign(head);
          await run(
            `INSERT INTO audit_checkpoint (tenant_id, sequence, hash, at, previous, key_id, signature)
            VALUES (?, ?, ?, ?, ?, ?, ?)`,
            [tenantId, sequence, hash, at, previous, keyId, signature],
          );
        }
        return heads.length;
      });
    } while (signed === HEADS_AT_ONCE);
  }

  checkpointsAfter(signature: string | null): Promise<AuditCheckpoint[]> {
    return this.connection.all<AuditCheckpoint>(
      `${SELECT_CHECKPOINT} WHERE id > coalesce((SELECT id FROM audit_checkpoint WHERE signature = ?), 0) ORDER BY id`,
      [signature],
    );
  }

  private open(): Batch {
    const entries: Batch['entries'] = [];
    const closeBatch = () => (this.waiting = null);
    const stored = this.writer
      .transaction(async (transaction) => {
        closeBatch();
        for (const { record, at } of entries) await appendAudit(transaction, record, at);
      })
      // Also where the transaction never began.
      .finally(() => this.waiting?.entries === entries && closeBatch());
    return { entries, stored };
  }

  private async findMany(scope: TenantScope, ids: readonly number[]): Promise<(AuditEntry | null)[]> {
    const where = new Conditions().within('tenant_id', scope).in('id', ids);
    const rows = await this.connection.all<ChainEntry>(`${SELECT_ENTRY} WHERE ${where}`, where.parameters);
    return inOrder(ids, rows.map(toEntry));
  }

  private async list(scope: TenantScope, filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>> {
    const ids = await newestEntries(this.connection, scope, filter, page);
    return loadPage(ids, (found) => this.findMany(scope, found));
  }

  private async tenantIds(scope: TenantScope): Promise<number[]> {
    const [isWithin, scopeId] = withinScope('id', scope);
    const rows = await this.connection.all<{ id: number }>(
      `SELECT id FROM tenant WHERE ${isWithin} ORDER BY id`,
      [scopeId],
    );
    return rows.map(({ id }) => id);
  }
}

/** The last entry of each tenant whose chain has grown since its last checkpoint. */
const GROWN_HEADS = `SELECT head.tenant_id AS tenantId, head.sequence, head.hash, last.signature AS previous
  FROM tenant
  JOIN audit_entry AS head ON head.tenant_id = tenant.id
    AND head.sequence = (SELECT max(sequence) FROM audit_entry WHERE tenant_id = tenant.id)
  LEFT JOIN audit_checkpoint AS last
    ON last.id = (SELECT max(id) FROM audit_checkpoint WHERE tenant_id = tenant.id)
  WHERE last.id IS NULL OR head.sequence > last.sequence
  ORDER BY tenant.id LIMIT ?`;

function toEntry({ previousHash: _, hash: __, detail, ...entry }: ChainEntry): AuditEntry {
  return { ...entry, detail: JSON.parse(detail) as Record<string, unknown> };
}

/** As it is now: it may wait, and its owner may go on. @throws TypeError for what is no JSON. */
function copyOf(detail: AuditRecord['detail']): AuditRecord['detail'] {
  return detail && (JSON.parse(canonicalJson(detail)) as Record<string, unknown>);
}
