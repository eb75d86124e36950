import type { TenantScope } from '../access/viewer';
import type { Page, PageRequest } from '../paging';
import type { AuditCheckpoint } from './audit-checkpoint';
import type { AuditTrail } from './audit-trail';
import type { ChainContent, ChainEntry } from './chain';

/** An entry as it is read. */
export interface AuditEntry extends Omit<ChainContent, 'detail'> {
  detail: Record<string, unknown>;
}

/** What is left out does not filter. */
export interface AuditFilter {
  accountIds?: number[];
  actions?: string[];
  /** Epoch ms, included. */
  from?: number;
  /** Epoch ms, left out. */
  to?: number;
}

/** What a caller may read: the log of its tenant and of the tenants below. */
export interface AuditReads {
  /** In the order of `ids`; null where missing or foreign. */
  findMany(ids: readonly number[]): Promise<(AuditEntry | null)[]>;
  /** By the instant, the newest first. */
  list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>>;
  /** The tenants themselves, with or without entries. */
  tenantIds(): Promise<number[]>;
}

/** Storage of the log, which can be added to and read, and nothing else. */
export interface AuditRepository extends AuditTrail, CheckpointStore, AuditChains {
  within(scope: TenantScope): AuditReads;
}

/** What a verification reads. */
export interface AuditChains {
  /** Every tenant that has an entry or a checkpoint. */
  auditedTenants(): Promise<number[]>;
  /** By sequence, as they are stored, and as many at a time as fit into memory. */
  chain(tenantId: number): AsyncIterable<ChainEntry>;
  checkpoints(tenantId: number): Promise<AuditCheckpoint[]>;
}

/** Where a chain has come to. */
export interface ChainHead {
  tenantId: number;
  sequence: number;
  hash: string;
  /** The signature of the tenant's last checkpoint. */
  previous: string | null;
}

/** The checkpoints that lie in the database. */
export interface CheckpointStore {
  /** Stores, in one transaction, what `sign` makes of each chain that has grown since its last checkpoint. */
  signHeads(sign: (head: ChainHead) => AuditCheckpoint): Promise<void>;
  /** In the order in which they were made, those after the one with this signature; all when it is not known. */
  checkpointsAfter(signature: string | null): Promise<AuditCheckpoint[]>;
}
