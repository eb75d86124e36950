import { metric, resourceType } from '../contract';
import { everyMinute, isActive, loadBalancer, ownDimensions, targetGroupDimensions } from './load-balancer';

const EXTENDED = { tier: 'EXTENDED' } as const;
/** Billing units come late: after 44 minutes (Netflix's figure). */
const LCU_SETTLE_SECONDS = 44 * 60;

/** An Application Load Balancer. It publishes while requests flow; points change for 10 minutes (Netflix's figure). */
export const applicationLoadBalancer = resourceType({
  ...loadBalancer,
  metrics: [
    {
      namespace: 'AWS/ApplicationELB',
      dimensions: ownDimensions,
      publishes: everyMinute,
      settleSeconds: 600,
      definitions: [
        metric('RequestCount', ['Sum'], 'Count'),
        metric('HTTPCode_Target_2XX_Count', ['Sum'], 'Count'),
        metric('HTTPCode_Target_3XX_Count', ['Sum'], 'Count'),
        metric('HTTPCode_Target_4XX_Count', ['Sum'], 'Count'),
        metric('HTTPCode_Target_5XX_Count', ['Sum'], 'Count'),
        metric('HTTPCode_ELB_4XX_Count', ['Sum'], 'Count'),
        metric('HTTPCode_ELB_5XX_Count', ['Sum'], 'Count'),
        metric('HTTPCode_ELB_502_Count', ['Sum'], 'Count'),
        metric('HTTPCode_ELB_503_Count', ['Sum'], 'Count'),
        metric('HTTPCode_ELB_504_Count', ['Sum'], 'Count'),
        metric('TargetResponseTime', ['Average', 'p50', 'p95', 'p99'], 'Seconds'),
        metric('ActiveConnectionCount', ['Sum'], 'Count'),
        metric('NewConnectionCount', ['Sum'], 'Count'),
        metric('RejectedConnectionCount', ['Sum'], 'Count'),
        metric('TargetConnectionErrorCount', ['Sum'], 'Count'),
        metric('ProcessedBytes', ['Sum'], 'Bytes'),
        metric('ConsumedLCUs', ['Average', 'Maximum'], 'Count', {
          ...EXTENDED,
          settleSeconds: LCU_SETTLE_SECONDS,
        }),
        metric('ClientTLSNegotiationErrorCount', ['Sum'], 'Count', EXTENDED),
        metric('TargetTLSNegotiationErrorCount', ['Sum'], 'Count', EXTENDED),
        metric('ELBAuthError', ['Sum'], 'Count', EXTENDED),
        metric('ELBAuthFailure', ['Sum'], 'Count', EXTENDED),
        metric('ELBAuthSuccess', ['Sum'], 'Count', EXTENDED),
        metric('HTTPCode_ELB_3XX_Count', ['Sum'], 'Count', EXTENDED),
        metric('HTTPCode_ELB_500_Count', ['Sum'], 'Count', EXTENDED),
        metric('HTTP_Fixed_Response_Count', ['Sum'], 'Count', EXTENDED),
        metric('HTTP_Redirect_Count', ['Sum'], 'Count', EXTENDED),
        metric('IPv6RequestCount', ['Sum'], 'Count', EXTENDED),
        metric('RuleEvaluations', ['Sum'], 'Count', EXTENDED),
        metric('ELBAuthLatency', ['Average', 'p99'], 'Milliseconds', EXTENDED),
        metric('IPv6ProcessedBytes', ['Sum'], 'Bytes', EXTENDED),
        metric('LambdaTargetProcessedBytes', ['Sum'], 'Bytes', EXTENDED),
      ],
    },
    {
      namespace: 'AWS/ApplicationELB',
      dimensions: targetGroupDimensions,
      publishes: everyMinute,
      settleSeconds: 600,
      definitions: [
        metric('RequestCount', ['Sum'], 'Count'),
        metric('HTTPCode_Target_2XX_Count', ['Sum'], 'Count'),
        metric('HTTPCode_Target_3XX_Count', ['Sum'], 'Count'),
        metric('HTTPCode_Target_4XX_Count', ['Sum'], 'Count'),
        metric('HTTPCode_Target_5XX_Count', ['Sum'], 'Count'),
        metric('TargetResponseTime', ['Average', 'p50', 'p95', 'p99'], 'Seconds'),
        metric('HealthyHostCount', ['Minimum'], 'Count'),
        metric('UnHealthyHostCount', ['Maximum'], 'Count'),
        metric('AnomalousHostCount', ['Maximum'], 'Count', EXTENDED),
        metric('MitigatedHostCount', ['Maximum'], 'Count', EXTENDED),
        metric('HealthyStateDNS', ['Minimum', 'Maximum'], 'Count', EXTENDED),
        metric('HealthyStateRouting', ['Minimum', 'Maximum'], 'Count', EXTENDED),
        metric('UnhealthyStateDNS', ['Minimum', 'Maximum'], 'Count', EXTENDED),
        metric('UnhealthyStateRouting', ['Minimum', 'Maximum'], 'Count', EXTENDED),
      ],
    },
    {
      namespace: 'AWS/ApplicationELB',
      dimensions: ({ attributes }) => attributes.targetGroups.map((TargetGroup) => ({ TargetGroup })),
      publishes: everyMinute,
      settleSeconds: 600,
      definitions: [
        metric('RequestCountPerTarget', ['Sum'], 'Count', {
          ...EXTENDED,
          description: 'Its sum is already an average over the targets.',
        }),
        metric('LambdaUserError', ['Sum'], 'Count', EXTENDED),
        metric('LambdaInternalError', ['Sum'], 'Count', EXTENDED),
      ],
    },
  ],
  collects: isActive,
});
