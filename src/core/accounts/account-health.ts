import type { CollectionRun } from '../collection/collection-run';
import type { Clock } from '../clock';
import type { Bus } from '../live/bus';
import type { Account, AccountStatus } from './account';
import type { AccountRepository } from './account-repository';

const FOLLOWING: readonly AccountStatus[] = ['CONNECTED', 'DEGRADED', 'BROKEN'];

/** Lets an account's status follow its collections: CONNECTED, DEGRADED or BROKEN. */
export class AccountHealth {
  constructor(private readonly options: { accounts: AccountRepository; bus: Bus; clock: Clock }) {}

  /** `reason` is the run's own sentence; null when all went well. */
  async follow(account: Account, run: CollectionRun, reason: string | null): Promise<void> {
    const to = statusAfter(run);
    if (to === account.status && reason === account.statusReason) return;
    const { accounts, bus, clock } = this.options;
    const from = FOLLOWING.includes(account.status) ? account.status : null;
    // A pause, a removal or a verification in between has the last word.
    if (!from || !(await accounts.changeStatus(account.id, [from], to, reason)) || to === from) return;
    const changed = await accounts.load(account.id);
    if (!changed) return;
    bus.publish({
      kind: 'accountStatusChanged',
      tenantId: account.tenantId,
      accountId: account.id,
      account: changed,
      from,
      to,
      reason,
      at: clock.now(),
    });
  }
}

/** No credentials, and AWS will not give them by itself: BROKEN. Anything else that fails: DEGRADED. */
function statusAfter(run: CollectionRun): AccountStatus {
  if (run.state === 'SUCCEEDED') return 'CONNECTED';
  const credentials = run.steps.find(({ step, error }) => step === 'CREDENTIALS' && error);
  const refused =
    credentials && !credentials.error!.retryable && !onlyRegionsDenied(credentials.error!.missingActions);
  return refused ? 'BROKEN' : 'DEGRADED';
}

/** The session was had, and only its listing of Regions is not allowed. */
function onlyRegionsDenied(missingActions: string[]): boolean {
  return missingActions.length > 0 && missingActions.every((action) => action === 'ec2:DescribeRegions');
}
