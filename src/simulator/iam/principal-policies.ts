import { managedPolicy } from './managed-policies';
import { parsePolicyDocument } from './parse-policy';
import type { PolicyDocument } from './policy-document';

/** What a user or role may do: its inline policies by name, and the ARNs of the managed policies attached to it. */
export interface PrincipalPolicies {
  inlinePolicies: Record<string, PolicyDocument>;
  attachedPolicies: string[];
}

/** The permissions of a new principal. Policies are objects or JSON text. */
export interface NewPolicies {
  /** The inline policy named `permissions`. */
  permissionPolicy?: unknown;
  /** Further inline policies, by name; null removes one. */
  inlinePolicies?: Record<string, unknown>;
  /** ARNs of AWS-managed policies, `arn:aws:iam::aws:policy/ReadOnlyAccess`. */
  attachedPolicies?: string[];
}

/** The name of the inline policy that `permissionPolicy` is. */
const mainPolicyName = 'permissions';

/**
 * The permissions of a principal, on top of those that it has. Without any it may call nothing but GetCallerIdentity.
 * @throws MalformedPolicy for a document that IAM would refuse
 * @throws Error for a managed policy that the simulator does not have
 */
export function buildPolicies(
  { permissionPolicy, inlinePolicies = {}, attachedPolicies }: NewPolicies,
  present: PrincipalPolicies = { inlinePolicies: {}, attachedPolicies: [] },
): PrincipalPolicies {
  attachedPolicies?.forEach(managedPolicy);
  const changes = Object.entries({
    ...(permissionPolicy !== undefined && { [mainPolicyName]: permissionPolicy }),
    ...inlinePolicies,
  });
  const inline = new Map(Object.entries(present.inlinePolicies));
  for (const [name, document] of changes) {
    if (document === null) inline.delete(name);
    else inline.set(name, parsePolicyDocument(document));
  }
  return {
    inlinePolicies: Object.fromEntries(inline),
    attachedPolicies: attachedPolicies ?? present.attachedPolicies,
  };
}

/** All documents that say what a principal may do. */
export function documentsOf({ inlinePolicies, attachedPolicies }: PrincipalPolicies): PolicyDocument[] {
  return [...Object.values(inlinePolicies), ...attachedPolicies.map(managedPolicy)];
}

/** The inline policy by which IAM's console revokes all sessions that were issued before an instant (ISO 8601). */
export function revokeOlderSessions(before: string): Record<string, PolicyDocument> {
  return {
    AWSRevokeOlderSessions: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
      },
    },
  };
}
