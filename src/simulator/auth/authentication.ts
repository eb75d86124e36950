import { createHash } from 'node:crypto';
import { commonError } from '../protocol/common-errors';
import type { ProtocolName } from '../protocol/protocol';
import type { World } from '../world/world';
import type { Caller } from './caller';
import type { SessionStore } from './sessions';
import { hasValidSignature, type SignedAuthorization, type SignedRequest } from './sigv4';

/** A caller with the secret that its request must have been signed with. */
export interface Credentials {
  caller: Caller;
  secretAccessKey: string;
}

/** Finds whose access key this is; undefined for an unknown key, or one whose user or role is gone. */
export function findCredentials(
  world: World,
  sessions: SessionStore,
  accessKeyId: string,
): Credentials | undefined {
  const session = sessions.get(accessKeyId);
  if (session) {
    const account = world.account(session.accountId);
    const role = account?.roles.get(session.roleArn);
    if (!account || !role) return undefined;
    const caller: Caller = {
      account,
      arn: session.assumedRoleArn,
      principalArn: session.roleArn,
      userId: `${session.roleId}:${session.sessionName}`,
      permissionPolicy: role.permissionPolicy,
      session,
    };
    return { caller, secretAccessKey: session.secretAccessKey };
  }
  const found = world.userByAccessKey(accessKeyId);
  if (!found) return undefined;
  const { account, user } = found;
  const { arn, permissionPolicy } = user;
  return {
    caller: { account, arn, principalArn: arn, userId: uniqueId('AIDA', arn), permissionPolicy },
    secretAccessKey: user.secretAccessKey,
  };
}

/** What a request's credentials are checked against. */
interface AuthenticationInput {
  request: SignedRequest;
  authorization: SignedAuthorization;
  credentials: Credentials | undefined;
  protocol: ProtocolName;
  now: number;
}

/** The caller of a request; throws the protocol's error for unknown keys, bad signatures, ended or token-less sessions. */
export function authenticate({
  request,
  authorization,
  credentials,
  protocol,
  now,
}: AuthenticationInput): Caller {
  if (!credentials) throw commonError('unknownAccessKey', protocol);
  const { caller, secretAccessKey } = credentials;
  // Temporary keys work with their own token only, long-lived keys with none.
  if (request.headers['x-amz-security-token'] !== caller.session?.sessionToken) {
    throw commonError('unknownAccessKey', protocol);
  }
  if (!hasValidSignature(request, authorization, secretAccessKey))
    throw commonError('signatureMismatch', protocol);
  if (caller.session && now >= caller.session.expiresAt) throw commonError('expiredToken', protocol);
  return caller;
}

/** IAM's unique id of a principal (`AIDA…` users, `AROA…` roles), derived from the ARN. */
export function uniqueId(prefix: 'AIDA' | 'AROA', arn: string): string {
  return prefix + createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase();
}
