import type { Session } from '../auth/sessions';
import type { ResultTree } from '../protocol/protocol';

/** The part of an answer that hands out a session; `packedSize` in percent, left out without a session policy. */
export function sessionElements(session: Session, packedSize: number | undefined): ResultTree {
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: new Date(session.expiresAt),
    },
    PackedPolicySize: packedSize,
  };
}
