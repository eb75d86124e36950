import { metric, type MetricDefinition } from '../contract';

/** Beyond the core: asked for when an account's profile says so. */
const EXTENDED = { tier: 'EXTENDED' } as const;

type Definitions = readonly MetricDefinition[];

/** What every DB instance publishes. */
export const EVERY_ENGINE: Definitions = [
  metric('CPUUtilization', ['Average', 'Maximum'], 'Percent'),
  metric('DatabaseConnections', ['Average', 'Maximum'], 'Count'),
  metric('FreeableMemory', ['Minimum', 'Average'], 'Bytes'),
  metric('ReadIOPS', ['Average', 'Maximum'], 'Count/Second'),
  metric('WriteIOPS', ['Average', 'Maximum'], 'Count/Second'),
  metric('ReadLatency', ['Average', 'p90'], 'Seconds'),
  metric('WriteLatency', ['Average', 'p90'], 'Seconds'),
  metric('ReadThroughput', ['Average'], 'Bytes/Second'),
  metric('WriteThroughput', ['Average'], 'Bytes/Second'),
  metric('DiskQueueDepth', ['Average', 'Maximum'], 'Count'),
  metric('SwapUsage', ['Maximum'], 'Bytes', EXTENDED),
  metric('NetworkReceiveThroughput', ['Average'], 'Bytes/Second', EXTENDED),
  metric('NetworkTransmitThroughput', ['Average'], 'Bytes/Second', EXTENDED),
];

/** Engines with EBS storage of their own: all but Aurora. */
export const OWN_STORAGE: Definitions = [
  metric('FreeStorageSpace', ['Minimum'], 'Bytes'),
  metric('EBSIOBalance%', ['Minimum'], 'Percent'),
  metric('EBSByteBalance%', ['Minimum'], 'Percent'),
];

export const GP2_STORAGE: Definitions = [metric('BurstBalance', ['Minimum'], 'Percent')];

export const READ_REPLICA: Definitions = [metric('ReplicaLag', ['Maximum'], 'Seconds')];

/** Average active sessions. */
export const PERFORMANCE_INSIGHTS: Definitions = [
  metric('DBLoad', ['Average'], 'None'),
  metric('DBLoadCPU', ['Average'], 'None'),
  metric('DBLoadNonCPU', ['Average'], 'None'),
];

/** One credit is one vCPU at 100 % for a minute. */
export const BURSTABLE_CLASS: Definitions = [
  metric('CPUCreditBalance', ['Average'], 'Count', EXTENDED),
  metric('CPUCreditUsage', ['Average'], 'Count', EXTENDED),
  metric('CPUSurplusCreditBalance', ['Average'], 'Count', EXTENDED),
  metric('CPUSurplusCreditsCharged', ['Average'], 'Count', EXTENDED),
];

export const MYSQL: Definitions = [metric('BinLogDiskUsage', ['Maximum'], 'Bytes', EXTENDED)];

export const POSTGRESQL: Definitions = [
  metric('TransactionLogsDiskUsage', ['Maximum'], 'Bytes', EXTENDED),
  metric('OldestReplicationSlotLag', ['Maximum'], 'Bytes', EXTENDED),
  metric('ReplicationSlotDiskUsage', ['Maximum'], 'Bytes', EXTENDED),
  metric('MaximumUsedTransactionIDs', ['Maximum'], 'Count', EXTENDED),
];

/** Latencies of SQL are in milliseconds, those of the disk in seconds: so CloudWatch publishes them. */
export const AURORA: Definitions = [
  metric('FreeLocalStorage', ['Minimum'], 'Bytes'),
  metric('AuroraReplicaLag', ['Maximum'], 'Milliseconds'),
  metric('CommitLatency', ['Average', 'Maximum'], 'Milliseconds', EXTENDED),
  metric('CommitThroughput', ['Average'], 'Count/Second', EXTENDED),
  metric('BufferCacheHitRatio', ['Average', 'Minimum'], 'Percent', EXTENDED),
  metric('EngineUptime', ['Minimum'], 'Seconds', EXTENDED),
];

export const AURORA_MYSQL: Definitions = [
  metric('Deadlocks', ['Average', 'Maximum'], 'Count/Second', EXTENDED),
  metric('Queries', ['Average', 'Maximum'], 'Count/Second', EXTENDED),
  metric('LoginFailures', ['Average', 'Maximum'], 'Count/Second', EXTENDED),
  metric('BlockedTransactions', ['Average', 'Maximum'], 'Count/Second', EXTENDED),
  metric('ActiveTransactions', ['Average', 'Maximum'], 'Count/Second', EXTENDED),
  metric('SelectLatency', ['Average', 'Maximum'], 'Milliseconds', EXTENDED),
  metric('InsertLatency', ['Average', 'Maximum'], 'Milliseconds', EXTENDED),
  metric('UpdateLatency', ['Average', 'Maximum'], 'Milliseconds', EXTENDED),
  metric('DeleteLatency', ['Average', 'Maximum'], 'Milliseconds', EXTENDED),
  metric('DMLLatency', ['Average', 'Maximum'], 'Milliseconds', EXTENDED),
  metric('DDLLatency', ['Average', 'Maximum'], 'Milliseconds', EXTENDED),
  metric('SelectThroughput', ['Average'], 'Count/Second', EXTENDED),
  metric('InsertThroughput', ['Average'], 'Count/Second', EXTENDED),
  metric('UpdateThroughput', ['Average'], 'Count/Second', EXTENDED),
  metric('DeleteThroughput', ['Average'], 'Count/Second', EXTENDED),
];

export const AURORA_SERVERLESS: Definitions = [
  metric('ACUUtilization', ['Average', 'Minimum'], 'Percent', EXTENDED),
  metric('ServerlessDatabaseCapacity', ['Average', 'Maximum'], 'Count', EXTENDED),
];
