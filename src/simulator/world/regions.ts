/** A Region of any partition. */
export interface AwsRegion {
  name: string;
  /** Opt-in Regions are off until an account enables them. */
  optIn: boolean;
}

/** The Regions that DescribeRegions knows, each in its partition. */
export const awsRegions: readonly AwsRegion[] = [
  ...[
    ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
    ...['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1'],
    ...[
      'ap-northeast-1',
      'ap-northeast-2',
      'ap-northeast-3',
      'ap-south-1',
      'ap-southeast-1',
      'ap-southeast-2',
    ],
  ].map((name) => ({ name, optIn: false })),
  ...[
    ...['af-south-1', 'ap-east-1', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4'],
    ...[
      'ca-west-1',
      'eu-central-2',
      'eu-south-1',
      'eu-south-2',
      'il-central-1',
      'me-central-1',
      'me-south-1',
    ],
  ].map((name) => ({ name, optIn: true })),
  ...['us-gov-west-1', 'us-gov-east-1', 'cn-north-1', 'cn-northwest-1'].map((name) => ({
    name,
    optIn: false,
  })),
];
