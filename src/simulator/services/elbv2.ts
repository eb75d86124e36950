import { AwsError } from '../protocol/aws-error';
import { pageOf } from '../protocol/page';
import { queryProtocol } from '../protocol/query';
import type { QueryParameters } from '../protocol/query-parameters';
import type { ResultTree } from '../protocol/protocol';
import type { LoadBalancer, TargetGroup } from '../world/types';
import type { Call, QueryService } from './service';

/** Load balancers or target groups a page; the maximum is the default. */
const pageSizes = { min: 1, max: 400 };
/** ARNs in one DescribeTags call. */
const maxTaggedArns = 20;

/** Elastic Load Balancing, the API of application, network and gateway load balancers. */
export const elbv2Service: QueryService = {
  iamPrefix: 'elasticloadbalancing',
  signingName: 'elasticloadbalancing',
  protocol: queryProtocol,
  version: '2015-12-01',
  xmlNamespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  actions: {
    DescribeLoadBalancers: describeLoadBalancers,
    DescribeTargetGroups: describeTargetGroups,
    DescribeTags: describeTags,
  },
};

function describeLoadBalancers({ parameters, resources }: Call<QueryParameters>): ResultTree {
  const arns = parameters.list('LoadBalancerArns');
  const names = parameters.list('Names');
  const all = [...resources.loadBalancers.values()];
  const found = all.filter(
    (balancer) =>
      (arns.length === 0 || arns.includes(balancer.LoadBalancerArn)) &&
      (names.length === 0 || names.includes(balancer.LoadBalancerName)),
  );
  if (found.length < Math.max(arns.length, names.length))
    throw notFound('LoadBalancerNotFound', 'load balancers');
  const { items, nextToken } = page(parameters, found);
  return { LoadBalancers: { member: items.map(balancerElement) }, NextMarker: nextToken };
}

function describeTargetGroups({ parameters, resources }: Call<QueryParameters>): ResultTree {
  const balancerArn = parameters.get('LoadBalancerArn');
  const arns = parameters.list('TargetGroupArns');
  const names = parameters.list('Names');
  if (balancerArn !== undefined && !resources.loadBalancers.has(balancerArn)) {
    throw notFound('LoadBalancerNotFound', 'load balancers');
  }
  const found = [...resources.targetGroups.values()].filter(
    (group) =>
      (balancerArn === undefined || group.LoadBalancerArns.includes(balancerArn)) &&
      (arns.length === 0 || arns.includes(group.TargetGroupArn)) &&
      (names.length === 0 || names.includes(group.TargetGroupName)),
  );
  if (found.length < Math.max(arns.length, names.length))
    throw notFound('TargetGroupNotFound', 'target groups');
  const { items, nextToken } = page(parameters, found);
  return { TargetGroups: { member: items.map(groupElement) }, NextMarker: nextToken };
}

function describeTags({ parameters, resources }: Call<QueryParameters>): ResultTree {
  const arns = parameters.list('ResourceArns');
  if (arns.length === 0 || arns.length > maxTaggedArns) {
    throw new AwsError('ValidationError', `Between 1 and ${maxTaggedArns} resource ARNs must be specified.`);
  }
  return {
    TagDescriptions: {
      member: arns.map((arn) => {
        const resource = resources.loadBalancers.get(arn) ?? resources.targetGroups.get(arn);
        if (!resource) {
          throw arn.includes(':targetgroup/')
            ? notFound('TargetGroupNotFound', 'target groups')
            : notFound('LoadBalancerNotFound', 'load balancers');
        }
        return { ResourceArn: arn, Tags: { member: resource.Tags.map((tag) => ({ ...tag })) } };
      }),
    },
  };
}

function page<T>(parameters: QueryParameters, items: T[]): { items: T[]; nextToken?: string } {
  const pageSize = parameters.integer('PageSize', pageSizes, 'ValidationError') ?? pageSizes.max;
  const result = pageOf(items, pageSize, parameters.get('Marker'));
  if (!result) throw new AwsError('ValidationError', 'Invalid marker.');
  return result;
}

function notFound(code: string, things: string): AwsError {
  return new AwsError(code, `One or more ${things} not found`);
}

function balancerElement(balancer: LoadBalancer): ResultTree {
  const { AvailabilityZones, SecurityGroups, State, Tags: _, ...fields } = balancer;
  return {
    ...fields,
    State: { ...State },
    AvailabilityZones: { member: AvailabilityZones.map((zone) => ({ ...zone })) },
    SecurityGroups: { member: SecurityGroups },
  };
}

function groupElement(group: TargetGroup): ResultTree {
  const { LoadBalancerArns, Tags: _, ...fields } = group;
  return {
    ...fields,
    LoadBalancerArns: { member: LoadBalancerArns },
    HealthCheckEnabled: true,
    HealthCheckPort: 'traffic-port',
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
  };
}
