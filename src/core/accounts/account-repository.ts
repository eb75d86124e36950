import type { TenantScope } from '../access/viewer';
import type { AuditRecord } from '../audit/audit-trail';
import type { Page, PageRequest } from '../paging';
import type {
  Account,
  AccountSettings,
  AccountStatus,
  Partition,
  StoredAccessKey,
  Verification,
  Waiver,
} from './account';
import type { Standing } from './account-transitions';

export interface AccountFilter {
  ids?: number[];
  /** Of these tenants alone, not of those below them. */
  tenantIds?: number[];
  awsAccountIds?: string[];
  statuses?: AccountStatus[];
  /** Every key must be present with this value. */
  labels?: Record<string, string>;
  /** Case-insensitive part of the name or of the AWS account ID. */
  search?: string;
  includeRemoved?: boolean;
}

export interface AccountOrder {
  /** COST: month to date. COMPLETENESS: as last recorded; what has none counts as more than whole. */
  field: 'NAME' | 'CREATED_AT' | 'LAST_COLLECTED_AT' | 'STATUS_SEVERITY' | 'COST' | 'COMPLETENESS';
  direction: 'ASC' | 'DESC';
}

export interface NewAccount extends AccountSettings {
  tenantId: number;
  awsAccountId: string | null;
  partition: Partition;
  /** Stored ACTIVE; the database refuses a value that any account, removed ones included, ever had. */
  externalId: string;
  createdAt: number;
}

/** What a proven connection stores, at once. */
export interface AccountConnectionFacts {
  /** Whose the account was when it was proved, and whom a key is sealed for. */
  tenantId: number;
  awsAccountId: string;
  roleArn: string | null;
  /** Sealed access key, or null for a role. Replaces any earlier one. */
  sealedAccessKey: string | null;
  accessKey: StoredAccessKey | null;
  waiver: Waiver | null;
  verification: Verification;
  nextVerificationAt: number;
  at: number;
}

/** What a caller may read: the accounts of its tenant and of the tenants below. */
export interface AccountReads {
  find(id: number): Promise<Account | null>;
  /** In the order of `ids`; null where missing or foreign. */
  findMany(ids: readonly number[]): Promise<(Account | null)[]>;
  list(filter: AccountFilter, order: AccountOrder, page: PageRequest): Promise<Page<Account>>;
  statusCounts(filter: AccountFilter): Promise<{ status: AccountStatus; count: number }[]>;
}

/** An account, and whose it is. */
export interface OwnedAccount {
  accountId: number;
  tenantId: number;
}

/** What is needed of an account to count how complete it is. */
export type CountedAccount = Pick<Account, 'id' | 'status' | 'statusReason' | 'lastCollectedAt'>;

/** Storage of accounts. Every change is one transaction. */
export interface AccountRepository {
  within(scope: TenantScope): AccountReads;
  /** @throws Error when the external ID was ever used (a UNIQUE constraint). */
  insert(account: NewAccount): Promise<Account>;
  /** For the gateway's own work, which serves every tenant. Null when missing or removed. */
  load(id: number): Promise<Account | null>;
  updateSettings(id: number, settings: Partial<AccountSettings>): Promise<void>;
  /**
   * A status in `from` becomes CONNECTED; the ACTIVE external ID gets its activatedAt.
   * @returns false when the status or the tenant was another one, or the AWS account is connected already in this tenant:
   * nothing is stored.
   */
  connect(id: number, from: readonly AccountStatus[], facts: AccountConnectionFacts): Promise<boolean>;
  /**
   * Compare-and-set.
   * @param provedAt where given, of the last proof, null for none: the account must not have been proved since
   * @returns false when the status was not in `from`, or the proof is another.
   */
  changeStatus(
    id: number,
    from: readonly AccountStatus[],
    to: AccountStatus,
    reason: string | null,
    provedAt?: number | null,
  ): Promise<boolean>;
  /**
   * A proof, the status that it leads to and its entry in the audit log, all or nothing.
   * @param standing where it leads the account from how it stands now; null: it stays
   * @returns the status before and after; null when the account is no longer connected as `proved` was: nothing is stored
   */
  saveVerification(
    proved: Pick<Account, 'id' | 'connection' | 'roleArn' | 'accessKey'>,
    proof: { verification: Verification; nextVerificationAt: number; at: number; audit: AuditRecord },
    standing: (present: Standing) => Pick<Account, 'status' | 'statusReason'> | null,
  ): Promise<{ from: AccountStatus; to: AccountStatus } | null>;
  /** Does nothing when the proof is due at another time than `account` says: somebody has decided since. */
  postponeVerification(account: Pick<Account, 'id' | 'nextVerificationAt'>, until: number): Promise<void>;
  /**
   * Accounts that are connected and not paused, and whose proof is due. The longest overdue of each tenant first, then the
   * next of each: with a limit, no tenant shuts another out.
   */
  dueForVerification(now: number, limit: number): Promise<OwnedAccount[]>;
  recordCollection(id: number, at: number): Promise<void>;
  /** Accounts that are not removed and whose completeness was recorded before the instant or never: the longest ago first. */
  dueForCompleteness(before: number, limit: number): Promise<CountedAccount[]>;
  /** Of the last day, 0 to 1; null when there was nothing to expect, or it could not be counted. */
  recordCompleteness(id: number, completeness: number | null, at: number): Promise<void>;
  /**
   * To another tenant, with its history: every row that names a tenant. Revokes the lease, so that a collection under way
   * for the old one stores nothing more.
   * @param sealedAccessKey the stored key, sealed for the new tenant; null where there is none
   * @param audit stored in the same transaction, made `at`
   * @returns CONNECTED_THERE when the new tenant has this AWS account connected, CHANGED when the account has another
   * tenant or connection than `account` says: nothing is stored.
   */
  move(
    account: Pick<Account, 'id' | 'tenantId' | 'connection' | 'accessKey'>,
    toTenantId: number,
    sealedAccessKey: string | null,
    audit: AuditRecord,
    at: number,
  ): Promise<'MOVED' | 'CONNECTED_THERE' | 'CHANGED'>;
  /** The sealed access key of an access-key account. */
  sealedAccessKey(id: number): Promise<string | null>;
  /**
   * Forgets credentials. With `keepHistory` the row stays as REMOVED; without, its resources, series, points and runs go.
   * External IDs stay for ever in both cases. @returns false when it was removed already.
   */
  remove(id: number, keepHistory: boolean, at: number): Promise<boolean>;
}
