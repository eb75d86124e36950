import { metric, resourceType } from '../contract';
import { everyMinute, isActive, loadBalancer, ownDimensions, targetGroupDimensions } from './load-balancer';

/** A Gateway Load Balancer. How long its points change was never measured: as long as a Network Load Balancer's. */
export const gatewayLoadBalancer = resourceType({
  ...loadBalancer,
  metrics: [
    {
      namespace: 'AWS/GatewayELB',
      dimensions: ownDimensions,
      publishes: everyMinute,
      settleSeconds: 840,
      definitions: [
        metric('ActiveFlowCount', ['Average', 'Maximum'], 'Count'),
        metric('NewFlowCount', ['Sum'], 'Count'),
        metric('ProcessedBytes', ['Sum'], 'Bytes'),
        metric('ConsumedLCUs', ['Average'], 'Count', { tier: 'EXTENDED' }),
      ],
    },
    {
      namespace: 'AWS/GatewayELB',
      dimensions: targetGroupDimensions,
      publishes: everyMinute,
      settleSeconds: 840,
      definitions: [
        metric('HealthyHostCount', ['Minimum'], 'Count'),
        metric('UnHealthyHostCount', ['Maximum'], 'Count'),
      ],
    },
  ],
  collects: isActive,
});
