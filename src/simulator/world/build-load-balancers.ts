import {
  defaultCreationTime,
  securityGroupIdOf,
  stableHex,
  stableNumber,
  subnetIdOf,
  tagList,
  vpcIdOf,
  type Location,
} from './identifiers';
import { dnsSuffixOf, partitionOfRegion } from './partitions';
import type { ClassicLoadBalancer, LoadBalancer, LoadBalancerType, TargetGroup } from './types';

/** A new classic load balancer. `fields` replaces any field of the AWS shape. */
export interface NewClassicLoadBalancer extends Location {
  name?: string;
  instanceIds?: string[];
  tags?: Record<string, string>;
  fields?: Partial<ClassicLoadBalancer>;
}

/** A new application (default), network or gateway load balancer. */
export interface NewLoadBalancer extends Location {
  name?: string;
  type?: LoadBalancerType;
  tags?: Record<string, string>;
  fields?: Partial<LoadBalancer>;
}

/** A new target group, behind the load balancer of an ARN when one is given. */
export interface NewTargetGroup extends Location {
  name?: string;
  loadBalancerArn?: string;
  tags?: Record<string, string>;
  fields?: Partial<TargetGroup>;
}

/** The word that stands for a type in ARNs and in the `LoadBalancer` dimension. */
const arnPrefixes: Record<LoadBalancerType, string> = { application: 'app', network: 'net', gateway: 'gwy' };

/** A classic load balancer in AWS's shape. */
export function buildClassicLoadBalancer(input: NewClassicLoadBalancer, serial: number): ClassicLoadBalancer {
  const { accountId, region, name = `classic-${serial}` } = input;
  const zones = zonesOf(region);
  return {
    LoadBalancerName: name,
    DNSName: `${name}-${stableNumber(2_000_000_000, accountId, region, name)}.${region}.elb.${dnsSuffixOf(region)}`,
    CanonicalHostedZoneNameID: hostedZoneOf('classic', region),
    Scheme: 'internet-facing',
    VPCId: vpcIdOf(input),
    AvailabilityZones: zones,
    Subnets: zones.map((zone) => subnetIdOf(input, zone)),
    SecurityGroups: [securityGroupIdOf(input, name)],
    Instances: input.instanceIds ?? [],
    Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstanceProtocol: 'HTTP', InstancePort: 8080 }],
    CreatedTime: defaultCreationTime,
    Tags: tagList(input.tags ?? {}),
    ...input.fields,
  };
}

/** An application, network or gateway load balancer in AWS's shape. */
export function buildLoadBalancer(input: NewLoadBalancer, serial: number): LoadBalancer {
  const { accountId, region, type = 'application', name = `${type}-${serial}` } = input;
  const id = stableHex(16, 'load-balancer', accountId, region, type, name);
  const domain = `${type === 'application' ? `${region}.elb` : `elb.${region}`}.${dnsSuffixOf(region)}`;
  return {
    LoadBalancerArn: `arn:${partitionOfRegion(region)}:elasticloadbalancing:${region}:${accountId}:loadbalancer/${arnPrefixes[type]}/${name}/${id}`,
    LoadBalancerName: name,
    Type: type,
    ...(type !== 'gateway' && { Scheme: 'internet-facing' as const }),
    DNSName: `${name}-${id}.${domain}`,
    CanonicalHostedZoneId: hostedZoneOf(type, region),
    State: { Code: 'active' },
    VpcId: vpcIdOf(input),
    AvailabilityZones: zonesOf(region).map((zone) => ({ ZoneName: zone, SubnetId: subnetIdOf(input, zone) })),
    SecurityGroups: type === 'application' ? [securityGroupIdOf(input, name)] : [],
    IpAddressType: 'ipv4',
    CreatedTime: defaultCreationTime,
    Tags: tagList(input.tags ?? {}),
    ...input.fields,
  };
}

/** A target group in AWS's shape; its protocol follows the kind of its load balancer. */
export function buildTargetGroup(input: NewTargetGroup, serial: number): TargetGroup {
  const { accountId, region, name = `targets-${serial}`, loadBalancerArn } = input;
  const id = stableHex(16, 'target-group', accountId, region, name);
  const protocol = protocolFor(loadBalancerArn);
  return {
    TargetGroupArn: `arn:${partitionOfRegion(region)}:elasticloadbalancing:${region}:${accountId}:targetgroup/${name}/${id}`,
    TargetGroupName: name,
    Protocol: protocol,
    Port: { HTTP: 8080, TCP: 443, GENEVE: 6081 }[protocol],
    VpcId: vpcIdOf(input),
    TargetType: 'instance',
    HealthCheckProtocol: protocol === 'HTTP' ? 'HTTP' : 'TCP',
    ...(protocol === 'HTTP' && { HealthCheckPath: '/health' }),
    LoadBalancerArns: loadBalancerArn === undefined ? [] : [loadBalancerArn],
    Tags: tagList(input.tags ?? {}),
    ...input.fields,
  };
}

function protocolFor(loadBalancerArn: string | undefined): 'HTTP' | 'TCP' | 'GENEVE' {
  if (loadBalancerArn?.includes(':loadbalancer/net/')) return 'TCP';
  return loadBalancerArn?.includes(':loadbalancer/gwy/') ? 'GENEVE' : 'HTTP';
}

function zonesOf(region: string): string[] {
  return [`${region}a`, `${region}b`];
}

function hostedZoneOf(kind: string, region: string): string {
  return `Z${stableHex(13, 'hosted-zone', kind, region).toUpperCase()}`;
}
