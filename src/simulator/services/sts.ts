import { uniqueId } from '../auth/authentication';
import { refusalOf } from '../iam/authorization';
import { requestContext } from '../iam/request-context';
import { trustAllows } from '../iam/trust';
import { AwsError } from '../protocol/aws-error';
import { queryProtocol } from '../protocol/query';
import type { QueryParameters } from '../protocol/query-parameters';
import type { ResultTree } from '../protocol/protocol';
import { maxPolicyLength, readAssumeRoleRequest } from './assume-role-request';
import type { Call, QueryService } from './service';
import { isStsActive, regionDisabled } from './sts-regions';

/** Seconds that a session of a chained role (a caller that is a session itself) may live. */
const maxChainedDuration = 3_600;

const assumeRoleAction = 'sts:AssumeRole';

/** AWS Security Token Service. */
export const stsService: QueryService = {
  iamPrefix: 'sts',
  signingName: 'sts',
  protocol: queryProtocol,
  version: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  // GetCallerIdentity cannot be denied; AssumeRole asks the caller's policy about the very role.
  unauthorizedActions: ['GetCallerIdentity', 'AssumeRole'],
  actions: {
    GetCallerIdentity: ({ caller }) => ({
      Arn: caller.arn,
      UserId: caller.userId,
      Account: caller.account.id,
    }),
    AssumeRole: assumeRole,
  },
};

function assumeRole(call: Call<QueryParameters>): ResultTree {
  const { world, sessions, caller, region, now } = call;
  const request = readAssumeRoleRequest(call.parameters);
  const { roleArn, sessionName, durationSeconds } = request;
  const target = world.role(roleArn);
  const context = {
    ...requestContext(caller, call),
    'sts:ExternalId': request.externalId,
    'sts:RoleSessionName': sessionName,
  };
  const isAllowed =
    refusalOf(caller, { action: assumeRoleAction, resource: roleArn, context }) === null &&
    target !== undefined &&
    trustAllows(target.role.trustPolicy, caller, context);
  // A role that is not there is refused in the same words, so that roles cannot be probed for.
  if (!isAllowed) {
    throw new AwsError(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: ${assumeRoleAction} on resource: ${roleArn}`,
      403,
    );
  }
  const { account, role } = target;
  if (!isStsActive(account, region)) throw regionDisabled(account.id);
  if (caller.session && durationSeconds > maxChainedDuration) {
    throw tooLong('the 1 hour session limit for roles assumed by role chaining');
  }
  if (durationSeconds > role.maxSessionDuration) {
    throw tooLong('the MaxSessionDuration set for this role');
  }
  const session = sessions.create({
    accountId: account.id,
    roleArn,
    roleId: uniqueId('AROA', roleArn),
    sessionName,
    policy: request.policy,
    issuedAt: now,
    expiresAt: now + durationSeconds * 1000,
  });
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expiresAt),
    },
    AssumedRoleUser: { AssumedRoleId: `${session.roleId}:${sessionName}`, Arn: session.assumedRoleArn },
    PackedPolicySize: request.policy && Math.ceil((100 * request.policyLength) / maxPolicyLength),
  };
}

function tooLong(limit: string): AwsError {
  return new AwsError('ValidationError', `The requested DurationSeconds exceeds ${limit}.`);
}
