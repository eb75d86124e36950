import type { Plugin } from '../../plugins/contract';
import { untilAborted } from '../abort';
import { isCollected, type Account } from '../accounts/account';
import { assertTrusted } from '../accounts/account-transitions';
import { chosenPlugins } from '../accounts/chosen-plugins';
import type { TrustWatch } from '../trust/trust-watch';
import { CollectionFailure } from './collection-failure';
import { isWhole, type CollectionScope } from './collection-scope';
import type { EnabledRegions } from './enabled-regions';
import type { InventoryStep } from './inventory-step';
import type { Lease } from './leases';
import type { MetricsStep } from './metrics-step';
import type { RunRecorder } from './run-recorder';

export interface CollectionStepsOptions {
  plugins: { list(): Plugin[] };
  regions: EnabledRegions;
  trust: Pick<TrustWatch, 'proveIfDue'>;
  inventory: InventoryStep;
  metrics: MetricsStep;
}

/** What a run does while it holds the lease: credentials → discover → plan → fetch → store → publish. */
export class CollectionSteps {
  constructor(private readonly options: CollectionStepsOptions) {}

  /** The outcome of the run is in the recorder. @throws StaleLeaseError */
  async run(
    account: Account,
    lease: Lease,
    scope: CollectionScope,
    recorder: RunRecorder,
    signal: AbortSignal,
  ): Promise<void> {
    const { regions, inventory, metrics } = this.options;
    let subject = account;
    const enabled = await recorder.step('CREDENTIALS', {}, async (tally) => {
      subject = await this.proved(account, signal);
      return regions.of(subject, signal, tally);
    });
    if (enabled) {
      const chosen = enabled.regions.filter(
        (region) => scope.regions.length === 0 || scope.regions.includes(region),
      );
      const plugins = this.pluginsOf(subject, scope);
      const resources = await inventory.run(subject, lease, plugins, chosen, recorder, signal);
      if (isWhole(scope) && enabled.isCurrent)
        await inventory.dropOutside(subject, lease, plugins, chosen, signal);
      await metrics.run(subject, lease, resources, recorder, signal);
    } else {
      const { error } = recorder.run.steps.at(-1)!;
      if (error && !signal.aborted) await metrics.noteWithoutSession(subject, lease, error);
    }
    recorder.run.state = recorder.outcome();
    if (signal.aborted && recorder.run.state === 'SUCCEEDED') recorder.run.state = 'PARTIAL';
  }

  /**
   * The account as it is once a due proof is done.
   * @throws CollectionFailure when the proof takes it out of the schedule; TrustRefusedError when it found that the role does
   * not let Rolecall in, or lets in everybody: a session of before is not used then
   */
  private async proved(account: Account, signal: AbortSignal): Promise<Account> {
    const subject = await untilAborted(this.options.trust.proveIfDue(account), signal);
    if (!subject || !isCollected(subject)) {
      throw new CollectionFailure('ABORTED', subject?.statusReason ?? 'The account is collected no more');
    }
    const { verification } = subject;
    if (verification) assertTrusted(verification);
    return subject;
  }

  private pluginsOf(account: Account, scope: CollectionScope): Plugin[] {
    return chosenPlugins(chosenPlugins(this.options.plugins.list(), account), scope);
  }
}
