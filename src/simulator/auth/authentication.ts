import { createHash } from 'node:crypto';
import { documentsOf } from '../iam/principal-policies';
import { commonError } from '../protocol/common-errors';
import type { ProtocolName } from '../protocol/protocol';
import { partitionOfRegion } from '../world/partitions';
import type { World } from '../world/world';
import type { Caller } from './caller';
import type { Session, SessionStore } from './sessions';
import { hasValidSignature, type SignedAuthorization, type SignedRequest } from './sigv4';

/** A caller with the secret that its request must have been signed with. */
export interface Credentials {
  caller: Caller;
  secretAccessKey: string;
}

/**
 * Finds whose access key this is. Undefined for an unknown key, for one whose user or role is gone, and in every
 * partition but the key's own.
 */
export function findCredentials(
  world: World,
  sessions: SessionStore,
  { accessKeyId, region }: SignedAuthorization,
): Credentials | undefined {
  const session = sessions.get(accessKeyId);
  const found = session ? sessionCredentials(world, session) : userCredentials(world, accessKeyId);
  return found?.caller.account.partition === partitionOfRegion(region) ? found : undefined;
}

function sessionCredentials(world: World, session: Session): Credentials | undefined {
  const { arn, userId, secretAccessKey, issuerArn } = session;
  const issuer = world.principal(issuerArn);
  if (!issuer) return undefined;
  const principalArn = session.kind === 'federatedUser' ? arn : issuerArn;
  const policies = documentsOf(issuer.principal);
  return {
    caller: { account: issuer.account, arn, principalArn, userId, policies, session },
    secretAccessKey,
  };
}

function userCredentials(world: World, accessKeyId: string): Credentials | undefined {
  const found = world.userByAccessKey(accessKeyId);
  if (!found) return undefined;
  const { account, user } = found;
  const { arn, secretAccessKey } = user;
  const userId = uniqueId('AIDA', arn);
  return {
    caller: { account, arn, principalArn: arn, userId, policies: documentsOf(user) },
    secretAccessKey,
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
