import type { AwsClientConstructor } from '../../plugins/contract';
import type { Account } from '../accounts/account';
import type { ScopedCredentials } from '../aws/aws-clients';
import type { CallCounter } from '../aws/call-counter';

/** What a session is minted for: discovery by one plugin, or the packed collection of metrics. */
export type SessionPurpose = 'collect' | `discover:${string}`;

/** What STS is asked for at all: for proofs and as the gateway's own role, too. */
export type AskedPurpose = SessionPurpose | 'verify' | 'gateway';

/** Why credentials are asked for, as the audit log says. */
export type MintReason = 'first' | 'renewal' | 'revoked' | 'expired';

/** What work gets to call AWS with. It never sees the credentials. */
export interface Session {
  /** Aborted with the signal that the work was begun with, when the credentials are dropped, and once the work has ended. */
  signal: AbortSignal;
  /** An SDK client whose every call is signed by the session that allows its action, and ends with `signal`. */
  client<Client>(
    constructor: AwsClientConstructor<Client>,
    scope: { region: string; calls?: CallCounter },
  ): Client;
}

export interface MintRequest {
  account: Account;
  purpose: SessionPurpose;
  /** What the session must allow, no less and no more. */
  actions: readonly string[];
  reason: MintReason;
  /** Aborted when the account's credentials are dropped. */
  signal: AbortSignal;
}

export interface MintedSession {
  /** Usually one; several where the actions do not fit one session policy. */
  parts: readonly ScopedCredentials[];
  /** When the first of them ends, epoch ms. */
  expiresAt: number;
}

/** One hour: role chaining allows no more, and an ended trust outlives its sessions no longer. */
export const SESSION_SECONDS = 3600;

/** A call that is under way when the session ends would fail: in its last minute a new one is asked for first. */
export const EXPIRY_MARGIN_MS = 60_000;

/** When a session is renewed, ahead of need: between half and three quarters of its life, so that renewals spread. */
export function renewalTime(now: number, expiresAt: number, random: () => number): number {
  return now + (expiresAt - now) * (0.5 + 0.25 * random());
}
