import type { LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import { z } from 'zod';
import type { DeclaredResource } from '../contract';

/** Attributes of all four kinds, which share the GraphQL type LoadBalancer. */
const loadBalancerAttributes = z.object({
  kind: z.enum(['CLASSIC', 'APPLICATION', 'NETWORK', 'GATEWAY']),
  /** Null for a Gateway Load Balancer that has none. */
  dnsName: z.string().nullable(),
  /** internet-facing or internal; null for a Gateway Load Balancer. */
  scheme: z.string().nullable(),
  /** active, active_impaired, provisioning or failed; null for a classic one. */
  state: z.string().nullable(),
  vpcId: z.string().nullable(),
  /** How CloudWatch names it: a classic one's name, or the end of the ARN (`app/name/id`). */
  loadBalancerDimension: z.string(),
  /** Those that it serves, as CloudWatch names them: `targetgroup/name/id`. */
  targetGroups: z.array(z.string()),
});

/** What all four kinds declare alike. */
export const loadBalancer = {
  graphqlType: 'LoadBalancer',
  description: 'A load balancer of any kind.',
  attributes: loadBalancerAttributes,
};

/** What is stored of a load balancer. */
export type LoadBalancerAttributes = z.output<typeof loadBalancerAttributes>;
type DeclaredLoadBalancer = DeclaredResource<LoadBalancerAttributes>;

/** Dimensions of a load balancer's own metrics; not for a classic one. */
export function ownDimensions({ attributes }: DeclaredLoadBalancer) {
  return [{ LoadBalancer: attributes.loadBalancerDimension }];
}

/** One set of dimensions for each target group behind the load balancer. */
export function targetGroupDimensions({ attributes }: DeclaredLoadBalancer) {
  const { loadBalancerDimension, targetGroups } = attributes;
  return targetGroups.map((TargetGroup) => ({ LoadBalancer: loadBalancerDimension, TargetGroup }));
}

/** Load balancers of every kind publish so, while there is traffic (ELB user guides, CloudWatch metrics). */
export const everyMinute = () => 60 as const;

/** Whether traffic can flow: not while it is made, nor when that failed. */
export function isActive({ attributes: { state } }: DeclaredLoadBalancer): boolean {
  return state !== 'provisioning' && state !== 'failed';
}

/**
 * The answer of the newer API in our attributes.
 * @param targetGroupArns the target groups that it serves
 */
export function attributesOf(
  found: LoadBalancer,
  kind: LoadBalancerAttributes['kind'],
  targetGroupArns: readonly string[],
): LoadBalancerAttributes {
  return {
    kind,
    dnsName: found.DNSName ?? null,
    scheme: found.Scheme ?? null,
    state: found.State?.Code ?? null,
    vpcId: found.VpcId ?? null,
    loadBalancerDimension: afterFirst(found.LoadBalancerArn!, ':loadbalancer/'),
    targetGroups: targetGroupArns.map((arn) => `targetgroup/${afterFirst(arn, ':targetgroup/')}`).sort(),
  };
}

function afterFirst(text: string, mark: string): string {
  return text.slice(text.indexOf(mark) + mark.length);
}
