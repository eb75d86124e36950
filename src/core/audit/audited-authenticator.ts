import { addressKey } from '../access/address-key';
import type { Authenticator, Refusal, SignIn, SignInSource } from '../access/authenticator';
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import { UNKNOWN_ACTOR, type AuditTrail } from './audit-trail';

/** As many addresses are told apart in a minute: a flood from everywhere must not fill the disk either. */
const MAX_ADDRESSES = 50;
/** And as many credentials of one address. */
const MAX_PRESENTED = 10;
const THE_OTHERS = 'others';

/** What came from one address, for one tenant, since it was written down last. */
interface Failures {
  /** Null: the credential was nobody's. */
  tenantId: number | null;
  /** An IPv6 address as its /64. */
  address: string;
  /** Epoch ms. */
  since: number;
  count: number;
  /** How often each. */
  reasons: Record<string, number>;
  presented: string[];
}

/**
 * The one place where a sign-in fails, for every transport: each failure goes to the audit log, those of one address
 * together with each `flush`. Never the credential itself.
 */
export class AuditedAuthenticator implements Authenticator {
  private readonly pending = new Map<string, Failures>();

  constructor(
    private readonly options: {
      authenticator: Authenticator;
      audit: AuditTrail;
      /** Its log tells of credentials that are nobody's. */
      rootTenant: () => Promise<{ id: number } | null>;
      clock: Pick<Clock, 'now'>;
      log: Pick<Logger, 'error'>;
    },
  ) {}

  async authenticate(credential: string | null, from: SignInSource): Promise<SignIn> {
    const answer = await this.options.authenticator.authenticate(credential, from);
    // Who shows no credential has not tried to sign in.
    if ('refused' in answer && answer.refused !== 'MISSING') this.add(this.failure(answer, from));
    return answer;
  }

  /** Writes down what came since the last time. Never rejects: what cannot be written waits for the next time. */
  async flush(): Promise<void> {
    const { audit, rootTenant, log } = this.options;
    const failures = [...this.pending.values()];
    this.pending.clear();
    for (const { tenantId, since, ...detail } of failures) {
      try {
        const owner = tenantId ?? (await rootTenant())?.id;
        if (owner === undefined) throw new Error('There is no root tenant yet');
        await audit.record({
          tenantId: owner,
          actor: detail.presented.length === 1 ? detail.presented[0] : UNKNOWN_ACTOR,
          action: 'signin.failed',
          detail: { ...detail, since: new Date(since).toISOString() },
        });
      } catch (error) {
        this.add({ tenantId, since, ...detail });
        log.error({ err: error }, 'Failed sign-ins could not be audited; the next minute tries again');
      }
    }
  }

  private failure({ refused, tenantId, presented }: Refusal, { address }: SignInSource): Failures {
    return {
      tenantId,
      address: addressKey(address),
      since: this.options.clock.now(),
      count: 1,
      reasons: { [refused]: 1 },
      presented: presented === null ? [] : [presented],
    };
  }

  private add(failures: Failures): void {
    const { tenantId, since, count, reasons, presented } = failures;
    const isNew = !this.pending.has(keyOf(failures));
    const address = isNew && this.pending.size >= MAX_ADDRESSES ? THE_OTHERS : failures.address;
    const key = keyOf({ tenantId, address });
    const before = this.pending.get(key);
    if (!before) {
      this.pending.set(key, { ...failures, address });
      return;
    }
    // What could not be written comes back after what is younger.
    before.since = Math.min(before.since, since);
    before.count += count;
    for (const [reason, times] of Object.entries(reasons)) {
      before.reasons[reason] = (before.reasons[reason] ?? 0) + times;
    }
    before.presented = [...new Set([...before.presented, ...presented])].slice(0, MAX_PRESENTED);
  }
}

function keyOf({ tenantId, address }: Pick<Failures, 'tenantId' | 'address'>): string {
  return `${tenantId}|${address}`;
}
