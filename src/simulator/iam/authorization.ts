import type { Caller } from '../auth/caller';
import { evaluatePolicy, type PolicyRequest } from './policy-evaluation';

/** Why a call is refused, in AWS's words after "is not authorized to perform"; null when it is allowed. */
type Refusal = string | null;

/** Judges a call: identity policy AND session policy must allow it, an explicit deny in either wins. */
export function refusalOf(caller: Caller, request: PolicyRequest): Refusal {
  const identity = caller.permissionPolicy
    ? evaluatePolicy(caller.permissionPolicy, request)
    : 'implicitDeny';
  const session = caller.session?.policy ? evaluatePolicy(caller.session.policy, request) : 'allow';
  if (identity === 'explicitDeny') return 'with an explicit deny in an identity-based policy';
  if (session === 'explicitDeny') return 'with an explicit deny in a session policy';
  if (identity !== 'allow') return `because no identity-based policy allows the ${request.action} action`;
  if (session !== 'allow') return `because no session policy allows the ${request.action} action`;
  return null;
}
