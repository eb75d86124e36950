import type { Clock } from '../clock';
import type { Leases } from '../collection/leases';
import type { Bus } from '../live/bus';
import { isCollected, type Account, type AccountStatus } from './account';
import type { AccountRepository } from './account-repository';
import { followsProof, standingAfter, type AccountEvent } from './account-transitions';

/** Leads accounts from status to status by the table of transitions, with what belongs to it: schedule, credentials, news. */
export class AccountLifecycle {
  constructor(
    private readonly options: {
      accounts: AccountRepository;
      leases: Leases;
      /** Forgets the account's credentials, and ends what works with them. */
      dropCredentials: (accountId: number) => void;
      bus: Bus;
      clock: Clock;
      /** When an account is next due, from now on. */
      nextDue: (accountId: number) => number;
    },
  ) {}

  /**
   * By compare-and-set on the status that `account` had, and on its last proof where that decides.
   * @returns the account as it is now; null when the event is not open from its status, or something else happened to it
   * in between.
   */
  async apply(account: Account, event: AccountEvent, reason: string | null): Promise<Account | null> {
    const { accounts } = this.options;
    const { id, status, statusReason, verification } = account;
    const after = standingAfter(account, event, reason);
    if (!after) return null;
    if (after.status === status && after.statusReason === statusReason) return accounts.load(id);
    const provedAt = followsProof(event, status) ? (verification?.at ?? null) : undefined;
    if (!(await accounts.changeStatus(id, [status], after.status, after.statusReason, provedAt))) return null;
    return this.changed(account, after.status);
  }

  /** What belongs to a status that was just stored. @returns the account as it is now; null when it is gone */
  async changed(before: Pick<Account, 'id' | 'status'>, to: AccountStatus): Promise<Account | null> {
    // From one collected status to another the due time stays: no cycle is skipped.
    if (isCollected({ status: to }) !== isCollected(before)) await this.schedule(before.id);
    return this.tell(before);
  }

  /** On the schedule while the status, as it is now, is a collected one; off it, and without credentials, otherwise. */
  async schedule(accountId: number): Promise<void> {
    const { accounts, leases, nextDue, dropCredentials } = this.options;
    const present = await accounts.load(accountId);
    if (present && isCollected(present)) {
      await leases.schedule(accountId, nextDue(accountId));
    } else {
      await leases.unschedule(accountId);
      dropCredentials(accountId);
    }
  }

  /** Tells subscribers of the account as it is now. @returns it; null when it is gone. */
  async tell(before: Pick<Account, 'id' | 'status'>): Promise<Account | null> {
    const account = await this.options.accounts.load(before.id);
    if (account) this.publish(account, before.status);
    return account;
  }

  /** @param from the status before; null for an account that is new. */
  publish(account: Account, from: AccountStatus | null): void {
    const { bus, clock } = this.options;
    const { tenantId, id: accountId, status: to, statusReason: reason } = account;
    bus.publish({ kind: 'accountChanged', tenantId, accountId, account });
    if (to === from) return;
    bus.publish({
      kind: 'accountStatusChanged',
      tenantId,
      accountId,
      account,
      from,
      to,
      reason,
      at: clock.now(),
    });
  }
}
