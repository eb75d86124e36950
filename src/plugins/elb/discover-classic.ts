import {
  DescribeTagsCommand,
  ElasticLoadBalancingClient,
  paginateDescribeLoadBalancers,
} from '@aws-sdk/client-elastic-load-balancing';
import type { DiscoverContext } from '../contract';
import { classicAttributes } from './classic-load-balancer';
import { tagsById } from './tags';

/** Classic API: DescribeLoadBalancers answers at most 400 a page. */
const PAGE_SIZE = 400;

/** Classic Load Balancers, known by their name. */
export async function* discoverClassic(context: DiscoverContext) {
  const { aws, region, account } = context;
  const client = aws.client(ElasticLoadBalancingClient);
  const describeTags = async (LoadBalancerNames: string[]) => {
    const { TagDescriptions = [] } = await client.send(new DescribeTagsCommand({ LoadBalancerNames }));
    return TagDescriptions.map((one): [string, typeof one] => [one.LoadBalancerName!, one]);
  };
  for await (const page of paginateDescribeLoadBalancers({ client, pageSize: PAGE_SIZE }, {})) {
    const balancers = page.LoadBalancerDescriptions ?? [];
    const names = balancers.map(({ LoadBalancerName }) => LoadBalancerName!);
    const tagsOf = await tagsById(context, 'tags by name', names, describeTags);
    for (const found of balancers) {
      const name = found.LoadBalancerName!;
      const tags = tagsOf.get(name);
      if (!tags) continue;
      yield {
        type: 'elb:classic-load-balancer' as const,
        arn: `arn:${account.partition}:elasticloadbalancing:${region}:${account.id}:loadbalancer/${name}`,
        name: tags.Name ?? name,
        tags,
        attributes: classicAttributes(found),
      };
    }
  }
}
