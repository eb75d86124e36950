import { accountRoot, type Principal } from '../aws/arn';
import { neededActions } from '../credentials/session-policy';
import { ConflictError } from '../errors';
import { SELF_AUDIT_ACTIONS } from '../trust/role-evidence';

/** An IAM policy as an object; it becomes text only where it is handed out. */
export type PolicyDocument = Record<string, unknown>;

/**
 * IAM: the inline policies of a role hold 10,240 characters together, white space not counted. The self-audit needs fewer
 * than 1,024 of them, whatever its role is called.
 */
const READ_POLICY_LIMIT = 10_240 - 1_024;

/**
 * Trusts the gateway's account and narrows it to its principal by condition: IAM keeps a principal ARN as the principal's
 * inner id, which dies with it, so a gateway whose role is made anew would be refused by every customer. The condition
 * compares names.
 * @param externalIds ACTIVE first; PENDING too during a rotation.
 */
export function trustPolicy(gateway: Principal, externalIds: readonly string[]): PolicyDocument {
  return policy({
    Sid: 'RolecallMayAssumeWithItsExternalId',
    Effect: 'Allow',
    Principal: { AWS: accountRoot(gateway) },
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: {
        'aws:PrincipalArn': literal(gateway.arn),
        'sts:ExternalId': externalIds.length === 1 ? externalIds[0] : externalIds,
      },
    },
  });
}

/**
 * The least that the plugins and the collection of metrics need. None of these reads takes the ARN of a resource.
 * @throws ConflictError when it is more than IAM lets a role have.
 */
export function permissionPolicy(pluginActions: readonly string[]): PolicyDocument {
  const actions = neededActions([{ iamActions: pluginActions }]);
  const document = policy({
    Sid: 'RolecallReadsInventoryAndMetrics',
    Effect: 'Allow',
    Action: actions,
    Resource: '*',
  });
  const { length } = JSON.stringify(document);
  if (length <= READ_POLICY_LIMIT) return document;
  throw new ConflictError(
    'RC_PERMISSION_POLICY_TOO_LARGE',
    `The permission policy of ${actions.length} actions has ${length} characters, over the limit of ${READ_POLICY_LIMIT}`,
  );
}

/**
 * Lets Rolecall read the role itself, and nothing beside it: that alone finds an external ID of somebody else in the trust
 * policy, and permissions that nobody needs. A customer may leave it out.
 * @param roleArn as the template at hand writes a reference to it.
 */
export function selfAuditPolicy(roleArn: unknown): PolicyDocument {
  return policy({
    Sid: 'RolecallAuditsThisRoleAlone',
    Effect: 'Allow',
    Action: SELF_AUDIT_ACTIONS,
    Resource: roleArn,
  });
}

/** An ARN as policies write it: a path may hold what they would take for a wildcard or a variable. */
export function literal(arn: string): string {
  return arn.replaceAll(/[*?]|\$(?=\{)/g, (character) => `\${${character}}`);
}

function policy(statement: object): PolicyDocument {
  return { Version: '2012-10-17', Statement: [statement] };
}
