import { externalIdIn, unrefusedExternalIds, type Account, type ExternalId } from '../accounts/account';
import type { AccountLifecycle } from '../accounts/account-lifecycle';
import type { AccountRepository } from '../accounts/account-repository';
import type { ExternalIdRepository } from '../accounts/external-id-repository';
import { GATEWAY_ACTOR, type AuditAction, type AuditRecord } from '../audit/audit-trail';
import { parseRoleArn, type RoleArn } from '../aws/arn';
import type { Clock } from '../clock';
import { ConflictError } from '../errors';
import type { ProbeAnswer, ProbeKind, RoleProber } from './role-prober';

const MINUTE_MS = 60_000;
/** A PENDING one that the customer has not put in place yet is tried ever less often, but never less than this. */
const PENDING_BACK_OFF_MS = 15 * MINUTE_MS;
/** One that the customer has not taken out yet, likewise. */
const RETIRED_BACK_OFF_MS = 60 * MINUTE_MS;

/** The role that is knocked at, and until when. */
interface Door {
  account: Account;
  role: RoleArn;
  signal: AbortSignal;
}

/**
 * Rotation without an outage. A PENDING external ID stands beside the ACTIVE one; collection goes on with ACTIVE, and
 * only the probes here use PENDING. It is promoted after two successes a minute apart, each beside a role that refuses
 * everybody else. The one before serves as a fallback until the role is seen to refuse it, and that ends the rotation.
 * Every step is a compare-and-set in the database: a kill between two of them loses nothing.
 */
export class ExternalIdRotation {
  constructor(
    private readonly options: {
      accounts: AccountRepository;
      externalIds: ExternalIdRepository;
      lifecycle: AccountLifecycle;
      prober: RoleProber;
      clock: Clock;
      newExternalId: () => string;
    },
  ) {}

  /** @throws ConflictError when one is under way, or the account has no role. */
  async start(account: Account, actor: string): Promise<void> {
    if (account.connection !== 'ROLE' || !account.roleArn || account.status === 'REMOVED') {
      throw new ConflictError(
        'RC_ACCOUNT_STATE',
        'Only an account that is connected by a role has an ID to rotate',
      );
    }
    const { externalIds, newExternalId, clock } = this.options;
    const value = newExternalId();
    const audit = entry(account, 'rotation.started', value, actor);
    if (!(await externalIds.addPending(account.id, value, clock.now(), audit))) {
      throw new ConflictError('RC_ROTATION_PENDING', 'A rotation is under way already');
    }
  }

  /** @throws ConflictError when there is none, or it was promoted just now. */
  async cancel(account: Account, actor: string): Promise<void> {
    const { externalIds, clock } = this.options;
    const now = clock.now();
    const value = externalIdIn(account, 'PENDING')?.value;
    const isCancelled =
      value !== undefined &&
      (await externalIds.cancelPending(
        account.id,
        value,
        now,
        entry(account, 'rotation.cancelled', value, actor),
      ));
    if (!isCancelled) {
      throw new ConflictError('RC_ROTATION_NONE', 'There is no rotation to cancel');
    }
  }

  /**
   * Tries the PENDING external ID, if there is one, and those RETIRED whose refusal is not proved.
   * @param which those whose time has come, or all of them
   * @returns the account as it is afterwards. @throws AwsCallFailedError
   */
  async advance(account: Account, which: 'DUE' | 'ALL', signal: AbortSignal): Promise<Account> {
    const role = account.connection === 'ROLE' && account.roleArn ? parseRoleArn(account.roleArn) : null;
    if (!role) return account;
    const { externalIds, lifecycle, clock } = this.options;
    const due = which === 'DUE' ? new Set(await externalIds.dueOf(account.id, clock.now())) : null;
    const isWanted = ({ value }: ExternalId) => due === null || due.has(value);
    const door: Door = { account, role, signal };
    const pending = externalIdIn(account, 'PENDING');
    if (pending && isWanted(pending)) await this.attempt(door, pending, () => this.tryPending(door, pending));
    for (const retired of unrefusedExternalIds(account).filter(isWanted)) {
      await this.attempt(door, retired, () => this.tryRetired(door, retired));
    }
    return (await lifecycle.tell(account)) ?? account;
  }

