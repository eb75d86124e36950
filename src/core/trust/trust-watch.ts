import { linkedSignal, manyListened } from '../abort';
import { parseRoleArn } from '../aws/arn';
import type { AccessKeyVault } from '../accounts/access-key-vault';
import { validWaiver, type Account, type Verification } from '../accounts/account';
import type { AccountLifecycle } from '../accounts/account-lifecycle';
import type { AccountRepository, OwnedAccount } from '../accounts/account-repository';
import { failuresIn, proofEvent, standingAfter } from '../accounts/account-transitions';
import type { ExternalIdRepository } from '../accounts/external-id-repository';
import { GATEWAY_ACTOR, type AuditRecord } from '../audit/audit-trail';
import { describeAwsError } from '../aws/aws-error';
import type { Clock } from '../clock';
import type { Budget } from '../cost/budget';
import { AwsCallFailedError, ConflictError } from '../errors';
import { FairLimit } from '../fair-limit';
import type { Bus } from '../live/bus';
import type { Logger } from '../logger';
import type { AccessKeyVerifier } from './access-key-verifier';
import type { ExternalIdRotation } from './external-id-rotation';
import type { RoleVerifier } from './role-verifier';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** IAM spreads a change within minutes: the first proof may have met a role as it was a moment ago. */
export const SECOND_PROOF_MS = 5 * MINUTE_MS;
export const PROOF_INTERVAL_MS = 24 * HOUR_MS;
/** A fault is looked at again soon, so that a role that was mended counts without anybody's doing. */
const FAULTY_INTERVAL_MS = HOUR_MS;
/** So long past its time a proof may wait for STS: sessions of before have ended by then. */
const OVERDUE_MS = 6 * HOUR_MS;
/** STS did not answer: nothing is proved, and nothing is changed. */
const UNANSWERED_INTERVAL_MS = MINUTE_MS;
/** Accounts that are proved, or whose rotation is brought on, at once. */
const CONCURRENCY = 8;
/** Accounts taken up by one look. */
const BATCH = 200;

/** Proves every account again when it is due, and brings rotations on. */
export class TrustWatch {
  /** Proofs under way: whoever wants one of the same account joins. */
  private readonly proofs = new Map<number, Promise<Verification>>();
  /** Tenants take turns: thousands of roles that do not answer keep nobody else’s from being proved. */
  private readonly limit = new FairLimit(CONCURRENCY, { keepsRoom: true });
  /** What a look has found due and is not done as yet. */
  private readonly found = new Map<string, Promise<void>>();
  private readonly stopping = manyListened();

  constructor(
    private readonly options: {
      accounts: AccountRepository;
      externalIds: ExternalIdRepository;
      lifecycle: AccountLifecycle;
      roles: RoleVerifier;
      keys: AccessKeyVerifier;
      vault: AccessKeyVault;
      rotation: ExternalIdRotation;
      budget: Pick<Budget, 'state'>;
      /** Aborted when the account's credentials are dropped, those of its proof too. */
      dropped: (accountId: number) => AbortSignal;
      bus: Bus;
      clock: Clock;
      log: Logger;
    },
  ) {}

  /** Looks for what is due, and waits until that is done. Another look may come before: it finds what is due since. Never throws. */
  async tick(): Promise<void> {
    const { accounts, externalIds, clock } = this.options;
    if (this.stopping.signal.aborted) return;
    const now = clock.now();
    try {
      const [proofs, rotations] = await Promise.all([
        accounts.dueForVerification(now, BATCH),
        externalIds.due(now, BATCH),
      ]);
      await Promise.all([
        ...proofs.map((due) => this.attempt(due, 'proof', (account) => this.prove(account))),
        ...rotations.map((due) => this.attempt(due, 'rotation', (account) => this.advance(account, 'DUE'))),
      ]);
    } catch (error) {
      this.options.log.error({ err: error }, 'The accounts to be proved could not be read');
    }
  }

  /**
   * For the collector: the account, proved if a proof is due; a BROKEN one in any case, for its role may have come back
   * as another. Where STS does not answer, a proof that is not long overdue may wait: sessions at hand serve on.
   * @returns the account as it is now; null when it is gone. @throws what kept it from being proved
   */
  async proveIfDue(account: Account): Promise<Account | null> {
    const { accounts, clock, log } = this.options;
    const now = clock.now();
    const provedAt = account.verification?.at ?? 0;
    const isDue =
      (account.nextVerificationAt ?? 0) <= now ||
      (account.status === 'BROKEN' && now - provedAt >= MINUTE_MS);
    if (!isDue) return account;
    try {
      await this.prove(account);
    } catch (error) {
      const mayWait = now - provedAt < PROOF_INTERVAL_MS + OVERDUE_MS;
      if (!mayWait || !(error instanceof AwsCallFailedError) || !error.retryable) throw error;
      log.warn({ accountId: account.id, code: error.awsCode }, `A proof has to wait: ${error.message}`);
    }
    return accounts.load(account.id);
  }

