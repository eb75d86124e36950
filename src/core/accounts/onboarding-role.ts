import { parseRoleArn, rolePath, type Principal } from '../aws/arn';
import { PARTITIONS } from '../aws/partition';
import { externalIdIn, unrefusedExternalIds, type Account } from './account';
import { trustPolicy, type PolicyDocument } from './onboarding-policies';

/** What the customer has to do with the role now. */
type OnboardingStep = 'CREATE' | 'UPDATE' | 'ADD_EXTERNAL_ID' | 'REMOVE_EXTERNAL_ID';

/**
 * The role by which a customer lets Rolecall in. The templates are this in three syntaxes, so they cannot differ. Nothing
 * in it is free text: a name and a path as IAM has them, and generated policies.
 */
export interface CustomerRole {
  step: OnboardingStep;
  name: string;
  /** Begins and ends with a slash. */
  path: string;
  /** Null until the account's number is known. */
  arn: string | null;
  description: string;
  trustPolicy: PolicyDocument;
  permissionPolicy: PolicyDocument;
}

/** The name that a new role gets. */
const ROLE_NAME = 'rolecall';

/** Names of the role's inline policies. */
export const READ_POLICY_NAME = 'rolecall-read';
export const SELF_AUDIT_POLICY_NAME = 'rolecall-self-audit';

export const STEP_NOTES: Record<OnboardingStep, string> = {
  CREATE: 'Creates the IAM role through which Rolecall reads inventory and CloudWatch metrics.',
  UPDATE: 'Brings the IAM role of Rolecall up to date.',
  ADD_EXTERNAL_ID:
    'The external ID is being rotated: the trust policy must accept both IDs now. Nothing else changes.',
  REMOVE_EXTERNAL_ID:
    'The external ID was rotated: the trust policy must accept the new ID alone now. Nothing else changes.',
};

export const SELF_AUDIT_NOTE =
  'Lets Rolecall read this role itself, and nothing else of IAM: by that alone it finds an external ID of somebody else ' +
  'in the trust policy, and permissions that nobody needs.';

/** The role of an account as it should be now: the connected one, or the one to be made. */
export function customerRole(
  account: Account,
  gateway: Principal,
  permissionPolicy: PolicyDocument,
): CustomerRole {
  const { awsAccountId, partition } = account;
  const connected = account.roleArn === null ? null : parseRoleArn(account.roleArn);
  const name = connected?.roleName ?? ROLE_NAME;
  return {
    step: stepOf(account),
    name,
    path: connected ? rolePath(connected) : '/',
    arn:
      connected?.arn ??
      (awsAccountId && `arn:${PARTITIONS[partition].arn}:iam::${awsAccountId}:role/${name}`),
    description: 'Read by Rolecall with an external ID',
    trustPolicy: trustPolicy(gateway, acceptedExternalIds(account)),
    permissionPolicy,
  };
}

function stepOf(account: Account): OnboardingStep {
  if (account.roleArn === null) return 'CREATE';
  if (externalIdIn(account, 'PENDING')) return 'ADD_EXTERNAL_ID';
  return unrefusedExternalIds(account).length > 0 ? 'REMOVE_EXTERNAL_ID' : 'UPDATE';
}

function acceptedExternalIds(account: Account): string[] {
  const accepted = [externalIdIn(account, 'ACTIVE'), externalIdIn(account, 'PENDING')];
  return accepted.flatMap((externalId) => (externalId ? [externalId.value] : []));
}
