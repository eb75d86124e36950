import { linkedSignal, manyListened, untilAborted } from '../abort';
import type { Account } from '../accounts/account';
import type { AwsClients, AwsCredentials } from '../aws/aws-clients';
import { describeAwsError } from '../aws/aws-error';
import type { CallLimits } from '../aws/call-limits';
import type { Sts } from '../aws/sts';
import type { Clock, Random } from '../clock';
import type { CallsOf } from '../cost/usage-book';
import { ConflictError } from '../errors';
import type { Logger } from '../logger';
import { KeySessions } from './key-sessions';
import { PolicySplits } from './policy-splits';
import { RoleSessions } from './role-sessions';
import type { Session, SessionPurpose } from './session';
import type { SessionAudit } from './session-audit';
import type { CachedSession } from './session-cache';
import { SessionKeeper } from './session-keeper';

/**
 * The one place that holds credentials of customers' accounts, in memory only. It lends them to work, as clients that
 * sign with them, and takes them back: work with dropped credentials is cut off.
 */
export class CredentialBroker {
  private readonly keeper: SessionKeeper;
  private readonly drops = new Map<number, AbortController>();
  private readonly roles: RoleSessions;
  private readonly keys: KeySessions;

  constructor(
    private readonly options: {
      sts: Pick<Sts, 'assumeRole' | 'getFederationToken'>;
      clients: Pick<AwsClients, 'createSplit'>;
      limits?: CallLimits;
      /** The opened access key of an access-key account. */
      accessKey: (account: Account) => Promise<AwsCredentials>;
      /** The account as it is now; null when it is gone. */
      account: (accountId: number) => Promise<Account | null>;
      /** The IAM actions that a plugin declares. */
      actionsOfPlugin: (plugin: string) => readonly string[];
      /** Sessions that are kept at once. */
      capacity: number;
      sessionAudit: SessionAudit;
      /** Counts what STS is asked for an account. */
      calls?: CallsOf;
      clock: Clock;
      random: Random;
      log: Logger;
    },
  ) {
    const splits = new PolicySplits(options.log);
    this.roles = new RoleSessions({ ...options, splits });
    this.keys = new KeySessions({ ...options, splits });
    const { roles, keys } = this;
    this.keeper = new SessionKeeper({ ...options, roles, keys, dropped: (id) => this.dropped(id) });
  }

  /**
   * Runs `work` with a session. When AWS denies or expires the session as a whole may be revoked: it is assumed anew,
   * unless it is the action that is denied, and `work` runs again.
   * @throws what STS or `work` threw, or the signal's reason.
   */
  async use<T>(
    account: Account,
    purpose: SessionPurpose,
    signal: AbortSignal,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const ended = new AbortController();
    const stop = linkedSignal([signal, this.dropped(account.id), ended.signal]);
    const lend = (session: CachedSession) => work(this.lent(account.id, session, stop.signal));
    try {
      stop.signal.throwIfAborted();
      const session = await untilAborted(this.keeper.session(account, purpose), stop.signal);
      try {
        return await lend(session);
      } catch (error) {
        if (stop.signal.aborted || account.connection !== 'ROLE' || !mayBeRevoked(error)) throw error;
        return await lend(
          await untilAborted(this.keeper.another(account, purpose, session, error), stop.signal),
        );
      }
    } finally {
      // Whatever work has left behind calls no more.
      ended.abort();
      stop.release();
    }
  }

  /** Whether a session is at hand that serves now. */
  holds(account: Account, purpose: SessionPurpose): boolean {
    return this.keeper.holds(account, purpose);
  }

  /** Aborted by the next `drop` of the account: whoever works with its credentials must stop. */
  dropped(accountId: number): AbortSignal {
    let controller = this.drops.get(accountId);
    if (!controller) this.drops.set(accountId, (controller = manyListened()));
    return controller.signal;
  }

  /** Forgets every credential of the account, and every refusal; no call with them leaves any more. */
  drop(accountId: number): void {
    const reason = new ConflictError('RC_ACCOUNT_STATE', 'The credentials of the account were dropped');
    this.drops.get(accountId)?.abort(reason);
    this.drops.delete(accountId);
    this.keeper.forget(accountId);
    this.roles.forget(accountId);
    this.keys.forget(accountId);
  }

  /** Forgets the sessions of one connection, such as a role that was tried; work with others goes on. */
  forget(account: Pick<Account, 'id' | 'connection' | 'roleArn'>): void {
    this.keeper.forgetConnection(account);
  }

  /** Renews what is due for it, whether somebody asks or not; forgets what has ended. Never throws. */
  renew(): Promise<void> {
    return this.keeper.renew();
  }

  private lent(accountId: number, { parts, served }: CachedSession, signal: AbortSignal): Session {
    const { clients, limits } = this.options;
    const shared = { signal, served, accountId, ...(limits && { limits }) };
    return {
      signal,
      client: (constructor, scope) => clients.createSplit(constructor, parts, { ...scope, ...shared }),
    };
  }
}

/** A denial may be of the one action or of the whole session: AWS says AccessDenied in both cases. */
function mayBeRevoked(error: unknown): boolean {
  const { fault, code } = describeAwsError(error);
  return (
    (fault === 'denied' && code !== 'ActionNotAllowed') || fault === 'expired' || fault === 'credentials'
  );
}
