import type { Account } from '../accounts/account';
import type { AwsCredentials } from '../aws/aws-clients';
import { describeAwsError } from '../aws/aws-error';
import type { AssumedRole, Sts } from '../aws/sts';
import type { Clock } from '../clock';
import type { CallsOf } from '../cost/usage-book';
import type { Logger } from '../logger';
import type { PolicySplits } from './policy-splits';
import { SESSION_SECONDS, type MintedSession, type MintRequest } from './session';
import type { SessionAudit } from './session-audit';
import { sessionName } from './session-name';

/** A user that may not call GetFederationToken is not asked again for so long. */
const DENIED_MS = 3_600_000;
/** AWS serves no call of these services to a federated user, whatever its policies say (IAM user guide, "Request credentials"). */
const NOT_FEDERATED = /^(iam|sts):/;

/**
 * Mints sessions of stored access keys: by GetFederationToken, narrowed as a role's are. Where the user may not call that,
 * the key itself serves behind the list of allowed calls, and the log warns of it.
 */
export class KeySessions {
  /** By account, until when its user need not be asked. */
  private readonly deniedUntil = new Map<number, number>();

  constructor(
    private readonly options: {
      sts: Pick<Sts, 'getFederationToken'>;
      /** The opened access key of an account. */
      accessKey: (account: Account) => Promise<AwsCredentials>;
      sessionAudit: SessionAudit;
      splits: PolicySplits;
      /** Counts what STS is asked for an account. */
      calls?: CallsOf;
      clock: Clock;
      log: Logger;
    },
  ) {}

  /** Another key may be stored now. */
  forget(accountId: number): void {
    this.deniedUntil.delete(accountId);
  }

  /** @throws what STS answers, except that the user may not ask; ConflictError when the key cannot be opened. */
  async mint(request: MintRequest): Promise<MintedSession> {
    const { account, actions } = request;
    const { clock } = this.options;
    const key = await this.options.accessKey(account);
    const whole = { credentials: key, allowedActions: new Set(actions) };
    const withKeyAlone = { parts: [whole], expiresAt: clock.now() + SESSION_SECONDS * 1000 };
    const federated = actions.filter((action) => !NOT_FEDERATED.test(action));
    if (federated.length === 0 || clock.now() < (this.deniedUntil.get(account.id) ?? 0)) return withKeyAlone;
    try {
      return await this.federate(request, key, federated);
    } catch (error) {
      if (describeAwsError(error).fault !== 'denied') throw error;
      this.deniedUntil.set(account.id, clock.now() + DENIED_MS);
      const fields = { accountId: account.id, code: 'KEY_NOT_NARROWED' };
      this.options.log.warn(
        fields,
        'The user may not call sts:GetFederationToken: its access key is used as it is',
      );
      return withKeyAlone;
    }
  }

  private async federate(
    request: MintRequest,
    key: AwsCredentials,
    federated: readonly string[],
  ): Promise<MintedSession> {
    const { parts, expiresAt } = await this.options.splits.mint(federated, ({ policy }) =>
      this.ask(request, key, policy),
    );
    const others = request.actions.filter((action) => NOT_FEDERATED.test(action));
    if (others.length === 0) return { parts, expiresAt };
    return { parts: [...parts, { credentials: key, allowedActions: new Set(others) }], expiresAt };
  }

  private ask(
    { account, purpose, reason, signal }: MintRequest,
    key: AwsCredentials,
    policy: string,
  ): Promise<AssumedRole> {
    const { sts, sessionAudit } = this.options;
    const request = {
      tenantId: account.tenantId,
      partition: account.partition,
      credentials: key,
      name: sessionName(purpose, account.id),
      policy,
      durationSeconds: SESSION_SECONDS,
      calls: this.options.calls?.(account),
    };
    const asked = { accountId: account.id, externalId: null, purpose, why: reason };
    return sessionAudit.ask(request, asked, (...ask) => sts.getFederationToken(...ask), signal);
  }
}
