import { refusalOf } from '../iam/authorization';
import { requestContext } from '../iam/request-context';
import { commonError } from '../protocol/common-errors';
import type { QueryParameters } from '../protocol/query-parameters';
import type { ResultTree } from '../protocol/protocol';
import type { Call } from './service';
import { sessionElements } from './session-elements';
import { readDuration, readSessionPolicy, readText } from './sts-parameters';

const durationRule = { min: 900, max: 129_600, default: 43_200 };
const nameRule = { min: 2, max: 32, pattern: /^[\w+=,.@-]*$/ };

/** A session of the calling user, which may do what the user and the session policy both allow: nothing without one. */
export function getFederationToken(call: Call<QueryParameters>): ResultTree {
  const { sessions, caller, now, parameters } = call;
  const { account } = caller;
  const name = readText(parameters, 'Name', nameRule);
  const durationSeconds = readDuration(parameters, durationRule);
  const policy = readSessionPolicy(parameters, call.sts.packedPolicyLimit);
  if (caller.session) {
    throw commonError('accessDenied', 'query', 'Cannot call GetFederationToken with session credentials');
  }
  const arn = `arn:${account.partition}:sts::${account.id}:federated-user/${name}`;
  const request = {
    action: 'sts:GetFederationToken',
    resource: arn,
    context: requestContext(caller, call),
  };
  const refusal = refusalOf(caller, request);
  if (refusal !== null) {
    const message = `User: ${caller.arn} is not authorized to perform: sts:GetFederationToken on resource: ${arn} ${refusal}`;
    throw commonError('accessDenied', 'query', message);
  }
  const session = sessions.create({
    kind: 'federatedUser',
    accountId: account.id,
    issuerArn: caller.arn,
    arn,
    userId: `${account.id}:${name}`,
    sessionName: name,
    policy: policy?.document,
    issuedAt: now,
    expiresAt: now + durationSeconds * 1000,
  });
  return {
    ...sessionElements(session, policy?.packedSize),
    FederatedUser: { FederatedUserId: session.userId, Arn: arn },
  };
}
