import type { PolicyDocument } from '../iam/policy-document';
import type { PrincipalPolicies } from '../iam/principal-policies';
import type { TrustVariant } from '../iam/trust-variants';
import type { MetricSource } from '../metrics/metric-source';
import type { KmsKey } from './build-kms-key';
import type { Partition } from './partitions';

/** An AWS tag. */
export interface Tag {
  Key: string;
  Value: string;
}

/** An EC2 instance as DescribeInstances tells it, in AWS's field names. */
export interface Ec2Instance {
  InstanceId: string;
  ImageId: string;
  InstanceType: string;
  State: { Code: number; Name: InstanceStateName };
  /** `enabled` publishes at 60 s, `disabled` (basic monitoring) at 300 s. */
  Monitoring: { State: 'enabled' | 'disabled' };
  Placement: { AvailabilityZone: string; Tenancy: string };
  Architecture: 'x86_64' | 'arm64';
  PlatformDetails: string;
  PrivateIpAddress: string;
  PrivateDnsName: string;
  PublicIpAddress?: string;
  PublicDnsName?: string;
  VpcId: string;
  SubnetId: string;
  SecurityGroups: Array<{ GroupId: string; GroupName: string }>;
  KeyName?: string;
  IamInstanceProfile?: { Arn: string; Id: string };
  LaunchTime: Date;
  Tags: Tag[];
}

/** The states of an instance. */
export type InstanceStateName =
  'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** An RDS DB instance as DescribeDBInstances tells it. */
export interface DbInstance {
  DBInstanceIdentifier: string;
  DBInstanceArn: string;
  DBInstanceClass: string;
  DbiResourceId: string;
  Engine: string;
  EngineVersion: string;
  DBInstanceStatus: string;
  DBClusterIdentifier?: string;
  /** The source when this is a read replica. */
  ReadReplicaSourceDBInstanceIdentifier?: string;
  MasterUsername: string;
  DBName?: string;
  Endpoint: { Address: string; Port: number };
  /** GiB. */
  AllocatedStorage: number;
  StorageType: string;
  StorageEncrypted: boolean;
  Iops?: number;
  MultiAZ: boolean;
  AvailabilityZone: string;
  PubliclyAccessible: boolean;
  PerformanceInsightsEnabled: boolean;
  BackupRetentionPeriod: number;
  DeletionProtection: boolean;
  InstanceCreateTime: Date;
  TagList: Tag[];
}

/** A classic load balancer; its tags are told by DescribeTags. */
export interface ClassicLoadBalancer {
  LoadBalancerName: string;
  DNSName: string;
  CanonicalHostedZoneNameID: string;
  Scheme: 'internet-facing' | 'internal';
  VPCId: string;
  AvailabilityZones: string[];
  Subnets: string[];
  SecurityGroups: string[];
  Instances: string[];
  Listeners: Array<{
    Protocol: string;
    LoadBalancerPort: number;
    InstanceProtocol: string;
    InstancePort: number;
  }>;
  CreatedTime: Date;
  Tags: Tag[];
}

/** The kinds of load balancer of the 2015-12-01 API. */
export type LoadBalancerType = 'application' | 'network' | 'gateway';

/** An application, network or gateway load balancer; its tags are told by DescribeTags. */
export interface LoadBalancer {
  LoadBalancerArn: string;
  LoadBalancerName: string;
  Type: LoadBalancerType;
  Scheme?: 'internet-facing' | 'internal';
  DNSName: string;
  CanonicalHostedZoneId: string;
  State: { Code: 'active' | 'provisioning' | 'failed' };
  VpcId: string;
  AvailabilityZones: Array<{ ZoneName: string; SubnetId: string }>;
  SecurityGroups: string[];
  IpAddressType: string;
  CreatedTime: Date;
  Tags: Tag[];
}

/** A target group; its tags are told by DescribeTags. */
export interface TargetGroup {
  TargetGroupArn: string;
  TargetGroupName: string;
  Protocol: string;
  Port: number;
  VpcId: string;
  TargetType: 'instance' | 'ip' | 'lambda' | 'alb';
  HealthCheckProtocol: string;
  HealthCheckPath?: string;
  LoadBalancerArns: string[];
  Tags: Tag[];
}

/** All resources of one account in one Region, by id (instances, keys), name (databases, classic) or ARN. */
export interface RegionResources {
  instances: Map<string, Ec2Instance>;
  dbInstances: Map<string, DbInstance>;
  classicLoadBalancers: Map<string, ClassicLoadBalancer>;
  loadBalancers: Map<string, LoadBalancer>;
  targetGroups: Map<string, TargetGroup>;
  kmsKeys: Map<string, KmsKey>;
  /** Metrics that nothing of the above publishes, by namespace and dimensions. */
  publishedMetrics: Map<string, MetricSource>;
}

/** An IAM user with one access key. */
export interface SimulatedUser extends PrincipalPolicies {
  name: string;
  arn: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** An IAM role. */
export interface SimulatedRole extends PrincipalPolicies {
  name: string;
  /** Begins and ends with a slash. */
  path: string;
  arn: string;
  /** What AssumeRole asks: `givenTrustPolicy` in the writing of `trustVariant`. */
  trustPolicy: PolicyDocument;
  trustVariant: TrustVariant;
  givenTrustPolicy: PolicyDocument;
  /** Seconds, 3,600 to 43,200. */
  maxSessionDuration: number;
}

/** One AWS account: Regions, principals, and resources by Region. */
export interface SimulatedAccount {
  id: string;
  name: string;
  partition: Partition;
  enabledRegions: Set<string>;
  /** Where the account has switched STS off. */
  stsDisabledRegions: Set<string>;
  /** By name. */
  users: Map<string, SimulatedUser>;
  /** By ARN. */
  roles: Map<string, SimulatedRole>;
  regions: Map<string, RegionResources>;
}

/** Trouble that one resource has every day at the same time, visible in all its metrics. */
export interface DailyIncident {
  accountId: string;
  region: string;
  /** A dimension value that names the resource: instance id, database name, load balancer's name or `app/name/id`. */
  resource: string;
  /** Minute of the UTC day at which it begins. */
  startMinute: number;
  minutes: number;
}

/** A time in which metrics publish nothing, though what they belong to is there: `from` ≤ instant < `to` (epoch ms). */
export interface QuietTime {
  accountId: string;
  region: string;
  namespace: string;
  /** Every metric of the namespace when left out. */
  metricName?: string;
  /** A dimension value that names the resource; all when left out. */
  resource?: string;
  from: number;
  to: number;
}