  /** For an operator: brings a rotation on, whether it is due or not, and proves. @throws AwsCallFailedError */
  async verifyNow(account: Account): Promise<Verification> {
    return this.prove(await this.advance(account, 'ALL'));
  }

  /** Proves what is stored, and lets the status follow. @throws AwsCallFailedError: the status stays. */
  prove(account: Account): Promise<Verification> {
    const underWay = this.proofs.get(account.id);
    if (underWay) return underWay;
    const proof = this.verify(account).finally(() => this.proofs.delete(account.id));
    this.proofs.set(account.id, proof);
    return proof;
  }

  /** Ends what is under way and waits for it. Nothing is looked for afterwards. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('The gateway is shutting down'));
    await Promise.allSettled([...this.found.values(), ...this.proofs.values()]);
  }

  private async verify(account: Account): Promise<Verification> {
    const { accounts, budget, lifecycle, clock } = this.options;
    const verification = await this.whileWanted(account, async (signal) => {
      try {
        return await this.ask(account, {
          waiver: validWaiver(account, clock.now()),
          pays: (await budget.state(account)) === 'HELD' ? 'NOTHING' : 'ALL',
          tell: (progress) => this.progress(account, progress),
          signal,
        });
      } catch (error) {
        if (!signal.aborted) {
          await accounts.postponeVerification(account, clock.now() + UNANSWERED_INTERVAL_MS);
        }
        throw error;
      }
    });
    const at = clock.now();
    const nextVerificationAt = nextProofAt(account, verification, at);
    const proof = { verification, nextVerificationAt, at, audit: auditOf(account, verification) };
    const [event, reason] = [proofEvent(verification), failuresIn(verification)];
    const moved = await accounts.saveVerification(account, proof, (present) =>
      standingAfter(present, event, reason),
    );
    // Connected anew meanwhile: this proof was of what is no longer there.
    if (moved) await lifecycle.changed({ id: account.id, status: moved.from }, moved.to);
    return verification;
  }

  /** Work that ends when the account's credentials are dropped, and at shutdown. */
  private async whileWanted<T>(account: Account, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const wanted = linkedSignal([this.options.dropped(account.id), this.stopping.signal]);
    try {
      return await work(wanted.signal);
    } finally {
      wanted.release();
    }
  }

  private advance(account: Account, which: 'DUE' | 'ALL'): Promise<Account> {
    return this.whileWanted(account, (signal) => this.options.rotation.advance(account, which, signal));
  }

  private async ask(account: Account, options: Parameters<RoleVerifier['verify']>[2]): Promise<Verification> {
    const { roles, keys, vault } = this.options;
    if (account.connection === 'ACCESS_KEY') {
      return (await keys.verify(account, await vault.open(account), options)).verification;
    }
    const role = account.roleArn && parseRoleArn(account.roleArn);
    if (!role) throw new ConflictError('RC_ACCOUNT_STATE', 'There is no role to prove');
    return roles.verify(account, role, options);
  }

  private attempt(
    { accountId, tenantId }: OwnedAccount,
    what: string,
    work: (account: Account) => Promise<unknown>,
  ): Promise<void> {
    const key = `${what} ${accountId}`;
    const known = this.found.get(key);
    if (known) return known;
    const attempt = this.limit
      .run(tenantId, async () => {
        const account = await this.options.accounts.load(accountId);
        if (account) await work(account);
      })
      .catch((error: unknown) => {
        const { code, message } = describeAwsError(error);
        this.options.log.warn({ accountId, code }, `The ${what} of an account could not be done: ${message}`);
      })
      .finally(() => this.found.delete(key));
    this.found.set(key, attempt);
    return attempt;
  }

  private progress({ id, tenantId }: Account, verification: Verification): void {
    this.options.bus.publish({ kind: 'verificationProgressed', tenantId, accountId: id, verification });
  }
}

function auditOf({ id, tenantId }: Account, { ok, checks }: Verification): AuditRecord {
  const outcomes = Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));
  return {
    ...{ tenantId, actor: GATEWAY_ACTOR, action: 'trust.verified', target: { type: 'Account', id } },
    ...{ accountId: id, detail: { ok, outcomes } },
  };
}

/** When an account is proved again. A waiver that ends, be it during the proof, is followed by one at once. */
function nextProofAt(account: Account, verification: Verification, now: number): number {
  const before = account.verification;
  const interval = verification.ok ? (before?.ok ? PROOF_INTERVAL_MS : SECOND_PROOF_MS) : FAULTY_INTERVAL_MS;
  return Math.min(now + interval, validWaiver(account, verification.at)?.expiresAt ?? Infinity);
}
