import { externalIdIn, fallbackExternalId, type Account } from '../accounts/account';
import type { Clock } from '../clock';

const FIRST_BACK_OFF_MS = 60_000;
const LONGEST_BACK_OFF_MS = 15 * 60_000;

interface Refusal {
  /** What was tried: a refusal says nothing of another role or external ID. */
  tried: string;
  error: unknown;
  at: number;
  until: number;
  inARow: number;
}

/** Roles that refused to be assumed are not asked again at once: first after a minute, then ever less often. */
export class Refusals {
  private readonly refusals = new Map<number, Refusal>();

  constructor(private readonly clock: Clock) {}

  /** @throws what STS answered last, while it is too early to ask again. */
  check(account: Account): void {
    const refusal = this.refusals.get(account.id);
    if (!refusal) return;
    if (refusal.tried !== triedBy(account) || isProvedSince(account, refusal.at)) this.forget(account.id);
    else if (this.clock.now() < refusal.until) throw refusal.error;
  }

  add(account: Account, error: unknown): void {
    const at = this.clock.now();
    const tried = triedBy(account);
    const before = this.refusals.get(account.id);
    const isSame = before?.tried === tried;
    // Sessions of several purposes were asked for at the same time: that is one refusal.
    if (isSame && at < before.until) return;
    const inARow = isSame ? before.inARow + 1 : 1;
    const until = at + Math.min(FIRST_BACK_OFF_MS * 2 ** (inARow - 1), LONGEST_BACK_OFF_MS);
    this.refusals.set(account.id, { tried, error, at, until, inARow });
  }

  forget(accountId: number): void {
    this.refusals.delete(accountId);
  }
}

function triedBy(account: Account): string {
  const active = externalIdIn(account, 'ACTIVE')?.value;
  return [account.roleArn, active, fallbackExternalId(account)?.value].join('|');
}

/** The customer has mended the role, and a proof has seen it. */
function isProvedSince({ verification }: Account, at: number): boolean {
  const opened = verification?.checks.some(
    // WARNING: with the external ID before, which collection may use as well.
    ({ name, outcome }) => name === 'ASSUMES_WITH_EXTERNAL_ID' && /^(PASSED|WARNING)$/.test(outcome),
  );
  return opened === true && verification!.at >= at;
}
