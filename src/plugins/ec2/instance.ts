import type { Instance } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { metric, resourceType, type DeclaredResource } from '../contract';

const attributes = z.object({
  instanceId: z.string(),
  instanceType: z.string().nullable(),
  state: z.string(),
  availabilityZone: z.string().nullable(),
  platform: z.string().nullable(),
  privateIpAddress: z.string().nullable(),
  publicIpAddress: z.string().nullable(),
  vpcId: z.string().nullable(),
  subnetId: z.string().nullable(),
  imageId: z.string().nullable(),
  launchedAt: z.iso.datetime().nullable(),
  detailedMonitoring: z.boolean(),
});

type InstanceAttributes = z.output<typeof attributes>;
type DeclaredInstance = DeclaredResource<InstanceAttributes>;

/** Types with CPU credits. */
const BURSTABLE = /^t\d/;
/** Families before Nitro (EC2 user guide, "Instances built on the AWS Nitro System"): they publish no EBS metrics. */
const XEN = /^(t1|t2|m1|m2|m3|m4|c1|c3|c4|r3|r4|i2|d2|g2|g3|g3s|p2|p3|x1|x1e|h1|i3|f1|cc2|cr1|hs1)\./;
/** Families with disks of their own: `d` after the generation, or storage families. */
const INSTANCE_STORE = /^([a-z]+\d[a-z]*d[a-z]*|i\d[a-z]*|im4gn|is4gen|d\d[a-z]*|h1|x1e?|f1|m3|c3|r3|g2)\./;

const dimensions = ({ attributes: { instanceId } }: DeclaredInstance) => [{ InstanceId: instanceId }];
/** Every minute with detailed monitoring, which is paid for; else every five. */
const asMonitored = ({ attributes: { detailedMonitoring } }: DeclaredInstance) =>
  detailedMonitoring ? 60 : 300;
const everyMinute = () => 60 as const;
const typeMatches = (pattern: RegExp) => (instance: DeclaredInstance) =>
  pattern.test(instance.attributes.instanceType ?? '');
const isNitro = (instance: DeclaredInstance) => !typeMatches(XEN)(instance);

/** What CloudWatch says of a running instance. Settle times are those that Netflix measured for its fleet. */
export const instance = resourceType({
  graphqlType: 'Ec2Instance',
  description: 'An Amazon EC2 instance.',
  attributes,
  metrics: [
    {
      namespace: 'AWS/EC2',
      dimensions,
      publishes: asMonitored,
      settleSeconds: 60,
      definitions: [
        metric('CPUUtilization', ['Average', 'Maximum'], 'Percent'),
        metric('NetworkIn', ['Sum'], 'Bytes'),
        metric('NetworkOut', ['Sum'], 'Bytes'),
      ],
    },
    {
      namespace: 'AWS/EC2',
      dimensions,
      settleSeconds: 60,
      definitions: [
        metric('NetworkPacketsIn', ['Sum'], 'Count', { tier: 'EXTENDED' }),
        metric('NetworkPacketsOut', ['Sum'], 'Count', { tier: 'EXTENDED' }),
      ],
    },
    {
      namespace: 'AWS/EC2',
      dimensions,
      publishes: everyMinute,
      settleSeconds: 60,
      definitions: [
        metric('StatusCheckFailed', ['Maximum'], 'Count'),
        metric('StatusCheckFailed_Instance', ['Maximum'], 'Count'),
        metric('StatusCheckFailed_System', ['Maximum'], 'Count'),
        metric('MetadataNoToken', ['Sum'], 'None', { tier: 'EXTENDED', settleSeconds: 225 * 60 }),
        metric('MetadataNoTokenRejected', ['Sum'], 'None', { tier: 'EXTENDED', settleSeconds: 225 * 60 }),
      ],
    },
    {
      namespace: 'AWS/EC2',
      dimensions,
      appliesTo: isNitro,
      publishes: everyMinute,
      settleSeconds: 900,
      definitions: [
        metric('StatusCheckFailed_AttachedEBS', ['Maximum'], 'Count', { settleSeconds: 60 }),
        metric('InstanceEBSIOPSExceededCheck', ['Maximum'], 'None', { tier: 'EXTENDED' }),
        metric('InstanceEBSThroughputExceededCheck', ['Maximum'], 'None', { tier: 'EXTENDED' }),
      ],
    },
    {
      namespace: 'AWS/EC2',
      dimensions,
      appliesTo: isNitro,
      publishes: asMonitored,
      settleSeconds: 900,
      definitions: [
        metric('EBSReadBytes', ['Sum'], 'Bytes'),
        metric('EBSWriteBytes', ['Sum'], 'Bytes'),
        metric('EBSReadOps', ['Sum'], 'Count'),
        metric('EBSWriteOps', ['Sum'], 'Count'),
      ],
    },
    {
      namespace: 'AWS/EC2',
      dimensions,
      appliesTo: isNitro,
      settleSeconds: 900,
      definitions: [
        metric('EBSIOBalance%', ['Minimum'], 'Percent', { tier: 'EXTENDED' }),
        metric('EBSByteBalance%', ['Minimum'], 'Percent', { tier: 'EXTENDED' }),
      ],
    },
    {
      namespace: 'AWS/EC2',
      dimensions,
      appliesTo: typeMatches(BURSTABLE),
      settleSeconds: 600,
      definitions: [
        metric('CPUCreditBalance', ['Minimum'], 'Count'),
        metric('CPUCreditUsage', ['Average', 'Maximum'], 'Count', { tier: 'EXTENDED' }),
        metric('CPUSurplusCreditBalance', ['Average', 'Maximum'], 'Count', { tier: 'EXTENDED' }),
        metric('CPUSurplusCreditsCharged', ['Average', 'Maximum'], 'Count', { tier: 'EXTENDED' }),
      ],
    },
    {
      namespace: 'AWS/EC2',
      dimensions,
      appliesTo: typeMatches(INSTANCE_STORE),
      publishes: asMonitored,
      settleSeconds: 60,
      definitions: [
        metric('DiskReadBytes', ['Sum'], 'Bytes', { tier: 'EXTENDED' }),
        metric('DiskWriteBytes', ['Sum'], 'Bytes', { tier: 'EXTENDED' }),
        metric('DiskReadOps', ['Sum'], 'Count', { tier: 'EXTENDED' }),
        metric('DiskWriteOps', ['Sum'], 'Count', { tier: 'EXTENDED' }),
      ],
    },
  ],
  // A stopped instance publishes nothing.
  collects: ({ attributes: { state } }) => state === 'running',
});

/** EC2's answer in our attributes. */
export function instanceAttributes(found: Instance): InstanceAttributes {
  return {
    instanceId: found.InstanceId!,
    instanceType: found.InstanceType ?? null,
    state: found.State?.Name ?? 'unknown',
    availabilityZone: found.Placement?.AvailabilityZone ?? null,
    platform: found.PlatformDetails ?? found.Platform ?? null,
    privateIpAddress: found.PrivateIpAddress ?? null,
    publicIpAddress: found.PublicIpAddress ?? null,
    vpcId: found.VpcId ?? null,
    subnetId: found.SubnetId ?? null,
    imageId: found.ImageId ?? null,
    launchedAt: found.LaunchTime?.toISOString() ?? null,
    detailedMonitoring: found.Monitoring?.State === 'enabled',
  };
}
