import type { Clock } from '../clock';
import { FairLimit } from '../fair-limit';

/**
 * What one gateway asks of STS at once and a second, over all accounts; tenants take turns. AWS counts AssumeRole against the account that
 * calls, 600 a second and Region by default, and everything else that this account runs draws on the same.
 */
export class StsGate {
  private readonly limit: FairLimit;
  /** When the call before the next was due, in milliseconds of `clock`. */
  private lastDueAt = -Infinity;

  constructor(
    private readonly options: {
      atOnce: number;
      perSecond: number;
      /** Real time, whatever the rest of the gateway goes by: AWS's limits are of real seconds. */
      clock: Clock;
    },
  ) {
    this.limit = new FairLimit(options.atOnce, { keepsRoom: true });
  }

  /**
   * Runs `work` when its turn comes.
   * @param tenantId whose turn it takes; null for the gateway's own
   * @throws the signal's reason when aborted before that; what `work` throws.
   */
  run<T>(tenantId: number | null, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.limit.run(tenantId, async () => {
      signal?.throwIfAborted();
      await this.pace(signal);
      return work();
    });
  }

  /** What a quiet second has left over may be made use of at once, no more. */
  private async pace(signal?: AbortSignal): Promise<void> {
    const { perSecond, clock } = this.options;
    const now = clock.now();
    this.lastDueAt = Math.max(this.lastDueAt, now - 1000) + 1000 / perSecond;
    if (this.lastDueAt > now) await clock.sleep(this.lastDueAt - now, signal);
  }
}
