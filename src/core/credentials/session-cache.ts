import type { MintedSession, MintReason, SessionPurpose } from './session';

export interface CachedSession extends MintedSession {
  accountId: number;
  purpose: SessionPurpose;
  refreshAt: number;
  reason: MintReason;
  /** The calls that AWS has served it, as ClientScope says. */
  served: Set<string>;
}

/** The sessions at hand, in memory only. Beyond the capacity the one that was not asked for the longest goes. */
export class SessionCache {
  /** The least recently asked for first. */
  private readonly sessions = new Map<string, CachedSession>();

  constructor(private readonly capacity: number) {}

  get(key: string): CachedSession | undefined {
    const session = this.sessions.get(key);
    if (session) {
      this.sessions.delete(key);
      this.sessions.set(key, session);
    }
    return session;
  }

  /** Whether this very session is the one at hand. */
  isCurrent(key: string, session: CachedSession): boolean {
    return this.sessions.get(key) === session;
  }

  set(key: string, session: CachedSession): void {
    this.sessions.delete(key);
    this.sessions.set(key, session);
    if (this.sessions.size > this.capacity) this.sessions.delete(this.sessions.keys().next().value!);
  }

  delete(key: string): void {
    this.sessions.delete(key);
  }

  entries(): [string, CachedSession][] {
    return [...this.sessions];
  }
}
