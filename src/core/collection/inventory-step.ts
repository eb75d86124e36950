import type { Plugin } from '../../plugins/contract';
import { linkedSignal } from '../abort';
import type { Account } from '../accounts/account';
import type { Clock } from '../clock';
import { FairLimit } from '../fair-limit';
import type { Resource, ResourceChange } from '../inventory/resource';
import type { ResourceRepository } from '../inventory/resource-repository';
import type { Bus } from '../live/bus';
import { settleAll } from '../settle-all';
import { CollectionFailure } from './collection-failure';
import type { Discovery } from './discovery';
import type { Fence } from './leases';
import type { RunRecorder } from './run-recorder';

/** The DISCOVER step: every plugin in every Region, side by side and bounded. */
export class InventoryStep {
  constructor(
    private readonly options: {
      discovery: Discovery;
      resources: ResourceRepository;
      bus: Bus;
      clock: Clock;
      /** Plugins × Regions of one account at work at once. */
      concurrency: number;
      /** What is not found after so many milliseconds of real time must not keep metrics from being collected. */
      timeLimitMs: number;
    },
  ) {}

  /**
   * Plugins take turns: one whose service hangs in every Region does not keep the others waiting.
   * @returns what is present now. Where a discovery failed, what was known before: its metrics go on.
   * @throws StaleLeaseError
   */
  async run(
    account: Account,
    fence: Fence,
    plugins: readonly Plugin[],
    regions: readonly string[],
    recorder: RunRecorder,
    signal: AbortSignal,
  ): Promise<Resource[]> {
    const { discovery, resources, clock, concurrency, timeLimitMs: milliseconds } = this.options;
    const units = plugins.flatMap((plugin) => regions.map((region) => ({ plugin, region })));
    const limit = new FairLimit(concurrency);
    const message = `The discoveries of the account were not done within ${milliseconds / 1000} s`;
    const stop = linkedSignal([signal], { milliseconds, reason: new CollectionFailure('ABORTED', message) });
    let done = 0;
    const found = settleAll(
      units.map(({ plugin, region }) =>
        limit.run(plugin.name, async () => {
          if (signal.aborted) return [];
          const scope = { plugin: plugin.name, region, done: ++done, total: units.length };
          const present = await recorder.step('DISCOVER', scope, async (tally) => {
            const unit = { account, plugin, region, calls: tally, log: recorder.log };
            const discovered = await discovery.discover(unit, stop.signal);
            tally.resourcesFound = discovered.length;
            const result = {
              tenantId: account.tenantId,
              plugin: plugin.name,
              region,
              found: discovered,
              at: clock.now(),
            };
            const { resources: stored, changes } = await resources.sync(fence, result);
            for (const change of changes) this.tell(account, change);
            return stored;
          });
          return present ?? resources.present(account.id, plugin.name, region);
        }),
      ),
    );
    return (await found.finally(stop.release)).flat();
  }

  /** What is collected no more, because of a setting or a Region that was disabled, is gone. @throws StaleLeaseError */
  async dropOutside(
    account: Account,
    fence: Fence,
    plugins: readonly Plugin[],
    regions: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) return;
    const kept = plugins.flatMap(({ name }) => regions.map((region) => ({ plugin: name, region })));
    const changes = await this.options.resources.dropOutside(fence, kept, this.options.clock.now());
    for (const change of changes) this.tell(account, change);
  }

  private tell({ id, tenantId }: Account, change: ResourceChange): void {
    this.options.bus.publish({ kind: 'resourceChanged', tenantId, accountId: id, change });
  }
}
