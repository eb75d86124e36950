import { uniqueId } from '../auth/authentication';
import { refusalOf } from '../iam/authorization';
import { requestContext } from '../iam/request-context';
import { trustAllows } from '../iam/trust';
import { commonError } from '../protocol/common-errors';
import type { AwsError } from '../protocol/aws-error';
import type { QueryParameters } from '../protocol/query-parameters';
import type { ResultTree } from '../protocol/protocol';
import type { Call } from './service';
import { sessionElements } from './session-elements';
import { invalid, readDuration, readSessionPolicy, readText } from './sts-parameters';
import { isStsActive, regionDisabled } from './sts-regions';

const durationRule = { min: 900, max: 43_200, default: 3_600 };

/** Seconds that a session of a chained role (a caller that is a session itself) may live. */
const maxChainedDuration = 3_600;

const textRules = {
  RoleArn: { min: 20, max: 2_048, pattern: /^[\t\n\r\x20-\x7E\x85\xA0-\uD7FF\uE000-\uFFFD]+$/ },
  RoleSessionName: { min: 2, max: 64, pattern: /^[\w+=,.@-]*$/ },
  ExternalId: { min: 2, max: 1_224, pattern: /^[\w+=,.@:/-]*$/ },
};

/** A session of a role, for whom both the caller's policies and the role's trust policy let in. */
export function assumeRole(call: Call<QueryParameters>): ResultTree {
  const { world, sessions, caller, region, now, sts } = call;
  const request = readRequest(call.parameters, sts.packedPolicyLimit);
  const { roleArn, sessionName, durationSeconds, policy } = request;
  if (!policy && sts.sessionPolicyRequired) {
    throw invalid('The simulator is set to refuse AssumeRole without a session policy');
  }
  const target = world.role(roleArn);
  const context = {
    ...requestContext(caller, call),
    'sts:ExternalId': request.externalId,
    'sts:RoleSessionName': sessionName,
  };
  const isAllowed =
    caller.session?.kind !== 'federatedUser' &&
    refusalOf(caller, { action: 'sts:AssumeRole', resource: roleArn, context }) === null &&
    target?.account.partition === caller.account.partition &&
    trustAllows(target.role.trustPolicy, caller, context);
  // A role that is not there is refused in the same words, so that roles cannot be probed for.
  if (!isAllowed) {
    const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw commonError('accessDenied', 'query', message);
  }
  const { account, role } = target;
  if (!isStsActive(account, region)) throw regionDisabled(account.id);
  if (caller.session && durationSeconds > maxChainedDuration) {
    throw tooLong('the 1 hour session limit for roles assumed by role chaining');
  }
  if (durationSeconds > role.maxSessionDuration) throw tooLong('the MaxSessionDuration set for this role');
  const session = sessions.create({
    kind: 'assumedRole',
    accountId: account.id,
    issuerArn: roleArn,
    arn: `arn:${account.partition}:sts::${account.id}:assumed-role/${role.name}/${sessionName}`,
    userId: `${uniqueId('AROA', roleArn)}:${sessionName}`,
    sessionName,
    policy: policy?.document,
    issuedAt: now,
    expiresAt: now + durationSeconds * 1000,
  });
  return {
    ...sessionElements(session, policy?.packedSize),
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  };
}

function readRequest(parameters: QueryParameters, packedPolicyLimit: number) {
  const roleArn = readText(parameters, 'RoleArn', textRules.RoleArn);
  const sessionName = readText(parameters, 'RoleSessionName', textRules.RoleSessionName);
  const externalId =
    parameters.get('ExternalId') === undefined
      ? undefined
      : readText(parameters, 'ExternalId', textRules.ExternalId);
  if (!/^arn:aws(?:-us-gov|-cn)?:iam::\d{12}:role\/(?:[!-~]+\/)?[\w+=,.@-]+$/.test(roleArn)) {
    throw invalid(`${roleArn} is invalid`);
  }
  const durationSeconds = readDuration(parameters, durationRule);
  const policy = readSessionPolicy(parameters, packedPolicyLimit);
  return { roleArn, sessionName, externalId, durationSeconds, policy };
}

function tooLong(limit: string): AwsError {
  return invalid(`The requested DurationSeconds exceeds ${limit}.`);
}
