import type { Caller } from '../auth/caller';
import type { Session } from '../auth/sessions';
import type { PolicyDocument } from './policy-document';
import { evaluatePolicies, type PolicyRequest } from './policy-evaluation';

/** Why a call is refused, in AWS's words after "is not authorized to perform"; null when it is allowed. */
type Refusal = string | null;

/** Judges a call: identity policies AND session policy must allow it, an explicit deny in either wins. */
export function refusalOf(caller: Caller, request: PolicyRequest): Refusal {
  const identity = evaluatePolicies(caller.policies, request);
  const limits = caller.session && sessionPolicies(caller.session);
  const session = limits ? evaluatePolicies(limits, request) : 'allow';
  if (identity === 'explicitDeny') return 'with an explicit deny in an identity-based policy';
  if (session === 'explicitDeny') return 'with an explicit deny in a session policy';
  if (identity !== 'allow') return `because no identity-based policy allows the ${request.action} action`;
  if (session !== 'allow') return `because no session policy allows the ${request.action} action`;
  return null;
}

/** Without a session policy an assumed role may do all that the role may, and a federated user nothing. */
function sessionPolicies({ policy, kind }: Session): PolicyDocument[] | undefined {
  if (policy) return [policy];
  return kind === 'federatedUser' ? [] : undefined;
}
