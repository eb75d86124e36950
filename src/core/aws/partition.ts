import type { Partition } from '../accounts/account';

interface PartitionFacts {
  /** As ARNs write it. */
  arn: string;
  /** Where calls that concern no Region go. Enabled in every account of the partition. */
  homeRegion: string;
  /** Whose STS is asked, one after the other when one is out of order. On in every account unless it switched STS off there. */
  stsRegions: readonly string[];
  /** Where the list of enabled Regions is asked for, one after the other: an organisation may deny some of them. */
  listingRegions: readonly string[];
  consoleHost: string;
  /** What its Region names look like. */
  regionPattern: RegExp;
}

/** The three AWS partitions: identities and roles of one are unknown in the others. */
export const PARTITIONS: Record<Partition, PartitionFacts> = {
  AWS: {
    arn: 'aws',
    homeRegion: 'us-east-1',
    stsRegions: ['us-east-1', 'eu-west-1', 'us-west-2'],
    listingRegions: ['us-east-1', 'eu-west-1', 'us-west-2', 'eu-central-1', 'ap-southeast-1'],
    consoleHost: 'console.aws.amazon.com',
    regionPattern: /^(?!us-gov-|cn-)[a-z]{2}(-[a-z]+)+-\d$/,
  },
  AWS_US_GOV: {
    arn: 'aws-us-gov',
    homeRegion: 'us-gov-west-1',
    stsRegions: ['us-gov-west-1', 'us-gov-east-1'],
    listingRegions: ['us-gov-west-1', 'us-gov-east-1'],
    consoleHost: 'console.amazonaws-us-gov.com',
    regionPattern: /^us-gov-[a-z]+-\d$/,
  },
  AWS_CN: {
    arn: 'aws-cn',
    homeRegion: 'cn-north-1',
    stsRegions: ['cn-north-1', 'cn-northwest-1'],
    listingRegions: ['cn-north-1', 'cn-northwest-1'],
    consoleHost: 'console.amazonaws.cn',
    regionPattern: /^cn-[a-z]+-\d$/,
  },
};

/** `aws-us-gov` → `AWS_US_GOV`; null for a partition that Rolecall does not serve. */
export function partitionOfArn(arnPartition: string): Partition | null {
  const found = Object.entries(PARTITIONS).find(([, facts]) => facts.arn === arnPartition);
  return found ? (found[0] as Partition) : null;
}
