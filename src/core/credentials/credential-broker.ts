import { untilAborted } from '../abort';
import type { Account } from '../accounts/account';
import { externalIdIn } from '../accounts/account';
import type { AwsCredentials } from '../aws/aws-clients';
import { describeAwsError } from '../aws/aws-error';
import type { Sts } from '../aws/sts';
import type { Clock, Random } from '../clock';
import type { Logger } from '../logger';
import { COLLECT_ACTIONS, sessionPolicy } from './session-policy';

/** What a session is minted for: discovery by one plugin, or the packed collection of metrics. */
export type SessionPurpose = 'collect' | `discover:${string}`;

/** Credentials for one account and purpose. */
export interface Session {
  credentials: AwsCredentials;
  /** What may be called with it: the session policy, and the allow-list before the client. */
  allowedActions: ReadonlySet<string>;
}

interface CachedSession extends Session {
  accountId: number;
  purpose: SessionPurpose;
  /** Epoch ms; Infinity for access keys. */
  expiresAt: number;
  refreshAt: number;
  /** A revocation is answered by one new session in the life of the old one, no more. */
  reassumed: boolean;
}

/** One hour: role chaining allows no more, and an ended trust outlives its sessions no longer. */
const SESSION_SECONDS = 3600;
/** A call that is under way when the session ends would fail: in its last minute a new one is asked for first. */
const EXPIRY_MARGIN_MS = 60_000;

/**
 * The one place that holds credentials of customers' accounts, in memory only. One session for each account and
 * purpose; concurrent asks share one AssumeRole; a session is renewed in the background between half and three
 * quarters of its life, and serves until it ends when STS is down.
 */
export class CredentialBroker {
  private readonly sessions = new Map<string, CachedSession>();
  private readonly flights = new Map<string, Promise<CachedSession>>();
  private readonly drops = new Map<number, AbortController>();

  constructor(
    private readonly options: {
      sts: Sts;
      /** The opened access key of an access-key account. */
      accessKey: (account: Account) => Promise<AwsCredentials>;
      /** The account as it is now, for renewals; null when it is not collected any more. */
      account: (accountId: number) => Promise<Account | null>;
      /** The IAM actions that a plugin declares. */
      actionsOfPlugin: (plugin: string) => readonly string[];
      clock: Clock;
      random: Random;
      log: Logger;
    },
  ) {}

  /**
   * Runs `work` with a session. When AWS denies or expires the session as a whole may be revoked: it is assumed anew,
   * once in its life, and `work` runs again.
   * @throws what STS or `work` threw, or the signal's reason.
   */
  async use<T>(
    account: Account,
    purpose: SessionPurpose,
    signal: AbortSignal,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const session = await untilAborted(this.session(account, purpose), signal);
    try {
      return await work(session);
    } catch (error) {
      const key = keyOf(account, purpose);
      const isCurrent = this.sessions.get(key) === session;
      if (signal.aborted || account.connection !== 'ROLE' || !mayBeRevoked(error)) throw error;
      if (isCurrent && session.reassumed) throw error;
      if (isCurrent) this.sessions.delete(key);
      const fresh = await untilAborted(this.session(account, purpose), signal);
      fresh.reassumed = true;
      return work(fresh);
    }
  }

  /** Whether a session is at hand that serves now. */
  holds(account: Account, purpose: SessionPurpose): boolean {
    const cached = this.sessions.get(keyOf(account, purpose));
    return cached !== undefined && this.options.clock.now() < cached.expiresAt;
  }

  /** Aborted by the next `drop` of the account: whoever works with its credentials must stop. */
  dropped(accountId: number): AbortSignal {
    let controller = this.drops.get(accountId);
    if (!controller) this.drops.set(accountId, (controller = new AbortController()));
    return controller.signal;
  }

  /** Forgets every credential of the account; work with them is aborted. */
  drop(accountId: number): void {
    this.drops.get(accountId)?.abort(new Error('The credentials of the account were dropped'));
    this.drops.delete(accountId);
    for (const keys of [this.sessions, this.flights]) {
      for (const key of [...keys.keys()]) if (key.startsWith(`${accountId}|`)) keys.delete(key);
    }
  }

