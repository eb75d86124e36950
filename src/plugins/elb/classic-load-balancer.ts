import type { LoadBalancerDescription } from '@aws-sdk/client-elastic-load-balancing';
import { metric, resourceType } from '../contract';
import { everyMinute, loadBalancer, type LoadBalancerAttributes } from './load-balancer';

const EXTENDED = { tier: 'EXTENDED' } as const;

/** A Classic Load Balancer. Each sample of a count is 1, so that only its sum has a meaning. */
export const classicLoadBalancer = resourceType({
  ...loadBalancer,
  metrics: [
    {
      namespace: 'AWS/ELB',
      dimensions: ({ attributes }) => [{ LoadBalancerName: attributes.loadBalancerDimension }],
      publishes: everyMinute,
      settleSeconds: 540,
      definitions: [
        metric('RequestCount', ['Sum'], 'Count'),
        metric('HTTPCode_Backend_2XX', ['Sum'], 'Count'),
        metric('HTTPCode_Backend_3XX', ['Sum'], 'Count'),
        metric('HTTPCode_Backend_4XX', ['Sum'], 'Count'),
        metric('HTTPCode_Backend_5XX', ['Sum'], 'Count'),
        metric('HTTPCode_ELB_4XX', ['Sum'], 'Count'),
        metric('HTTPCode_ELB_5XX', ['Sum'], 'Count'),
        metric('Latency', ['Average', 'p99'], 'Seconds'),
        metric('HealthyHostCount', ['Minimum', 'Average'], 'Count'),
        metric('UnHealthyHostCount', ['Maximum', 'Average'], 'Count'),
        metric('SurgeQueueLength', ['Maximum'], 'Count'),
        metric('SpilloverCount', ['Sum'], 'Count'),
        metric('BackendConnectionErrors', ['Sum'], 'Count'),
        metric('EstimatedProcessedBytes', ['Sum'], 'Bytes', { ...EXTENDED, settleSeconds: 420 }),
        metric('EstimatedALBConsumedLCUs', ['Sum'], 'Count', EXTENDED),
        metric('EstimatedALBActiveConnectionCount', ['Sum'], 'Count', EXTENDED),
        metric('EstimatedALBNewConnectionCount', ['Sum'], 'Count', EXTENDED),
      ],
    },
  ],
});

/** The answer of the classic API in our attributes. */
export function classicAttributes(found: LoadBalancerDescription): LoadBalancerAttributes {
  return {
    kind: 'CLASSIC',
    dnsName: found.DNSName ?? null,
    scheme: found.Scheme ?? null,
    state: null,
    vpcId: found.VPCId ?? null,
    loadBalancerDimension: found.LoadBalancerName!,
    targetGroups: [],
  };
}
