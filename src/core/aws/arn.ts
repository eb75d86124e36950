import type { Partition } from '../accounts/account';
import { partitionOfArn, PARTITIONS } from './partition';

export interface RoleArn {
  arn: string;
  partition: Partition;
  awsAccountId: string;
  /** Without its path. */
  roleName: string;
}

/** IAM: a path is printable ASCII between slashes, at most 512 characters; a role name `[\w+=,.@-]{1,64}`. */
const ROLE_ARN = /^arn:([a-z-]+):iam::(\d{12}):role\/((?:[!-.0-~]+\/)*)([\w+=,.@-]{1,64})$/;

/** The parts of an IAM role's ARN, or null when it is not one, to the letter. */
export function parseRoleArn(text: string): RoleArn | null {
  const match = text.length <= 2048 ? ROLE_ARN.exec(text) : null;
  const partition = match && partitionOfArn(match[1]!);
  if (!match || !partition || match[3]!.length > 511) return null;
  return { arn: text, partition, awsAccountId: match[2]!, roleName: match[4]! };
}

/** Between the slashes, itself included: `/`, or `/team/read/`. */
export function rolePath({ arn, roleName }: RoleArn): string {
  return arn.slice(arn.indexOf(':role/') + ':role'.length, -roleName.length);
}

export interface Principal {
  partition: Partition;
  awsAccountId: string;
  /** What `aws:PrincipalArn` holds for it: the user's or the role's own ARN, with its path. */
  arn: string;
}

const PRINCIPAL_ARN =
  /^arn:([a-z-]+):iam::(\d{12}):(?:root|(?:user|role)\/(?:[!-.0-~]+\/)*[\w+=,.@-]{1,64})$/;

/** The user, the role or the account's root that an ARN names in full; null for anything else, a session too. */
export function principalOf(arn: string): Principal | null {
  const match = arn.length <= 2048 ? PRINCIPAL_ARN.exec(arn) : null;
  const partition = match && partitionOfArn(match[1]!);
  return match && partition ? { partition, awsAccountId: match[2]!, arn } : null;
}

/** How policies name everybody in a principal's account, to be narrowed by conditions. */
export function accountRoot({ partition, awsAccountId }: Principal): string {
  return `arn:${PARTITIONS[partition].arn}:iam::${awsAccountId}:root`;
}

/** What the ARN of an assumed role's session tells of the role: everything but its path. */
export interface RoleSession {
  partition: Partition;
  awsAccountId: string;
  roleName: string;
}

const SESSION_ARN = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/[^/]+$/;

/** Null when it is no session of a role. */
export function roleSessionOf(callerArn: string): RoleSession | null {
  const match = SESSION_ARN.exec(callerArn);
  const partition = match && partitionOfArn(match[1]!);
  return match && partition ? { partition, awsAccountId: match[2]!, roleName: match[3]! } : null;
}
