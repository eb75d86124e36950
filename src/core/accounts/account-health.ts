import type { CollectionRun, CollectionStepResult } from '../collection/collection-run';
import type { Account } from './account';
import type { AccountLifecycle } from './account-lifecycle';
import { failuresIn, proofEvent, type AccountEvent } from './account-transitions';

/** Lets an account's status follow its collections: CONNECTED, DEGRADED or BROKEN. */
export class AccountHealth {
  constructor(private readonly options: { lifecycle: AccountLifecycle }) {}

  /** `reason` is the run's own sentence; null when all went well. */
  async follow(account: Account, run: CollectionRun, reason: string | null): Promise<void> {
    const event = eventOf(run);
    const { verification } = account;
    const hasFaults =
      event === 'COLLECTED' && verification !== null && proofEvent(verification) === 'PROVED_WITH_FAULTS';
    // What the last proof found amiss is amiss, though this collection did not meet it.
    if (hasFaults) await this.options.lifecycle.apply(account, 'COLLECTED_IN_PART', failuresIn(verification));
    else await this.options.lifecycle.apply(account, event, reason);
  }
}

/**
 * No credentials, and AWS will not give them by itself: nothing. Anything else that fails: a part. A budget that is used up
 * is no fault of the account: the run, `budgetState` and every series say so.
 */
function eventOf(run: CollectionRun): AccountEvent {
  const isHeld = ({ error }: CollectionStepResult) => error?.code === 'BUDGET_EXCEEDED';
  if (run.state === 'SUCCEEDED') return 'COLLECTED';
  if (
    run.state === 'PARTIAL' &&
    run.steps.some(isHeld) &&
    run.steps.every((step) => !step.error || isHeld(step))
  )
    return 'COLLECTED';
  const credentials = run.steps.find(({ step, error }) => step === 'CREDENTIALS' && error);
  const refused =
    credentials && !credentials.error!.retryable && !onlyRegionsDenied(credentials.error!.missingActions);
  return refused ? 'COLLECTED_NOTHING' : 'COLLECTED_IN_PART';
}

/** The session was had, and only its listing of Regions is not allowed. */
function onlyRegionsDenied(missingActions: string[]): boolean {
  return missingActions.length > 0 && missingActions.every((action) => action === 'ec2:DescribeRegions');
}
