import type { Plugin } from '../plugins/contract';
import type { AwsCredentials } from '../core/aws/aws-clients';
import type { CallLimits } from '../core/aws/call-limits';
import type { Clock, Random } from '../core/clock';
import type { Cron } from '../core/collection/scheduler';
import type { openDatabase } from '../db';
import type { GatewayLogger } from '../logger';

/** What a test or the demo gives in place of the real thing. */
export interface GatewayOptions {
  clock?: Clock;
  random?: Random;
  cron?: Cron;
  logger?: GatewayLogger;
  plugins?: Plugin[];
  /** The gateway's own AWS credentials; the SDK's default chain when left out. */
  gatewayCredentials?: () => Promise<AwsCredentials>;
  limits?: Partial<Limits>;
  /** Of calls to AWS, in place of token buckets in real time. */
  callLimits?: CallLimits;
  openDatabase?: typeof openDatabase;
  /** Collects and proves nothing by itself until `startCollecting`; the demo makes its roles first. */
  startPaused?: boolean;
}

/** Time in milliseconds, concurrency in pieces. */
export interface Limits {
  leaseTtlMs: number;
  discoveryMs: number;
  probeMs: number;
  /** For the list of an account's Regions, asked for in one of them. */
  listingMs: number;
  runMs: number;
  connectMs: number;
  requestMs: number;
  accountsAtOnce: number;
  discoveriesPerAccount: number;
  fetchesPerAccount: number;
  /** Data points on their way from CloudWatch into the database, of all accounts: some 50 bytes each. */
  pointsInMemory: number;
  /** ListMetrics of one account, each in its Region. */
  listingsPerAccount: number;
  attempts: number;
  /** Of AWS's quotas of an account, the part that the gateway makes use of: the customer's own tools draw on the same. */
  quotaShare: number;
  /** For the answer of STS in one Region. */
  stsMs: number;
  stsAtOnce: number;
  stsPerSecond: number;
  /** Sessions of customers' accounts in memory, about 2 KB each. */
  sessionsKept: number;
  /** Values that plugins remember of resources, about 500 bytes each. */
  remembered: number;
}

export const DEFAULT_LIMITS: Limits = {
  leaseTtlMs: 60_000,
  discoveryMs: 60_000,
  probeMs: 15_000,
  listingMs: 10_000,
  runMs: 240_000,
  connectMs: 3_000,
  requestMs: 30_000,
  accountsAtOnce: 10,
  discoveriesPerAccount: 8,
  fetchesPerAccount: 6,
  pointsInMemory: 1_000_000,
  listingsPerAccount: 4,
  attempts: 3,
  quotaShare: 0.5,
  stsMs: 10_000,
  stsAtOnce: 20,
  stsPerSecond: 100,
  sessionsKept: 20_000,
  remembered: 50_000,
};
