import type { TenantScope } from '../access/viewer';
import type { UsdBounds } from './prices';
import type { Usage } from './usage';

/** By what usage is summed up. */
export const USAGE_DIMENSIONS = ['DAY', 'ACCOUNT', 'PLUGIN', 'REGION', 'API'] as const;
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

/** What one account used on one UTC day, with its price of that day. */
export interface UsageEntry extends Usage {
  accountId: number;
  /** Start of the UTC day, epoch ms. */
  day: number;
  cost: UsdBounds;
}

/** A sum; what it is not grouped by is null. */
export interface UsageSum {
  day: number | null;
  accountId: number | null;
  plugin: string | null;
  region: string | null;
  api: string | null;
  calls: number;
  throttled: number;
  metricsRequested: number;
  cost: UsdBounds;
}

export interface UsageQuery {
  /** UTC days that begin in [from, to), epoch ms. */
  from: number;
  to: number;
  groupBy: readonly UsageDimension[];
  /** The dearest sums, or by day the newest. */
  limit: number;
}

/** What a caller may read: the usage of its tenant and of the tenants below. */
export interface UsageReads {
  /** By day, the newest first, then the dearest first. */
  sum(query: UsageQuery): Promise<UsageSum[]>;
}

/** Storage of what every call of the gateway for an account cost. */
export interface UsageLedger {
  within(scope: TenantScope): UsageReads;
  /** Adds to what is there, all or nothing. What belongs to an account that is gone is left out. */
  add(entries: readonly UsageEntry[]): Promise<void>;
  /** What each account spent on UTC days that begin in [from, to), by day; for the gateway's own work. */
  spentByDay(
    accountIds: readonly number[],
    from: number,
    to: number,
  ): Promise<{ accountId: number; day: number; cost: UsdBounds }[]>;
}
