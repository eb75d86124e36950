import type { VerificationCheck } from '../accounts/account';
import { check, skipped } from './checks';
import { SELF_AUDIT_ACTIONS, type RoleEvidence } from './role-evidence';

const NAME = 'PERMISSIONS_NOT_EXCESSIVE';

/** AWS's own policies that let read data or write, by the end of their ARN. */
const BROAD_POLICIES =
  /:policy\/(AdministratorAccess|PowerUserAccess|ReadOnlyAccess|IAMFullAccess|AmazonS3ReadOnlyAccess|.*FullAccess)$/;

/** Judges what is known of a role's or key's permissions. It never fails an account: the customer decides. */
export function notExcessive(
  evidence: Pick<RoleEvidence, 'attachedPolicies' | 'wildcardActions' | 'allowedActions'>,
): VerificationCheck {
  const { attachedPolicies, wildcardActions, allowedActions } = evidence;
  if (!attachedPolicies && !wildcardActions && !allowedActions) {
    return skipped(
      NAME,
      `It cannot be asked what it allows beyond need: ${SELF_AUDIT_ACTIONS.join(', ')} are not granted`,
    );
  }
  const broad = attachedPolicies?.filter((arn) => BROAD_POLICIES.test(arn)) ?? [];
  const found = [...broad, ...(wildcardActions ?? []), ...(allowedActions ?? [])];
  if (found.length > 0) {
    const message = `More is allowed than monitoring needs: ${found.join(', ')}. Leave the generated permission policy alone in place`;
    return check(NAME, 'WARNING', 'EXCESSIVE', message, { found: found.join(', ') });
  }
  return check(NAME, 'PASSED', 'LEAST', 'Nothing was found that monitoring does not need');
}

/** A key that cannot be narrowed by GetFederationToken is used as it is, with all that its user may do. */
export function keyNotExcessive(allowedActions: string[] | null, isNarrowed: boolean): VerificationCheck {
  const judged = notExcessive({ attachedPolicies: null, wildcardActions: null, allowedActions });
  if (isNarrowed) return judged;
  const message =
    'The user may not call sts:GetFederationToken, so its key is used as it is, behind a list of allowed calls. ' +
    `Grant that action, or connect a role${judged.outcome === 'WARNING' ? `. ${judged.message}` : ''}`;
  return check(NAME, 'WARNING', 'KEY_NOT_NARROWED', message, { found: judged.found ?? undefined });
}
