import type { CallsOf } from '../cost/usage-book';
import { externalIdIn, fallbackExternalId, type Account } from '../accounts/account';
import { describeAwsError } from '../aws/aws-error';
import type { AssumedRole, Sts } from '../aws/sts';
import type { Clock } from '../clock';
import type { PolicySplits } from './policy-splits';
import { Refusals } from './refusals';
import { SESSION_SECONDS, type MintedSession, type MintRequest } from './session';
import type { SessionAudit } from './session-audit';
import { sessionName } from './session-name';

/** An external ID that may open a role now. */
interface Key {
  kind: 'ACTIVE' | 'FALLBACK';
  value: string;
}

/** Mints sessions of customers' roles: each with a session policy of exactly its purpose's actions, each audited. */
export class RoleSessions {
  private readonly refusals: Refusals;

  constructor(
    private readonly options: {
      sts: Pick<Sts, 'assumeRole'>;
      sessionAudit: SessionAudit;
      splits: PolicySplits;
      /** Counts what STS is asked for an account. */
      calls?: CallsOf;
      clock: Clock;
    },
  ) {
    this.refusals = new Refusals(options.clock);
  }

  /** Asks a role that refused again at once, whatever the back-off says. */
  forget(accountId: number): void {
    this.refusals.forget(accountId);
  }

  /** @throws what STS answers, or answered when it was asked last; AwsCallFailedError for the gateway's own trouble. */
  async mint(request: MintRequest): Promise<MintedSession> {
    const { account, actions } = request;
    this.refusals.check(account);
    let keys = keysOf(account);
    try {
      const minted = await this.options.splits.mint(actions, async ({ policy }) => {
        const { assumed, key } = await this.assume(request, policy, keys);
        keys = [key];
        return assumed;
      });
      this.refusals.forget(account.id);
      return minted;
    } catch (error) {
      if (describeAwsError(error).fault === 'denied') this.refusals.add(account, error);
      throw error;
    }
  }

  /** With the ACTIVE external ID; where STS refuses that, once with the one before, while it may still open the role. */
  private async assume(
    request: MintRequest,
    policy: string,
    [key, ...others]: readonly Key[],
  ): Promise<{ assumed: AssumedRole; key: Key }> {
    try {
      return { assumed: await this.assumeWith(request, policy, key!), key: key! };
    } catch (error) {
      if (others.length === 0 || describeAwsError(error).fault !== 'denied') throw error;
      return this.assume(request, policy, others);
    }
  }

  private assumeWith(
    { account, purpose, reason, signal }: MintRequest,
    policy: string,
    { kind, value }: Key,
  ): Promise<AssumedRole> {
    const { sts, sessionAudit } = this.options;
    const request = {
      tenantId: account.tenantId,
      partition: account.partition,
      roleArn: account.roleArn!,
      externalId: value,
      sessionName: sessionName(purpose, account.id),
      policy,
      durationSeconds: SESSION_SECONDS,
      calls: this.options.calls?.(account),
    };
    const asked = { accountId: account.id, externalId: kind, purpose, why: reason };
    return sessionAudit.ask(request, asked, (...ask) => sts.assumeRole(...ask), signal);
  }
}

/** A PENDING one is for the rotation to try, never for collection. */
function keysOf(account: Account): Key[] {
  const fallback = fallbackExternalId(account);
  return [
    { kind: 'ACTIVE', value: externalIdIn(account, 'ACTIVE')!.value },
    ...(fallback ? [{ kind: 'FALLBACK' as const, value: fallback.value }] : []),
  ];
}
