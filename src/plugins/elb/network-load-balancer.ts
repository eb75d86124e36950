import { metric, resourceType } from '../contract';
import { everyMinute, isActive, loadBalancer, ownDimensions, targetGroupDimensions } from './load-balancer';

const EXTENDED = { tier: 'EXTENDED' } as const;

/** A Network Load Balancer. Points change for 14 minutes (Netflix's figure). */
export const networkLoadBalancer = resourceType({
  ...loadBalancer,
  metrics: [
    {
      namespace: 'AWS/NetworkELB',
      dimensions: ownDimensions,
      publishes: everyMinute,
      settleSeconds: 840,
      definitions: [
        metric('ActiveFlowCount', ['Average', 'Maximum'], 'Count'),
        metric('ActiveFlowCount_TCP', ['Average', 'Maximum'], 'Count'),
        metric('ActiveFlowCount_TLS', ['Average', 'Maximum'], 'Count'),
        metric('ActiveFlowCount_UDP', ['Average', 'Maximum'], 'Count'),
        metric('NewFlowCount', ['Sum'], 'Count'),
        metric('NewFlowCount_TCP', ['Sum'], 'Count'),
        metric('NewFlowCount_TLS', ['Sum'], 'Count'),
        metric('NewFlowCount_UDP', ['Sum'], 'Count'),
        metric('ProcessedBytes', ['Sum'], 'Bytes'),
        metric('ProcessedPackets', ['Sum'], 'Count'),
        metric('TCP_Client_Reset_Count', ['Sum'], 'Count'),
        metric('TCP_ELB_Reset_Count', ['Sum'], 'Count'),
        metric('TCP_Target_Reset_Count', ['Sum'], 'Count'),
        metric('PortAllocationErrorCount', ['Sum'], 'Count'),
        metric('RejectedFlowCount', ['Sum'], 'Count'),
        metric('ClientTLSNegotiationErrorCount', ['Sum'], 'Count', EXTENDED),
        metric('TargetTLSNegotiationErrorCount', ['Sum'], 'Count', EXTENDED),
        metric('UnhealthyRoutingFlowCount', ['Sum'], 'Count', EXTENDED),
        metric('SecurityGroupBlockedFlowCount_Inbound_TCP', ['Sum'], 'Count', EXTENDED),
        metric('SecurityGroupBlockedFlowCount_Inbound_UDP', ['Sum'], 'Count', EXTENDED),
        metric('SecurityGroupBlockedFlowCount_Outbound_TCP', ['Sum'], 'Count', EXTENDED),
        metric('SecurityGroupBlockedFlowCount_Outbound_UDP', ['Sum'], 'Count', EXTENDED),
        metric('PeakPacketsPerSecond', ['Maximum'], 'Count/Second', EXTENDED),
        metric('PeakBytesPerSecond', ['Maximum'], 'Bytes/Second', EXTENDED),
        metric('ConsumedLCUs', ['Average'], 'Count', EXTENDED),
        metric('ConsumedLCUs_TCP', ['Average'], 'Count', EXTENDED),
        metric('ConsumedLCUs_TLS', ['Average'], 'Count', EXTENDED),
        metric('ConsumedLCUs_UDP', ['Average'], 'Count', EXTENDED),
        metric('ReservedLCUs', ['Average'], 'Count', EXTENDED),
        metric('ProcessedBytes_TCP', ['Sum'], 'Bytes', EXTENDED),
        metric('ProcessedBytes_TLS', ['Sum'], 'Bytes', EXTENDED),
        metric('ProcessedBytes_UDP', ['Sum'], 'Bytes', EXTENDED),
      ],
    },
    {
      namespace: 'AWS/NetworkELB',
      dimensions: targetGroupDimensions,
      publishes: everyMinute,
      settleSeconds: 840,
      definitions: [
        metric('HealthyHostCount', ['Minimum', 'Maximum'], 'Count'),
        metric('UnHealthyHostCount', ['Maximum', 'Minimum'], 'Count'),
      ],
    },
  ],
  collects: isActive,
});
