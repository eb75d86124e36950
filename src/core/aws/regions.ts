import type { Partition } from '../accounts/account';

/** A Region of AWS. */
export interface AwsRegion {
  name: string;
  partition: Partition;
  /** As the AWS console writes it. */
  displayName: string;
  /** Off in an account until its owner enables it. */
  optIn: boolean;
}

/** Every Region that AWS documents (AWS Regions and Endpoints), by partition and name. */
export const AWS_REGIONS: readonly AwsRegion[] = [
  optIn('af-south-1', 'Africa (Cape Town)'),
  optIn('ap-east-1', 'Asia Pacific (Hong Kong)'),
  optIn('ap-east-2', 'Asia Pacific (Taipei)'),
  open('ap-northeast-1', 'Asia Pacific (Tokyo)'),
  open('ap-northeast-2', 'Asia Pacific (Seoul)'),
  open('ap-northeast-3', 'Asia Pacific (Osaka)'),
  open('ap-south-1', 'Asia Pacific (Mumbai)'),
  optIn('ap-south-2', 'Asia Pacific (Hyderabad)'),
  open('ap-southeast-1', 'Asia Pacific (Singapore)'),
  open('ap-southeast-2', 'Asia Pacific (Sydney)'),
  optIn('ap-southeast-3', 'Asia Pacific (Jakarta)'),
  optIn('ap-southeast-4', 'Asia Pacific (Melbourne)'),
  optIn('ap-southeast-5', 'Asia Pacific (Malaysia)'),
  optIn('ap-southeast-6', 'Asia Pacific (New Zealand)'),
  optIn('ap-southeast-7', 'Asia Pacific (Thailand)'),
  open('ca-central-1', 'Canada (Central)'),
  optIn('ca-west-1', 'Canada West (Calgary)'),
  open('eu-central-1', 'Europe (Frankfurt)'),
  optIn('eu-central-2', 'Europe (Zurich)'),
  open('eu-north-1', 'Europe (Stockholm)'),
  optIn('eu-south-1', 'Europe (Milan)'),
  optIn('eu-south-2', 'Europe (Spain)'),
  open('eu-west-1', 'Europe (Ireland)'),
  open('eu-west-2', 'Europe (London)'),
  open('eu-west-3', 'Europe (Paris)'),
  optIn('il-central-1', 'Israel (Tel Aviv)'),
  optIn('me-central-1', 'Middle East (UAE)'),
  optIn('me-south-1', 'Middle East (Bahrain)'),
  optIn('me-west-1', 'Middle East (Saudi Arabia)'),
  optIn('mx-central-1', 'Mexico (Central)'),
  open('sa-east-1', 'South America (São Paulo)'),
  optIn('sa-west-1', 'South America (Chile)'),
  open('us-east-1', 'US East (N. Virginia)'),
  open('us-east-2', 'US East (Ohio)'),
  open('us-west-1', 'US West (N. California)'),
  open('us-west-2', 'US West (Oregon)'),
  open('us-gov-east-1', 'AWS GovCloud (US-East)', 'AWS_US_GOV'),
  open('us-gov-west-1', 'AWS GovCloud (US-West)', 'AWS_US_GOV'),
  open('cn-north-1', 'China (Beijing)', 'AWS_CN'),
  open('cn-northwest-1', 'China (Ningxia)', 'AWS_CN'),
];

function open(name: string, displayName: string, partition: Partition = 'AWS'): AwsRegion {
  return { name, partition, displayName, optIn: false };
}

function optIn(name: string, displayName: string): AwsRegion {
  return { name, partition: 'AWS', displayName, optIn: true };
}
