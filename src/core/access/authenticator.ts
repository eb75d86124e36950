import type { Viewer } from './viewer';

/** Why nobody was let in. For the log, the audit and the throttle: the caller hears UNAUTHENTICATED and no more. */
export type RefusalReason =
  /** There was no credential. */
  | 'MISSING'
  /** In the form of our tokens with a wrong checksum. The database was not asked. */
  | 'MISTYPED'
  /** No token that is known here. */
  | 'UNKNOWN'
  | 'EXPIRED'
  | 'REVOKED'
  /** A JWT that was not signed, or not for us, by an issuer that is configured. */
  | 'JWT_INVALID'
  /** The keys of its issuer cannot be had now. */
  | 'ISSUER_UNREACHABLE'
  /** A good JWT that the configuration gives no role or tenant. */
  | 'UNMAPPED'
  /** Asked too often: the credential was not looked at. */
  | 'THROTTLED';

/** A sign-in that failed. */
export interface Refusal {
  refused: RefusalReason;
  /** The tenant of the token that was recognized; null: nobody's. */
  tenantId: number | null;
  /** What may be told of the credential: a token's prefix, or issuer and subject of a JWT whose signature is good. */
  presented: string | null;
  /** Of THROTTLED: when it may be tried again. */
  retryAfterSeconds?: number;
}

export type SignIn = { viewer: Viewer } | Refusal;

/** Where a credential came from. */
export interface SignInSource {
  /** The client's IP address. */
  address: string;
}

/** The one way in, for every transport. */
export interface Authenticator {
  /** Who presents this credential: the text after `Bearer`, null without one. Never rejects for what the caller sent. */
  authenticate(credential: string | null, from: SignInSource): Promise<SignIn>;
}

export function refusal(refused: RefusalReason, known: Partial<Omit<Refusal, 'refused'>> = {}): Refusal {
  return { refused, tenantId: known.tenantId ?? null, presented: known.presented ?? null };
}
