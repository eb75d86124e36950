/** The AWS partitions as ARNs write them: identities and roles of one are unknown in the others. */
export type Partition = 'aws' | 'aws-us-gov' | 'aws-cn';

interface PartitionFacts {
  /** Of endpoints and of the DNS names of resources. */
  dnsSuffix: string;
  /** Enabled in an account that names no Regions. */
  homeRegion: string;
}

/** What differs between the partitions. */
export const partitions: Record<Partition, PartitionFacts> = {
  aws: { dnsSuffix: 'amazonaws.com', homeRegion: 'us-east-1' },
  'aws-us-gov': { dnsSuffix: 'amazonaws.com', homeRegion: 'us-gov-west-1' },
  'aws-cn': { dnsSuffix: 'amazonaws.com.cn', homeRegion: 'cn-north-1' },
};

/** The partition that a Region belongs to, by its name. */
export function partitionOfRegion(region: string): Partition {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('cn-') ? 'aws-cn' : 'aws';
}

/** The end of the DNS names in a Region. */
export function dnsSuffixOf(region: string): string {
  return partitions[partitionOfRegion(region)].dnsSuffix;
}
