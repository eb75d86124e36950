import type { AuditRecord } from '../audit/audit-trail';
import type { OwnedAccount } from './account-repository';

/**
 * Storage of external IDs. Each method is one transaction that compares before it sets, so that a rotation survives a
 * kill at any point and two processes cannot both do a step. A step and its entry in the audit log are stored together.
 */
export interface ExternalIdRepository {
  /** An external ID that is ours and no account's, the same for ever; `value` becomes it when there is none. */
  decoy(value: string, at: number): Promise<string>;
  /** Due to be tried at once. @returns false when a PENDING one exists (a partial unique index decides, not a look before). */
  addPending(accountId: number, value: string, at: number, audit: AuditRecord): Promise<boolean>;
  /**
   * PENDING → RETIRED, due to be tried at once, for the customer may have put it in place.
   * @returns false when `value` is no longer PENDING.
   */
  cancelPending(accountId: number, value: string, at: number, audit: AuditRecord): Promise<boolean>;
  /**
   * PENDING → ACTIVE and ACTIVE → RETIRED in one step; the retired one is due to be tried at `retiredProbeAt`.
   * @returns false when `value` is no longer PENDING, or was not accepted.
   */
  promote(
    accountId: number,
    value: string,
    at: number,
    retiredProbeAt: number,
    audit: AuditRecord,
  ): Promise<boolean>;
  /** What the last probe of a PENDING one found. @returns false when `value` is no longer PENDING. */
  notePending(
    accountId: number,
    value: string,
    probe: PendingProbe,
    audit: AuditRecord | null,
  ): Promise<boolean>;
  /** What the last probe of a RETIRED one found. `refusedAt` is kept once it is set. */
  noteRetired(
    accountId: number,
    value: string,
    probe: RetiredProbe,
    audit: AuditRecord | null,
  ): Promise<boolean>;
  /**
   * Accounts that have a role, are not paused, and have an external ID to be tried now. The longest overdue of each tenant first, then the next of
   * each: with a limit, no tenant shuts another out.
   */
  due(now: number, limit: number): Promise<OwnedAccount[]>;
  /** Tried at `until` again, and nothing else is changed. Does nothing where nothing is left to prove. */
  postpone(accountId: number, value: string, until: number): Promise<void>;
  /** Those of the account that are to be tried now. */
  dueOf(accountId: number, now: number): Promise<string[]>;
  /** How often in a row the probes of this one failed to bring it on. */
  failures(accountId: number, value: string): Promise<number>;
}

export interface PendingProbe {
  at: number;
  /** The first success in a row; null when the probe was no success. */
  acceptedAt: number | null;
  failures: number;
  nextProbeAt: number;
}

export interface RetiredProbe {
  at: number;
  refusedAt: number | null;
  failures: number;
  /** Null when there is nothing left to prove. */
  nextProbeAt: number | null;
}
