import {
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { DiscoverContext } from '../contract';
import { attributesOf } from './load-balancer';
import { tagsById } from './tags';

/** Newer API: DescribeLoadBalancers and DescribeTargetGroups answer at most 400 a page. */
const PAGE_SIZE = 400;

/** The newer API's `Type` as our resource type and kind. */
const KINDS = {
  application: { type: 'elb:application-load-balancer', kind: 'APPLICATION' },
  network: { type: 'elb:network-load-balancer', kind: 'NETWORK' },
  gateway: { type: 'elb:gateway-load-balancer', kind: 'GATEWAY' },
} as const;

/** Application, Network and Gateway Load Balancers, known by their ARN. */
export async function* discoverByArn(context: DiscoverContext) {
  const { aws, log } = context;
  const client = aws.client(ElasticLoadBalancingV2Client);
  const describeTags = async (ResourceArns: string[]) => {
    const { TagDescriptions = [] } = await client.send(new DescribeTagsCommand({ ResourceArns }));
    return TagDescriptions.map((one): [string, typeof one] => [one.ResourceArn!, one]);
  };
  let targetGroups: Map<string, string[]> | undefined;
  for await (const page of paginateDescribeLoadBalancers({ client, pageSize: PAGE_SIZE }, {})) {
    const balancers = page.LoadBalancers ?? [];
    // A Region without load balancers needs no second call.
    if (balancers.length > 0) targetGroups ??= await targetGroupsByLoadBalancer(client);
    const arns = balancers.map(({ LoadBalancerArn }) => LoadBalancerArn!);
    const tagsOf = await tagsById(context, 'tags by ARN', arns, describeTags);
    for (const found of balancers) {
      const arn = found.LoadBalancerArn!;
      const tags = tagsOf.get(arn);
      if (!tags) continue;
      const known = KINDS[found.Type!];
      if (!known) {
        log.warn('A load balancer of an unknown type is left out', { arn, type: found.Type });
        continue;
      }
      yield {
        type: known.type,
        arn,
        name: tags.Name ?? found.LoadBalancerName ?? arn,
        tags,
        attributes: attributesOf(found, known.kind, targetGroups?.get(arn) ?? []),
      };
    }
  }
}

/** ARNs of the target groups behind each load balancer, by its ARN. */
async function targetGroupsByLoadBalancer(
  client: ElasticLoadBalancingV2Client,
): Promise<Map<string, string[]>> {
  const byLoadBalancer = new Map<string, string[]>();
  for await (const page of paginateDescribeTargetGroups({ client, pageSize: PAGE_SIZE }, {})) {
    for (const { TargetGroupArn, LoadBalancerArns = [] } of page.TargetGroups ?? []) {
      for (const arn of LoadBalancerArns) {
        byLoadBalancer.set(arn, [...(byLoadBalancer.get(arn) ?? []), TargetGroupArn!]);
      }
    }
  }
  return byLoadBalancer;
}
