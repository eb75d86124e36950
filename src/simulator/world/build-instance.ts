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
import type { Ec2Instance, InstanceStateName } from './types';

/** A new instance; everything but its place has a default. `fields` replaces any field of the AWS shape. */
export interface NewInstance extends Location {
  instanceId?: string;
  instanceType?: string;
  state?: InstanceStateName;
  /** 60-second metrics instead of 300-second ones. */
  detailedMonitoring?: boolean;
  /** Becomes the tag `Name`. */
  name?: string;
  tags?: Record<string, string>;
  fields?: Partial<Ec2Instance>;
}

/** The numeric codes of the instance states. */
const instanceStateCodes: Record<InstanceStateName, number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** An instance in AWS's shape; `serial` makes its id when none is given. */
export function buildInstance(input: NewInstance, serial: number): Ec2Instance {
  const { accountId, region, instanceType = 't3.micro', state = 'running' } = input;
  const instanceId = input.instanceId ?? `i-0${stableHex(16, 'instance', accountId, region, serial)}`;
  const zone = `${region}${'abc'[serial % 3]}`;
  const privateIp = `10.${stableNumber(250, accountId)}.${stableNumber(250, instanceId)}.${10 + (serial % 200)}`;
  return {
    InstanceId: instanceId,
    ImageId: `ami-0${stableHex(16, 'image', region, instanceType.split('.')[0])}`,
    InstanceType: instanceType,
    State: { Code: instanceStateCodes[state], Name: state },
    Monitoring: { State: input.detailedMonitoring ? 'enabled' : 'disabled' },
    Placement: { AvailabilityZone: zone, Tenancy: 'default' },
    // Graviton families carry a g after the generation: t4g, m7g, c6gn.
    Architecture: /^[a-z]+\d+g/.test(instanceType) ? 'arm64' : 'x86_64',
    PlatformDetails: 'Linux/UNIX',
    PrivateIpAddress: privateIp,
    PrivateDnsName: `ip-${privateIp.replaceAll('.', '-')}.${region}.compute.internal`,
    VpcId: vpcIdOf(input),
    SubnetId: subnetIdOf(input, zone),
    SecurityGroups: [{ GroupId: securityGroupIdOf(input, 'default'), GroupName: 'default' }],
    LaunchTime: defaultCreationTime,
    Tags: tagList({ ...(input.name !== undefined && { Name: input.name }), ...input.tags }),
    ...input.fields,
  };
}
