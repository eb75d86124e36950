import type { AuditRecord } from '../audit/audit-trail';

/** A stored access key, and whose it is. */
export interface SealedAccessKey {
  accountId: number;
  tenantId: number;
  sealed: string;
}

/** Every sealed access key, of all tenants. It serves the gateway's own keeping of keys, and never a caller. */
export interface SealedKeyRepository {
  /** In the order of their accounts, from behind `afterAccountId` on; at most `limit`. */
  page(afterAccountId: number, limit: number): Promise<SealedAccessKey[]>;
  /**
   * Compare-and-set, stored together with its entry in the audit log. @param at epoch ms
   * @returns false when it is `from` no more: nothing is stored.
   */
  replace(accountId: number, from: string, to: string, audit: AuditRecord, at: number): Promise<boolean>;
}
