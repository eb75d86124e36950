import { definePlugin } from '../contract';
import { applicationLoadBalancer } from './application-load-balancer';
import { classicLoadBalancer } from './classic-load-balancer';
import { discoverLoadBalancers } from './discover';
import { gatewayLoadBalancer } from './gateway-load-balancer';
import { networkLoadBalancer } from './network-load-balancer';
import { elbProbes } from './probes';

/** Elastic Load Balancing: load balancers of all four kinds, with the metrics of their target groups. */
export const elbPlugin = definePlugin({
  name: 'elb',
  version: '1.0.0',
  apiVersion: 1,
  displayName: 'Elastic Load Balancing',
  description: 'Classic, Application, Network and Gateway Load Balancers with their target groups.',
  // The classic API and the newer one share their action names.
  iamActions: [
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeTags',
    'elasticloadbalancing:DescribeTargetGroups',
  ],
  probes: elbProbes,
  resources: {
    'elb:classic-load-balancer': classicLoadBalancer,
    'elb:application-load-balancer': applicationLoadBalancer,
    'elb:network-load-balancer': networkLoadBalancer,
    'elb:gateway-load-balancer': gatewayLoadBalancer,
  },
  discover: discoverLoadBalancers,
});