  /** STS that does not answer has proved nothing: what was found before stays, and it is asked again a minute later. */
  private async attempt(
    { account, signal }: Door,
    { value }: ExternalId,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { externalIds, clock } = this.options;
      if (!signal.aborted) await externalIds.postpone(account.id, value, clock.now() + MINUTE_MS);
      throw error;
    }
  }

  private async tryPending(door: Door, pending: ExternalId): Promise<void> {
    const { account } = door;
    const { externalIds, clock } = this.options;
    const isGood = await this.opensToItAlone(door, pending);
    const now = clock.now();
    if (!isGood) {
      const failures = (await externalIds.failures(account.id, pending.value)) + 1;
      const nextProbeAt = now + backOff(failures, PENDING_BACK_OFF_MS);
      const probe = { at: now, acceptedAt: null, failures, nextProbeAt };
      await externalIds.notePending(account.id, pending.value, probe, null);
      return;
    }
    const { acceptedAt } = pending;
    if (acceptedAt !== null && now - acceptedAt >= MINUTE_MS) return this.promote(account, pending);
    const first = acceptedAt ?? now;
    const probe = { at: now, acceptedAt: first, failures: 0, nextProbeAt: first + MINUTE_MS };
    const audit = acceptedAt === null ? entry(account, 'rotation.accepted', pending.value) : null;
    await externalIds.notePending(account.id, pending.value, probe, audit);
  }

  /** An open role accepts anything, the PENDING one as well: that says nothing. */
  private async opensToItAlone(door: Door, { value }: ExternalId): Promise<boolean> {
    const { newExternalId } = this.options;
    if ('refusal' in (await this.probe(door, 'pending', value))) return false;
    const negatives = await Promise.all([
      this.probe(door, 'none', null),
      this.probe(door, 'random', newExternalId()),
    ]);
    return negatives.every((answer) => 'refusal' in answer);
  }

  private async promote(account: Account, pending: ExternalId): Promise<void> {
    const { externalIds, clock } = this.options;
    const now = clock.now();
    const audit = entry(account, 'rotation.promoted', pending.value);
    await externalIds.promote(account.id, pending.value, now, now + MINUTE_MS, audit);
  }

  /** A refusal counts only beside a role that opens with the ACTIVE one. */
  private async tryRetired(door: Door, retired: ExternalId): Promise<void> {
    const { account } = door;
    const { externalIds, clock } = this.options;
    const answer = await this.probe(door, 'retired', retired.value);
    const active = externalIdIn(account, 'ACTIVE');
    const isProved =
      'refusal' in answer &&
      active !== null &&
      'credentials' in (await this.probe(door, 'right', active.value));
    const now = clock.now();
    if (isProved) {
      const proof = { at: now, refusedAt: now, failures: 0, nextProbeAt: null };
      const audit = entry(account, 'rotation.retired-refused', retired.value);
      await externalIds.noteRetired(account.id, retired.value, proof, audit);
      return;
    }
    const failures = (await externalIds.failures(account.id, retired.value)) + 1;
    const nextProbeAt = now + backOff(failures, RETIRED_BACK_OFF_MS);
    const probe = { at: now, refusedAt: null, failures, nextProbeAt };
    await externalIds.noteRetired(account.id, retired.value, probe, null);
  }

  private probe(
    { account, role, signal }: Door,
    kind: ProbeKind,
    value: string | null,
  ): Promise<ProbeAnswer> {
    return this.options.prober.probe(account, role, kind, value, signal);
  }
}

/** One step of a rotation, for the audit log. */
function entry(
  { id, tenantId, roleArn }: Account,
  action: AuditAction,
  externalId: string,
  actor = GATEWAY_ACTOR,
): AuditRecord {
  const detail = { externalId, roleArn };
  return { tenantId, actor, action, target: { type: 'Account', id }, accountId: id, detail };
}

/** A minute, doubled with each failure in a row. */
function backOff(failures: number, atMost: number): number {
  return Math.min(MINUTE_MS * 2 ** Math.min(failures - 1, 20), atMost);
}
