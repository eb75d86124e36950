import type { TenantScope } from '../access/viewer';
import type { Page, PageRequest } from '../paging';
import type { Account, AccountSettings, AccountStatus, Partition, Verification } from './account';

export interface AccountFilter {
  ids?: number[];
  awsAccountIds?: string[];
  statuses?: AccountStatus[];
  /** Every key must be present with this value. */
  labels?: Record<string, string>;
  /** Case-insensitive part of the name or of the AWS account ID. */
  search?: string;
  includeRemoved?: boolean;
}

export interface AccountOrder {
  field: 'NAME' | 'CREATED_AT' | 'LAST_COLLECTED_AT' | 'STATUS_SEVERITY';
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
  awsAccountId: string;
  roleArn: string | null;
  /** Sealed access key, or null for a role. Replaces any earlier one. */
  sealedAccessKey: string | null;
  verification: Verification;
  at: number;
}

/** Storage of accounts and their external IDs. Every change is one transaction. */
export interface AccountRepository {
  /** @throws Error when the external ID was ever used (a UNIQUE constraint). */
  insert(account: NewAccount): Promise<Account>;
  find(scope: TenantScope, id: number): Promise<Account | null>;
  /** In the order of `ids`; null where missing or foreign. */
  findMany(scope: TenantScope, ids: readonly number[]): Promise<(Account | null)[]>;
  list(
    scope: TenantScope,
    filter: AccountFilter,
    order: AccountOrder,
    page: PageRequest,
  ): Promise<Page<Account>>;
  statusCounts(
    scope: TenantScope,
    filter: AccountFilter,
  ): Promise<{ status: AccountStatus; count: number }[]>;
  /** For the collector, which serves every tenant. Null when missing or removed. */
  load(id: number): Promise<Account | null>;

  updateSettings(id: number, settings: Partial<AccountSettings>): Promise<void>;
  /**
   * AWAITING_ROLE (or a status in `from`) becomes CONNECTED; the ACTIVE external ID gets its activatedAt.
   * @returns false when the status was another one, or the AWS account is connected already in this tenant: nothing is stored.
   */
  connect(id: number, from: readonly AccountStatus[], facts: AccountConnectionFacts): Promise<boolean>;
  /** Compare-and-set. @returns false when the status was not in `from`. */
  changeStatus(
    id: number,
    from: readonly AccountStatus[],
    to: AccountStatus,
    reason: string | null,
  ): Promise<boolean>;
  saveVerification(id: number, verification: Verification): Promise<void>;
  recordCollection(id: number, at: number): Promise<void>;
  /** The sealed access key of an access-key account. */
  sealedAccessKey(id: number): Promise<string | null>;

  /** @returns false when a PENDING one exists (a partial unique index decides, not a look before). */
  addPendingExternalId(id: number, value: string, at: number): Promise<boolean>;
  /** PENDING → ACTIVE and ACTIVE → RETIRED in one step. @returns false when `value` is no longer PENDING. */
  promoteExternalId(id: number, value: string, at: number): Promise<boolean>;
  /** PENDING → RETIRED. @returns false when `value` is no longer PENDING. */
  retirePendingExternalId(id: number, value: string, at: number): Promise<boolean>;

  /**
   * Forgets credentials. With `keepHistory` the row stays as REMOVED; without, its resources, series, points and runs go.
   * External IDs stay for ever in both cases. @returns false when it was removed already.
   */
  remove(id: number, keepHistory: boolean, at: number): Promise<boolean>;
}
