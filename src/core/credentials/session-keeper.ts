import { isCollected, type Account } from '../accounts/account';
import { describeAwsError, wasServedBefore } from '../aws/aws-error';
import type { Clock, Random } from '../clock';
import { ConflictError } from '../errors';
import type { Logger } from '../logger';
import type { KeySessions } from './key-sessions';
import type { RoleSessions } from './role-sessions';
import { EXPIRY_MARGIN_MS, renewalTime, type MintReason, type SessionPurpose } from './session';
import { SessionCache, type CachedSession } from './session-cache';
import { COLLECT_ACTIONS } from './session-policy';

/** A session that could not be renewed is tried again after about so long. */
const RENEWAL_RETRY_MS = 60_000;

/** What a session is of. */
type Connection = Pick<Account, 'id' | 'connection' | 'roleArn'>;

/**
 * Sessions for each account and purpose: minted once however many ask, renewed in the background between half and three
 * quarters of their life, and kept to their end when STS is down.
 */
export class SessionKeeper {
  private readonly sessions: SessionCache;
  private readonly flights = new Map<string, Promise<CachedSession>>();

  constructor(
    private readonly options: {
      roles: RoleSessions;
      keys: KeySessions;
      /** The account as it is now; null when it is gone. */
      account: (accountId: number) => Promise<Account | null>;
      /** The IAM actions that a plugin declares. */
      actionsOfPlugin: (plugin: string) => readonly string[];
      /** Aborted when the account's credentials are dropped. */
      dropped: (accountId: number) => AbortSignal;
      /** Sessions that are kept at once. */
      capacity: number;
      clock: Clock;
      random: Random;
      log: Logger;
    },
  ) {
    this.sessions = new SessionCache(options.capacity);
  }

  /** The session at hand, or a new one. @throws what STS answers. */
  async session(account: Account, purpose: SessionPurpose): Promise<CachedSession> {
    const key = keyOf(account, purpose);
    const cached = this.sessions.get(key);
    const now = this.options.clock.now();
    if (!cached) return this.obtain(account, purpose, 'first');
    if (now >= cached.expiresAt) return this.obtain(account, purpose, 'expired');
    if (now >= cached.expiresAt - EXPIRY_MARGIN_MS) {
      return this.obtain(account, purpose, 'renewal').catch(() => cached);
    }
    if (now >= cached.refreshAt) void this.renewOne(key, cached);
    return cached;
  }

  /**
   * After a denial: a new session, asked for once, however many calls the old one was denied to. One that was asked for
   * because of a denial is replaced for a call that it has been served before, which shows that it is revoked as well;
   * for any other call it is not: the action is denied, not the session.
   */
  async another(
    account: Account,
    purpose: SessionPurpose,
    denied: CachedSession,
    error: unknown,
  ): Promise<CachedSession> {
    const key = keyOf(account, purpose);
    if (!this.sessions.isCurrent(key, denied)) return this.session(account, purpose);
    if (denied.reason === 'revoked' && !wasServedBefore(error)) throw error;
    this.sessions.delete(key);
    return this.obtain(account, purpose, 'revoked');
  }

  /** Whether a session is at hand that serves now. */
  holds(account: Account, purpose: SessionPurpose): boolean {
    const cached = this.sessions.get(keyOf(account, purpose));
    return cached !== undefined && this.options.clock.now() < cached.expiresAt;
  }

  /** Nothing that was minted for the account, or is being minted, is handed out any more. */
  forget(accountId: number): void {
    this.forgetKeys(`${accountId}|`);
  }

  /** As `forget`, of this connection of the account alone. */
  forgetConnection(account: Connection): void {
    this.forgetKeys(keyOf(account, ''));
  }

  private forgetKeys(prefix: string): void {
    for (const [key] of this.sessions.entries()) if (key.startsWith(prefix)) this.sessions.delete(key);
    for (const key of [...this.flights.keys()]) if (key.startsWith(prefix)) this.flights.delete(key);
  }

  /** Renews what is due for it, whether somebody asks or not; forgets what has ended. Never throws. */
  async renew(): Promise<void> {
    const now = this.options.clock.now();
    const due = this.sessions.entries().filter(([, { refreshAt }]) => now >= refreshAt);
    await Promise.all(due.map(([key, session]) => this.renewOne(key, session)));
  }

  private async renewOne(key: string, cached: CachedSession): Promise<void> {
    if (this.flights.has(key)) return;
    const { accountId, purpose } = cached;
    const { clock, random, log } = this.options;
    try {
      const account = await this.options.account(accountId);
      if (account && isCollected(account) && keyOf(account, purpose) === key) {
        await this.obtain(account, purpose, 'renewal');
      } else if (this.sessions.isCurrent(key, cached)) this.sessions.delete(key);
    } catch (error) {
      const now = clock.now();
      cached.refreshAt = now + RENEWAL_RETRY_MS * (0.5 + random());
      if (now >= cached.expiresAt && this.sessions.isCurrent(key, cached)) this.sessions.delete(key);
      const { code, message } = describeAwsError(error);
      const secondsLeft = Math.round((cached.expiresAt - now) / 1000);
      log.warn({ accountId, purpose, code, secondsLeft }, `Session not renewed: ${message}`);
    }
  }

  /** Single flight for each account and purpose. */
  private obtain(account: Account, purpose: SessionPurpose, reason: MintReason): Promise<CachedSession> {
    const key = keyOf(account, purpose);
    const underWay = this.flights.get(key);
    if (underWay) return underWay;
    const flight = this.mint(account, purpose, reason).then(
      (session) => {
        // A drop in between has taken this flight off the list: what it brings is not kept.
        if (this.flights.get(key) === flight) {
          this.flights.delete(key);
          this.sessions.set(key, session);
        }
        return session;
      },
      (error: unknown) => {
        if (this.flights.get(key) === flight) this.flights.delete(key);
        throw error;
      },
    );
    this.flights.set(key, flight);
    return flight;
  }

  private async mint(account: Account, purpose: SessionPurpose, reason: MintReason): Promise<CachedSession> {
    const { actionsOfPlugin, clock, dropped, keys, random, roles } = this.options;
    const signal = dropped(account.id);
    const actions =
      purpose === 'collect' ? COLLECT_ACTIONS : actionsOfPlugin(purpose.slice('discover:'.length));
    const subject = await this.current(account);
    const minting = { account: subject, purpose, actions, reason, signal };
    const minted = await (subject.connection === 'ROLE' ? roles : keys).mint(minting);
    signal.throwIfAborted();
    const refreshAt = renewalTime(clock.now(), minted.expiresAt, random);
    return { ...minted, accountId: account.id, purpose, refreshAt, reason, served: new Set() };
  }

  /** With its external IDs of this moment: a rotation may have gone on since the caller read the account. */
  private async current(account: Account): Promise<Account> {
    const now = await this.options.account(account.id);
    if (!now) throw new ConflictError('RC_ACCOUNT_STATE', 'The account has been removed');
    const isSame = now.connection === account.connection && now.roleArn === account.roleArn;
    return isSame ? now : account;
  }
}

/** A run that still holds the account as it was before a reconnection finds no session of the new role, nor the reverse. */
function keyOf({ id, connection, roleArn }: Connection, purpose: SessionPurpose | ''): string {
  return [id, connection, roleArn, purpose].join('|');
}
