import {
  DescribeTagsCommand,
  ElasticLoadBalancingClient,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { PermissionProbe } from '../contract';

/** A name that nobody gives: ELB answers that there is no such load balancer to those who may ask. */
const NOBODYS_NAME = 'rolecall-permission-probe';

/** Each action by a call of one item at most; the classic API and the newer one share their action names. */
export const elbProbes: Record<string, PermissionProbe> = {
  'elasticloadbalancing:DescribeLoadBalancers': ({ aws }) =>
    aws.client(ElasticLoadBalancingClient).send(new DescribeLoadBalancersCommand({ PageSize: 1 })),
  'elasticloadbalancing:DescribeTags': ({ aws }) =>
    aws
      .client(ElasticLoadBalancingClient)
      .send(new DescribeTagsCommand({ LoadBalancerNames: [NOBODYS_NAME] })),
  'elasticloadbalancing:DescribeTargetGroups': ({ aws }) =>
    aws.client(ElasticLoadBalancingV2Client).send(new DescribeTargetGroupsCommand({ PageSize: 1 })),
};
