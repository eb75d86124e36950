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
  /** Aborted when the account's credentials are dropped. */
  signal: AbortSignal;
}

interface CachedSession extends Session {
  obtainedAt: number;
  /** Infinity for access keys. */
  expiresAt: number;
  refreshAt: number;
  /** A revocation is answered by one new session in the life of the old one, no more. */
  reassumed: boolean;
}

/** One hour: role chaining allows no more, and an ended trust outlives its sessions no longer. */
const SESSION_SECONDS = 3600;
/** An answer that is under way when the session ends would fail: it is not handed out in its last minute. */
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
   * @throws what STS or `work` threw.
   */
  async use<T>(
    account: Account,
    purpose: SessionPurpose,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const session = await this.session(account, purpose);
    try {
      return await work(session);
    } catch (error) {
      const { fault, code } = describeAwsError(error);
      const mayBeRevoked =
        (fault === 'denied' && code !== 'ActionNotAllowed') || fault === 'expired' || fault === 'credentials';
      const current = this.sessions.get(keyOf(account, purpose));
      if (!mayBeRevoked || account.connection !== 'ROLE' || session.signal.aborted) throw error;
      if (current === session && session.reassumed) throw error;
      if (current === session) this.sessions.delete(keyOf(account, purpose));
      const fresh = await this.session(account, purpose);
      fresh.reassumed = true;
      return work(fresh);
    }
  }

  /** Whether a session is at hand that serves now. */
  holds(account: Account, purpose: SessionPurpose): boolean {
    const cached = this.sessions.get(keyOf(account, purpose));
    return cached !== undefined && this.options.clock.now() < cached.expiresAt - EXPIRY_MARGIN_MS;
  }

  /** Forgets every credential of the account; sessions in use are aborted. */
  drop(accountId: number): void {
    this.drops.get(accountId)?.abort(new Error('The credentials of the account were dropped'));
    this.drops.delete(accountId);
    for (const key of [...this.sessions.keys(), ...this.flights.keys()]) {
      if (!key.startsWith(`${accountId}|`)) continue;
      this.sessions.delete(key);
      this.flights.delete(key);
    }
  }

  private async session(account: Account, purpose: SessionPurpose): Promise<CachedSession> {
    const cached = this.sessions.get(keyOf(account, purpose));
    const now = this.options.clock.now();
    if (!cached || now >= cached.expiresAt - EXPIRY_MARGIN_MS) return this.obtain(account, purpose);
    if (now >= cached.refreshAt) this.refresh(account, purpose, cached);
    return cached;
  }

  /** In the background; a failure leaves the old session, and the next ask tries again. */
  private refresh(account: Account, purpose: SessionPurpose, cached: CachedSession): void {
    this.obtain(account, purpose).catch((error) => {
      const { code, message } = describeAwsError(error);
      const secondsLeft = Math.round((cached.expiresAt - this.options.clock.now()) / 1000);
      this.options.log.warn(
        { accountId: account.id, purpose, code, secondsLeft },
        `Session not renewed, the old one serves on: ${message}`,
      );
    });
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
      (error) => {
        if (this.flights.get(key) === flight) this.flights.delete(key);
        throw error;
      },
    );
    this.flights.set(key, flight);
    return flight;
  }

  private async mint(account: Account, purpose: SessionPurpose): Promise<CachedSession> {
    const actions = this.actionsFor(purpose);
    const signal = this.dropSignal(account.id);
    const minted =
      account.connection === 'ROLE'
        ? await this.assumeRole(account, purpose, actions)
        : { credentials: await this.options.accessKey(account), expiresAt: Infinity };
    signal.throwIfAborted();
    const obtainedAt = this.options.clock.now();
    const life = minted.expiresAt - obtainedAt;
    return {
      ...minted,
      allowedActions: new Set(actions),
      signal,
      obtainedAt,
      refreshAt: life === Infinity ? Infinity : obtainedAt + life * (0.5 + 0.25 * this.options.random()),
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

  private actionsFor(purpose: SessionPurpose): readonly string[] {
    return purpose === 'collect'
      ? COLLECT_ACTIONS
      : this.options.actionsOfPlugin(purpose.slice('discover:'.length));
  }

  private dropSignal(accountId: number): AbortSignal {
    let controller = this.drops.get(accountId);
    if (!controller) this.drops.set(accountId, (controller = new AbortController()));
    return controller.signal;
  }
}

/** What an auditor reads in the customer's CloudTrail: `rolecall-discover-ec2-account-7`. STS allows 64 characters. */
export function sessionName(purpose: SessionPurpose | 'verify', accountId: number): string {
  return `rolecall-${purpose.replace(':', '-')}-account-${accountId}`.slice(0, 64);
}

function keyOf(account: Account, purpose: SessionPurpose): string {
  return `${account.id}|${purpose}`;
}
