import { elbPlugin } from '../../src/plugins/elb';
import { describePlugin } from '../contracts/plugin.contract';

describePlugin(elbPlugin, {
  populate(world, place) {
    const tags = { env: 'prod', empty: '' };
    world.addClassicLoadBalancer({ ...place, tags });
    for (let count = 0; count < 400; count++) world.addClassicLoadBalancer(place);
    for (const type of ['application', 'network', 'gateway'] as const) {
      const { LoadBalancerArn: loadBalancerArn } = world.addLoadBalancer({ ...place, type, tags });
      world.addTargetGroup({ ...place, loadBalancerArn });
      world.addTargetGroup({ ...place, loadBalancerArn });
      world.addLoadBalancer({ ...place, type, fields: { State: { Code: 'provisioning' } } });
    }
    for (let count = 0; count < 395; count++) world.addLoadBalancer(place);
    for (let count = 0; count < 395; count++) world.addTargetGroup(place);
  },
  found: {
    'elb:classic-load-balancer': 401,
    'elb:application-load-balancer': 397,
    'elb:network-load-balancer': 2,
    'elb:gateway-load-balancer': 2,
  },
  calls: {
    // 401 of each API at 400 a page; tags of 20 at a time and of the one on the last page.
    'elasticloadbalancing:DescribeLoadBalancers': 4,
    'elasticloadbalancing:DescribeTags': 42,
    'elasticloadbalancing:DescribeTargetGroups': 2,
  },
  callsWhenRemembered: {
    'elasticloadbalancing:DescribeLoadBalancers': 4,
    'elasticloadbalancing:DescribeTargetGroups': 2,
  },
});
