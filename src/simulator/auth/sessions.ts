import { randomBytes } from 'node:crypto';
import type { PolicyDocument } from '../iam/policy-document';

/** Temporary credentials of an assumed role or of a user. Instants are milliseconds since the epoch, by the simulator's clock. */
export interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** Who made it: AssumeRole or GetFederationToken. */
  kind: 'assumedRole' | 'federatedUser';
  accountId: string;
  /** The role, or the user, whose permissions the session shares. */
  issuerArn: string;
  /** As GetCallerIdentity tells it: `arn:…:sts::<account>:assumed-role/<role name>/<session name>` or `…:federated-user/<name>`. */
  arn: string;
  userId: string;
  sessionName: string;
  policy?: PolicyDocument;
  issuedAt: number;
  expiresAt: number;
}

/** What a new session is made of; the keys are made by the store. */
type NewSession = Omit<Session, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;

/** Ended sessions are kept this long, so that their keys answer "expired" rather than "unknown". */
const keepEndedMs = 24 * 3_600_000;
const sweepEvery = 1_000;

/** All sessions that STS has handed out, in memory. */
export class SessionStore {
  private readonly sessions = new Map<string, Session>();
  private created = 0;

  /** A new session with keys of its own. */
  create(input: NewSession): Session {
    if (++this.created % sweepEvery === 0) this.sweep(input.issuedAt - keepEndedMs);
    const session: Session = {
      ...input,
      accessKeyId: randomKeyId('ASIA'),
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(192).toString('base64'),
    };
    this.sessions.set(session.accessKeyId, session);
    return session;
  }

  /** The session of an access key, ended or not. */
  get(accessKeyId: string): Session | undefined {
    return this.sessions.get(accessKeyId);
  }

  /** Ends all sessions of an account (of all accounts when none is named) at `now`. */
  expireAll(now: number, accountId?: string): void {
    for (const session of this.sessions.values()) {
      if (accountId === undefined || session.accountId === accountId) {
        session.expiresAt = Math.min(session.expiresAt, now);
      }
    }
  }

  private sweep(before: number): void {
    for (const [key, session] of this.sessions) if (session.expiresAt < before) this.sessions.delete(key);
  }
}

/** A random access key id: the four-letter prefix and sixteen base-32 characters. */
export function randomKeyId(prefix: 'AKIA' | 'ASIA'): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + [...randomBytes(16)].map((byte) => alphabet[byte % 32]).join('');
}
