import { AwsError } from '../protocol/aws-error';
import { pageOf } from '../protocol/page';
import { queryProtocol } from '../protocol/query';
import type { QueryParameters } from '../protocol/query-parameters';
import type { ResultTree } from '../protocol/protocol';
import type { ClassicLoadBalancer } from '../world/types';
import type { Call, QueryService } from './service';

/** Load balancers a page; the maximum is the default. */
const pageSizes = { min: 1, max: 400 };
/** Names in one DescribeTags call. */
const maxTaggedNames = 20;

/** Elastic Load Balancing, the classic API. */
export const elbService: QueryService = {
  iamPrefix: 'elasticloadbalancing',
  signingName: 'elasticloadbalancing',
  protocol: queryProtocol,
  version: '2012-06-01',
  xmlNamespace: 'http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/',
  actions: { DescribeLoadBalancers: describeLoadBalancers, DescribeTags: describeTags },
};

function describeLoadBalancers(call: Call<QueryParameters>): ResultTree {
  const { parameters, resources } = call;
  const pageSize = parameters.integer('PageSize', pageSizes, 'ValidationError') ?? pageSizes.max;
  const names = parameters.list('LoadBalancerNames');
  const balancers = names.length > 0 ? named(call, names) : [...resources.classicLoadBalancers.values()];
  const page = pageOf(balancers, pageSize, parameters.get('Marker'));
  if (!page) throw new AwsError('ValidationError', 'Invalid marker.');
  return {
    LoadBalancerDescriptions: { member: page.items.map(balancerElement) },
    NextMarker: page.nextToken,
  };
}

function describeTags(call: Call<QueryParameters>): ResultTree {
  const names = call.parameters.list('LoadBalancerNames');
  if (names.length === 0 || names.length > maxTaggedNames) {
    throw new AwsError(
      'ValidationError',
      `Between 1 and ${maxTaggedNames} load balancer names must be specified.`,
    );
  }
  return {
    TagDescriptions: {
      member: named(call, names).map(({ LoadBalancerName, Tags }) => ({
        LoadBalancerName,
        Tags: { member: Tags.map((tag) => ({ ...tag })) },
      })),
    },
  };
}

function named({ resources }: Call<QueryParameters>, names: string[]): ClassicLoadBalancer[] {
  return names.map((name) => {
    const balancer = resources.classicLoadBalancers.get(name);
    if (!balancer)
      throw new AwsError('LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`);
    return balancer;
  });
}

function balancerElement(balancer: ClassicLoadBalancer): ResultTree {
  const { AvailabilityZones, Subnets, SecurityGroups, Instances, Listeners, Tags: _, ...fields } = balancer;
  return {
    ...fields,
    AvailabilityZones: { member: AvailabilityZones },
    Subnets: { member: Subnets },
    SecurityGroups: { member: SecurityGroups },
    Instances: { member: Instances.map((InstanceId) => ({ InstanceId })) },
    ListenerDescriptions: { member: Listeners.map((listener) => ({ Listener: { ...listener } })) },
  };
}
