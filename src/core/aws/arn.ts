import type { Partition } from '../accounts/account';
import { partitionOfArn } from './partition';

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

export interface Principal {
  partition: Partition;
  awsAccountId: string;
  /** What `aws:PrincipalArn` holds for it: the user's or the role's own ARN. */
  arn: string;
}

/**
 * The principal behind the ARN that GetCallerIdentity answers. An assumed role's session ARN carries no path, so a role
 * with one must be given in ROLECALL_PRINCIPAL_ARN.
 */
export function principalOf(callerArn: string): Principal | null {
  const [, arnPartition = '', service, , awsAccountId = '', resource = ''] = callerArn.split(':');
  const partition = partitionOfArn(arnPartition);
  if (!partition || !/^\d{12}$/.test(awsAccountId)) return null;
  if (service === 'sts' && resource.startsWith('assumed-role/')) {
    const roleName = resource.split('/')[1];
    return { partition, awsAccountId, arn: `arn:${arnPartition}:iam::${awsAccountId}:role/${roleName}` };
  }
  const isPrincipal = service === 'iam' && (resource === 'root' || /^(user|role)\/.+/.test(resource));
  return isPrincipal ? { partition, awsAccountId, arn: callerArn } : null;
}