  /** Renews what is due for it, whether somebody asks or not; forgets what has ended. Never throws. */
  async renew(): Promise<void> {
    const now = this.options.clock.now();
    const due = [...this.sessions].filter(
      ([key, { refreshAt }]) => now >= refreshAt && !this.flights.has(key),
    );
    await Promise.all(due.map(([key, session]) => this.renewOne(key, session)));
  }

  private async renewOne(key: string, cached: CachedSession): Promise<void> {
    try {
      const account = await this.options.account(cached.accountId);
      if (account && keyOf(account, cached.purpose) === key) await this.obtain(account, cached.purpose);
      else this.sessions.delete(key);
    } catch (error) {
      const { code, message } = describeAwsError(error);
      const { accountId, purpose } = cached;
      const secondsLeft = Math.round((cached.expiresAt - this.options.clock.now()) / 1000);
      if (secondsLeft <= 0 && this.sessions.get(key) === cached) this.sessions.delete(key);
      this.options.log.warn({ accountId, purpose, code, secondsLeft }, `Session not renewed: ${message}`);
    }
  }

  private async session(account: Account, purpose: SessionPurpose): Promise<CachedSession> {
    const cached = this.sessions.get(keyOf(account, purpose));
    const now = this.options.clock.now();
    if (cached && now < cached.expiresAt - EXPIRY_MARGIN_MS) {
      if (now >= cached.refreshAt) void this.renew();
      return cached;
    }
    if (!cached || now >= cached.expiresAt) return this.obtain(account, purpose);
    return this.obtain(account, purpose).catch(() => cached);
  }

  /** Single flight for each account and purpose. */
  private obtain(account: Account, purpose: SessionPurpose): Promise<CachedSession> {
    const key = keyOf(account, purpose);
    const underWay = this.flights.get(key);
    if (underWay) return underWay;
    const flight = this.mint(account, purpose).then(
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

  private async mint(account: Account, purpose: SessionPurpose): Promise<CachedSession> {
    const actions =
      purpose === 'collect'
        ? COLLECT_ACTIONS
        : this.options.actionsOfPlugin(purpose.slice('discover:'.length));
    const dropped = this.dropped(account.id);
    const minted =
      account.connection === 'ROLE'
        ? await this.assumeRole(account, purpose, actions)
        : { credentials: await this.options.accessKey(account), expiresAt: Infinity };
    dropped.throwIfAborted();
    const now = this.options.clock.now();
    const life = minted.expiresAt - now;
    return {
      ...minted,
      accountId: account.id,
      purpose,
      allowedActions: new Set(actions),
      refreshAt: life === Infinity ? Infinity : now + life * (0.5 + 0.25 * this.options.random()),
      reassumed: false,
    };
  }

  private assumeRole(account: Account, purpose: SessionPurpose, actions: readonly string[]) {
    return this.options.sts.assumeRole({
      partition: account.partition,
      roleArn: account.roleArn!,
      externalId: externalIdIn(account, 'ACTIVE')!.value,
      sessionName: sessionName(purpose, account.id),
      policy: sessionPolicy(actions),
      durationSeconds: SESSION_SECONDS,
    });
  }
}

/** A denial may be of the one action or of the whole session: AWS says AccessDenied in both cases. */
function mayBeRevoked(error: unknown): boolean {
  const { fault, code } = describeAwsError(error);
  return (
    (fault === 'denied' && code !== 'ActionNotAllowed') || fault === 'expired' || fault === 'credentials'
  );
}

/** What an auditor reads in the customer's CloudTrail: `rolecall-discover-ec2-account-7`. STS allows 64 characters. */
export function sessionName(purpose: SessionPurpose | 'verify', accountId: number): string {
  return `rolecall-${purpose.replace(':', '-')}-account-${accountId}`.slice(0, 64);
}

/** A run that still holds the account as it was before a reconnection finds no session of the new role, nor the reverse. */
function keyOf({ id, connection, roleArn }: Account, purpose: SessionPurpose): string {
  return [id, connection, roleArn, purpose].join('|');
}
