import { AwsError } from '../protocol/aws-error';
import { ec2QueryProtocol } from '../protocol/ec2-query';
import { pageOf } from '../protocol/page';
import type { QueryParameters } from '../protocol/query-parameters';
import type { ResultTree } from '../protocol/protocol';
import { stableHex } from '../world/identifiers';
import { dnsSuffixOf, partitionOfRegion } from '../world/partitions';
import { awsRegions, type AwsRegion } from '../world/regions';
import type { Ec2Instance, SimulatedAccount } from '../world/types';
import type { Action, Call, QueryService } from './service';

/** Instances a page: bounds of MaxResults, and what comes without it. */
const pageSizes = { min: 5, max: 1_000 };

/** Amazon EC2. */
export const ec2Service: QueryService = {
  iamPrefix: 'ec2',
  signingName: 'ec2',
  protocol: ec2QueryProtocol,
  version: '2016-11-15',
  xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15',
  actions: {
    DescribeInstances: unlessDryRun(describeInstances),
    DescribeRegions: unlessDryRun(describeRegions),
  },
};

/** A dry run ends where the action would begin: the caller's policies have allowed it. */
function unlessDryRun(action: Action<QueryParameters>): Action<QueryParameters> {
  return (call) => {
    if (call.parameters.get('DryRun') !== 'true') return action(call);
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  };
}

function describeInstances({ parameters, resources, caller }: Call<QueryParameters>): ResultTree {
  const maxResults = parameters.integer('MaxResults', pageSizes, 'InvalidParameterValue');
  const ids = parameters.list('InstanceId');
  const filter = parameters.get('Filter.1.Name');
  if (filter !== undefined) throw new AwsError('InvalidParameterValue', `The filter '${filter}' is invalid`);
  if (ids.length > 0 && maxResults !== undefined) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  const missing = ids.filter((id) => !resources.instances.has(id));
  if (missing.length > 0) {
    const text =
      missing.length === 1 ? `ID '${missing[0]}' does not exist` : `IDs '${missing.join(', ')}' do not exist`;
    throw new AwsError('InvalidInstanceID.NotFound', `The instance ${text}`);
  }
  const instances = [...resources.instances.values()].filter(
    ({ InstanceId }) => ids.length === 0 || ids.includes(InstanceId),
  );
  const page = pageOf(instances, maxResults ?? pageSizes.max, parameters.get('NextToken'));
  if (!page) throw new AwsError('InvalidNextToken', 'The token is invalid.');
  return {
    reservationSet: {
      item: page.items.map((instance) => ({
        reservationId: `r-0${stableHex(16, 'reservation', instance.InstanceId)}`,
        ownerId: caller.account.id,
        groupSet: '',
        instancesSet: { item: instanceElement(instance) },
      })),
    },
    nextToken: page.nextToken,
  };
}

function instanceElement(instance: Ec2Instance): ResultTree {
  const { State, Monitoring, Placement, SecurityGroups, IamInstanceProfile, Tags } = instance;
  return {
    instanceId: instance.InstanceId,
    imageId: instance.ImageId,
    instanceState: { code: State.Code, name: State.Name },
    privateDnsName: instance.PrivateDnsName,
    dnsName: instance.PublicDnsName ?? '',
    keyName: instance.KeyName,
    amiLaunchIndex: 0,
    instanceType: instance.InstanceType,
    launchTime: instance.LaunchTime,
    placement: { availabilityZone: Placement.AvailabilityZone, groupName: '', tenancy: Placement.Tenancy },
    monitoring: { state: Monitoring.State },
    subnetId: instance.SubnetId,
    vpcId: instance.VpcId,
    privateIpAddress: instance.PrivateIpAddress,
    ipAddress: instance.PublicIpAddress,
    groupSet: {
      item: SecurityGroups.map(({ GroupId, GroupName }) => ({ groupId: GroupId, groupName: GroupName })),
    },
    architecture: instance.Architecture,
    rootDeviceType: 'ebs',
    rootDeviceName: '/dev/xvda',
    virtualizationType: 'hvm',
    hypervisor: 'xen',
    ebsOptimized: true,
    enaSupport: true,
    platformDetails: instance.PlatformDetails,
    iamInstanceProfile: IamInstanceProfile && { arn: IamInstanceProfile.Arn, id: IamInstanceProfile.Id },
    tagSet:
      Tags.length > 0 ? { item: Tags.map(({ Key, Value }) => ({ key: Key, value: Value })) } : undefined,
  };
}

function describeRegions({ parameters, caller }: Call<QueryParameters>): ResultTree {
  const includesAll = parameters.get('AllRegions') === 'true';
  const names = parameters.list('RegionName');
  const regions = awsRegions.filter(({ name }) => partitionOfRegion(name) === caller.account.partition);
  const unknown = names.filter((name) => !regions.some((region) => region.name === name));
  if (unknown.length > 0)
    throw new AwsError('InvalidParameterValue', `Invalid region(s): ${unknown.join(', ')}`);
  const listed = regions.filter(
    (region) =>
      (names.length === 0 || names.includes(region.name)) &&
      (includesAll || caller.account.enabledRegions.has(region.name)),
  );
  return {
    regionInfo: {
      item: listed.map((region) => ({
        regionName: region.name,
        regionEndpoint: `ec2.${region.name}.${dnsSuffixOf(region.name)}`,
        optInStatus: optInStatus(region, caller.account),
      })),
    },
  };
}

/** A Region of the account's list is on, whatever its kind: test worlds may switch any Region off. */
function optInStatus(region: AwsRegion, account: SimulatedAccount): string {
  if (!account.enabledRegions.has(region.name)) return 'not-opted-in';
  return region.optIn ? 'opted-in' : 'opt-in-not-required';
}
