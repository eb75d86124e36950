/** One connected (or to be connected) AWS account, and what it is made of. Instants are epoch milliseconds. */

export type Partition = 'AWS' | 'AWS_US_GOV' | 'AWS_CN';

/**
 * DEGRADED: some plugin or Region fails. BROKEN: no credentials can be had. INSECURE: the role opens without its
 * external ID, nothing is collected. REMOVED: only history is left.
 */
export type AccountStatus =
  'AWAITING_ROLE' | 'CONNECTED' | 'DEGRADED' | 'BROKEN' | 'INSECURE' | 'PAUSED' | 'REMOVED';

export type ConnectionMethod = 'ROLE' | 'ACCESS_KEY';

export type ExternalIdState = 'PENDING' | 'ACTIVE' | 'RETIRED';

/** A GUID that binds a role's trust policy to one account of ours, for all time. */
export interface ExternalId {
  value: string;
  state: ExternalIdState;
  createdAt: number;
  /** When STS first accepted it. */
  activatedAt: number | null;
  retiredAt: number | null;
  /** While PENDING: the first of the successes in a row that promote it. */
  acceptedAt: number | null;
  /** Once RETIRED: when STS was first seen to refuse it. Until then it may serve as a fallback. */
  refusedAt: number | null;
}

export type CheckName =
  | 'ASSUMES_WITH_EXTERNAL_ID'
  | 'REFUSED_WITHOUT_EXTERNAL_ID'
  | 'REFUSED_WITH_WRONG_EXTERNAL_ID'
  | 'ACCOUNT_MATCHES'
  | 'RETIRED_EXTERNAL_ID_REFUSED'
  | 'PERMISSIONS_SUFFICIENT'
  | 'PERMISSIONS_NOT_EXCESSIVE';

/** Every check of a verification, in the order in which it shows them. */
export const CHECK_NAMES: readonly CheckName[] = [
  'ASSUMES_WITH_EXTERNAL_ID',
  'REFUSED_WITHOUT_EXTERNAL_ID',
  'REFUSED_WITH_WRONG_EXTERNAL_ID',
  'ACCOUNT_MATCHES',
  'RETIRED_EXTERNAL_ID_REFUSED',
  'PERMISSIONS_SUFFICIENT',
  'PERMISSIONS_NOT_EXCESSIVE',
];

export type CheckOutcome = 'RUNNING' | 'PASSED' | 'WARNING' | 'FAILED' | 'SKIPPED';

export interface VerificationCheck {
  name: CheckName;
  outcome: CheckOutcome;
  /** Stable and machine-readable. */
  code: string;
  message: string;
  expected: string | null;
  found: string | null;
  missingActions: string[];
  /** It failed, and an administrator of the gateway lets it pass for a while. */
  waived: boolean;
}

/** The proof that the trust is right, check by check. `ok` is false until `complete`. */
export interface Verification {
  at: number;
  complete: boolean;
  ok: boolean;
  checks: VerificationCheck[];
}

/** Checks that an administrator of the gateway has let pass for a while, though they fail. */
export interface Waiver {
  checks: CheckName[];
  /** The token's name, or the subject of an OIDC token. */
  grantedBy: string;
  grantedAt: number;
  expiresAt: number;
}

/** What may be shown of a stored access key. */
export interface StoredAccessKey {
  /** The last four characters of its id. */
  idEnding: string;
  /** When it was given to Rolecall: AWS tells no age of a key to those who use it. */
  storedAt: number;
}

export interface TagFilter {
  key: string;
  /** Empty or null: any value. */
  values: string[] | null;
}

export type MetricLevel = 'CORE' | 'EXTENDED' | 'CUSTOM';

/** CUSTOM: exactly `metrics`, each as Name or Name:Statistic. */
export interface MetricProfile {
  plugin: string;
  level: MetricLevel;
  metrics: string[];
  /** Seconds between points: 300, or 60 where the resource publishes them. The price is the same: AWS asks it by query. */
  periodSeconds: MetricPeriod;
}

export const METRIC_PERIODS = [60, 300] as const;
export type MetricPeriod = (typeof METRIC_PERIODS)[number];

/** What an operator may set and change. */
export interface AccountSettings {
  name: string;
  /** Empty: every Region that is enabled in the account. */
  regions: string[];
  /** Empty: every plugin that is enabled in the gateway. */
  plugins: string[];
  tagFilter: TagFilter[];
  metricProfiles: MetricProfile[];
  labels: Record<string, string>;
  monthlyBudgetUsd: number | null;
}

export interface Account extends AccountSettings {
  id: number;
  tenantId: number;
  awsAccountId: string | null;
  partition: Partition;
  status: AccountStatus;
  statusReason: string | null;
  connection: ConnectionMethod;
  roleArn: string | null;
  /** The newest first: the ACTIVE one, the PENDING one, and at most 50 of the RETIRED. */
  externalIds: ExternalId[];
  verification: Verification | null;
  /** When the trust is proved again; null while nothing is connected. */
  nextVerificationAt: number | null;
  waiver: Waiver | null;
  /** Null for a role. */
  accessKey: StoredAccessKey | null;
  createdAt: number;
  removedAt: number | null;
  lastCollectedAt: number | null;
  /** From the lease; null when nothing is scheduled. */
  nextCollectionAt: number | null;
}

/** The statuses in which the scheduler collects. */
export const COLLECTED_STATUSES: readonly AccountStatus[] = ['CONNECTED', 'DEGRADED', 'BROKEN'];

export function isCollected({ status }: Pick<Account, 'status'>): boolean {
  return COLLECTED_STATUSES.includes(status);
}

/** What is RETIRED, used or cancelled, and not yet proved to be refused by the role. */
export function unrefusedExternalIds({ externalIds }: Pick<Account, 'externalIds'>): ExternalId[] {
  return externalIds.filter(({ state, refusedAt }) => state === 'RETIRED' && refusedAt === null);
}

/**
 * RETIRED ones that a proof asks for: all of which the role is not known to refuse them, and those that somebody is likeliest
 * to put back, refused before or not: the last one that was ACTIVE, and the last one whose rotation was cancelled.
 */
export function doubtfulExternalIds(account: Pick<Account, 'externalIds'>): ExternalId[] {
  const retired = account.externalIds
    .filter(({ state }) => state === 'RETIRED')
    .sort((a, b) => (b.retiredAt ?? 0) - (a.retiredAt ?? 0));
  const wasActive = retired.find(({ activatedAt }) => activatedAt !== null);
  const wasCancelled = retired.find(({ activatedAt }) => activatedAt === null);
  const last = [wasActive, wasCancelled].filter((one) => one !== undefined);
  return [...new Set([...last, ...unrefusedExternalIds(account)])];
}

/**
 * The external ID that the ACTIVE one has replaced, while it is not proved that the role refuses it: where a customer takes
 * the change of the trust policy back, or IAM has not spread it yet, it still opens the role.
 */
export function fallbackExternalId(account: Account): ExternalId | null {
  const active = externalIdIn(account, 'ACTIVE');
  if (!active) return null;
  const isReplaced = ({ activatedAt, retiredAt }: ExternalId) =>
    activatedAt !== null && retiredAt === active.activatedAt;
  return unrefusedExternalIds(account).find(isReplaced) ?? null;
}

/** The account's waiver while it has not ended. */
export function validWaiver({ waiver }: Pick<Account, 'waiver'>, now: number): Waiver | null {
  return waiver && waiver.expiresAt > now ? waiver : null;
}

export function externalIdIn(account: Account, state: ExternalIdState): ExternalId | null {
  return account.externalIds.find((externalId) => externalId.state === state) ?? null;
}
