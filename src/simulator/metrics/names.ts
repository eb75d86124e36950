/** Metric names by what publishes them; facts of AWS's service guides, the ones a monitoring tool asks for. */

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Published every minute by every running instance. */
export const instanceStatusMetrics = words(`
  StatusCheckFailed StatusCheckFailed_Instance StatusCheckFailed_System StatusCheckFailed_AttachedEBS
  InstanceEBSIOPSExceededCheck InstanceEBSThroughputExceededCheck MetadataNoToken MetadataNoTokenRejected`);

/** Published every five minutes, or every minute with detailed monitoring. */
export const instanceMetrics = words(`
  CPUUtilization NetworkIn NetworkOut NetworkPacketsIn NetworkPacketsOut
  EBSReadBytes EBSWriteBytes EBSReadOps EBSWriteOps`);

/** Instance types with local disks (a `d` after the generation). */
export const instanceStoreMetrics = words('DiskReadBytes DiskWriteBytes DiskReadOps DiskWriteOps');

/** Always at five minutes. */
export const instanceBalanceMetrics = words('EBSIOBalance% EBSByteBalance%');

/** Burstable types (t2, t3, t3a, t4g), always at five minutes. */
export const creditMetrics = words(`
  CPUCreditBalance CPUCreditUsage CPUSurplusCreditBalance CPUSurplusCreditsCharged`);

/** Every DB instance. */
export const dbInstanceMetrics = words(`
  CPUUtilization DatabaseConnections FreeableMemory ReadIOPS WriteIOPS ReadLatency WriteLatency
  ReadThroughput WriteThroughput DiskQueueDepth SwapUsage NetworkReceiveThroughput NetworkTransmitThroughput`);

/** DB instances with a disk of their own (not Aurora). */
export const dbStorageMetrics = words('FreeStorageSpace BurstBalance EBSIOBalance% EBSByteBalance%');

/** DB instances with Performance or Database Insights. */
export const dbInsightsMetrics = words('DBLoad DBLoadCPU DBLoadNonCPU');

/** Read replicas (not Aurora). */
export const dbReplicaMetrics = words('ReplicaLag');

/** MySQL and MariaDB. */
export const mysqlMetrics = words('BinLogDiskUsage');

/** PostgreSQL. */
export const postgresMetrics = words(`
  TransactionLogsDiskUsage OldestReplicationSlotLag ReplicationSlotDiskUsage MaximumUsedTransactionIDs`);

/** Aurora instances. */
export const auroraMetrics = words(`
  FreeLocalStorage AuroraReplicaLag BufferCacheHitRatio EngineUptime CommitLatency CommitThroughput`);

/** Aurora MySQL instances. */
export const auroraMysqlMetrics = words(`
  Deadlocks Queries LoginFailures BlockedTransactions ActiveTransactions
  SelectLatency InsertLatency UpdateLatency DeleteLatency DMLLatency DDLLatency
  SelectThroughput InsertThroughput UpdateThroughput DeleteThroughput`);

/** Aurora Serverless instances. */
export const auroraServerlessMetrics = words('ACUUtilization ServerlessDatabaseCapacity');

/** Aurora clusters, at five minutes. */
export const auroraClusterMetrics = words(
  'VolumeBytesUsed AuroraVolumeBytesLeftTotal VolumeReadIOPs VolumeWriteIOPs',
);

/** Classic load balancers. */
export const classicBalancerMetrics = words(`
  RequestCount HTTPCode_Backend_2XX HTTPCode_Backend_3XX HTTPCode_Backend_4XX HTTPCode_Backend_5XX
  HTTPCode_ELB_4XX HTTPCode_ELB_5XX Latency HealthyHostCount UnHealthyHostCount SurgeQueueLength SpilloverCount
  BackendConnectionErrors EstimatedProcessedBytes EstimatedALBConsumedLCUs EstimatedALBActiveConnectionCount
  EstimatedALBNewConnectionCount`);

const applicationTargetMetrics = words(`
  RequestCount HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count HTTPCode_Target_4XX_Count
  HTTPCode_Target_5XX_Count TargetResponseTime`);

const targetHealthMetrics = words('HealthyHostCount UnHealthyHostCount');

/** The metrics of one load balancer type, by the dimensions that they carry. */
interface BalancerMetricNames {
  namespace: string;
  /** Dimension LoadBalancer. */
  balancer: string[];
  /** Dimensions LoadBalancer and TargetGroup. */
  balancerAndGroup: string[];
  /** Dimension TargetGroup alone. */
  group: string[];
}

/** Namespaces and metric names of application, network and gateway load balancers. */
export const balancerMetrics: Record<'application' | 'network' | 'gateway', BalancerMetricNames> = {
  application: {
    namespace: 'AWS/ApplicationELB',
    balancer: [
      ...applicationTargetMetrics,
      ...words(`
        HTTPCode_ELB_3XX_Count HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count HTTPCode_ELB_500_Count
        HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count ActiveConnectionCount NewConnectionCount
        RejectedConnectionCount TargetConnectionErrorCount ProcessedBytes ConsumedLCUs ClientTLSNegotiationErrorCount
        TargetTLSNegotiationErrorCount HTTP_Fixed_Response_Count HTTP_Redirect_Count IPv6RequestCount RuleEvaluations
        IPv6ProcessedBytes`),
    ],
    balancerAndGroup: [
      ...applicationTargetMetrics,
      ...targetHealthMetrics,
      ...words(`
        TargetConnectionErrorCount AnomalousHostCount MitigatedHostCount
        HealthyStateDNS HealthyStateRouting UnhealthyStateDNS UnhealthyStateRouting`),
    ],
    group: words('RequestCountPerTarget'),
  },
  network: {
    namespace: 'AWS/NetworkELB',
    balancer: words(`
      ActiveFlowCount ActiveFlowCount_TCP ActiveFlowCount_TLS ActiveFlowCount_UDP
      NewFlowCount NewFlowCount_TCP NewFlowCount_TLS NewFlowCount_UDP
      ProcessedBytes ProcessedBytes_TCP ProcessedBytes_TLS ProcessedBytes_UDP ProcessedPackets
      TCP_Client_Reset_Count TCP_ELB_Reset_Count TCP_Target_Reset_Count PortAllocationErrorCount RejectedFlowCount
      ClientTLSNegotiationErrorCount TargetTLSNegotiationErrorCount UnhealthyRoutingFlowCount
      PeakPacketsPerSecond PeakBytesPerSecond ConsumedLCUs ConsumedLCUs_TCP ConsumedLCUs_TLS ConsumedLCUs_UDP`),
    balancerAndGroup: targetHealthMetrics,
    group: [],
  },
  gateway: {
    namespace: 'AWS/GatewayELB',
    balancer: words('ActiveFlowCount NewFlowCount ProcessedBytes ConsumedLCUs'),
    balancerAndGroup: targetHealthMetrics,
    group: [],
  },
};
