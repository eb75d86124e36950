/** Proof of the right to write for an account: `token` only ever grows, and a write with an old one is refused. */
export interface Fence {
  accountId: number;
  token: number;
}

export interface Lease extends Fence {
  /** The due time that this claim serves (epoch ms). */
  dueAt: number;
}

export interface DueAccount {
  accountId: number;
  tenantId: number;
  /** Epoch ms. */
  dueAt: number;
}

/** Another holder, a pause or a removal came in between: the write was refused and nothing was stored. */
export class StaleLeaseError extends Error {
  constructor(readonly fence: Fence) {
    super(`The lease of account ${fence.accountId} with token ${fence.token} is no longer held`);
    this.name = 'StaleLeaseError';
  }
}

/**
 * When each account is due and who holds it: one row an account, the truth of scheduling.
 * Instants are epoch ms of the injected clock.
 */
export interface Leases {
  /** Puts an account on the schedule, or moves it. */
  schedule(accountId: number, nextDue: number): Promise<void>;
  /**
   * Takes it off and revokes a present holder; does nothing to an account whose status is a collected one by now, so
   * that a resume in between has the last word.
   */
  unschedule(accountId: number): Promise<void>;
  /**
   * Schedules every account that should be collected and is not on the schedule: a crash came between its status and
   * its schedule. What was handed out and never claimed is free to be handed out again. Called at start. @returns how many.
   */
  restore(nextDue: (accountId: number) => number): Promise<number>;
  /**
   * Accounts due at `now` that nobody holds and that were not handed out since `now - replanAfterMs`; marks them as handed
   * out. The longest due of each tenant first, then the next of each: with a limit, no tenant shuts another out.
   */
  plan(now: number, replanAfterMs: number, limit: number): Promise<DueAccount[]>;
  /**
   * Takes the account for `ttlMs`. `onlyIfDue` refuses one that is not due (a second delivery of the same tick).
   * @returns null when it is held, off the schedule, or not due.
   */
  claim(
    accountId: number,
    owner: string,
    now: number,
    ttlMs: number,
    options: { onlyIfDue: boolean },
  ): Promise<Lease | null>;
  /** @returns false when it is no longer ours: the holder must abort. */
  renew(fence: Fence, now: number, ttlMs: number): Promise<boolean>;
  /** Ends the claim; `nextDue` null leaves the due time. @returns false when it was no longer ours. */
  release(fence: Fence, nextDue: number | null): Promise<boolean>;
}
