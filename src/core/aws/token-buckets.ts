import type { Clock } from '../clock';
import { POINT_RATES, quotaOf, RECENT_MS, type Rate } from './api-quotas';
import { CallHeldBackError } from './call-held-back-error';
import type { CallLimits, LimitedCall } from './call-limits';
import { TokenBucket } from './token-bucket';

const SWEEP_EVERY_MS = 10_000;

/**
 * CallLimits by token buckets: one for each account, Region and API, and for the points of GetMetricData. An account that
 * is throttled waits in buckets of its own. Buckets that are full again are forgotten.
 */
export class TokenBuckets implements CallLimits {
  private readonly buckets = new Map<string, TokenBucket>();
  private sweptAt: number;

  constructor(
    private readonly options: {
      /** Of AWS's quotas; the rest is for the customer's own tools. */
      share: number;
      /** Real time, whatever the rest of the gateway goes by: AWS's limits are of real seconds. */
      clock: Clock;
      /** What StartTime goes by. */
      now: () => number;
    },
  ) {
    this.sweptAt = options.clock.now();
  }

  /** Buckets that are remembered. */
  get size(): number {
    return this.buckets.size;
  }

  async take(call: LimitedCall, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sweep();
    const refuse = () => {
      throw new CallHeldBackError(call);
    };
    for (const { bucket, cost } of this.drawnOn(call)) await bucket.take(cost, refuse, signal);
  }

  answered(call: LimitedCall, { throttled }: { throttled: boolean }): void {
    for (const { bucket } of this.drawnOn(call)) bucket.answered(throttled);
  }

  private drawnOn(call: LimitedCall): { bucket: TokenBucket; cost: number }[] {
    const { action, points, startTime } = call;
    const quota = quotaOf(action);
    const calls = { bucket: this.bucket(call, quota.bucket, quota), cost: 1 };
    if (points === 0) return [calls];
    const isRecent = startTime === null || this.options.now() - startTime <= RECENT_MS;
    const age = isRecent ? 'recent' : 'older';
    const rate = { perSecond: POINT_RATES[age], burst: POINT_RATES[age] };
    return [{ bucket: this.bucket(call, `${age} points`, rate), cost: points }, calls];
  }

  private bucket({ accountId, region }: LimitedCall, name: string, { perSecond, burst }: Rate): TokenBucket {
    const key = `${accountId} ${region} ${name}`;
    let bucket = this.buckets.get(key);
    if (!bucket) {
      const { share, clock } = this.options;
      bucket = new TokenBucket({ perSecond: perSecond * share, burst: burst * share }, clock);
      this.buckets.set(key, bucket);
    }
    return bucket;
  }

  private sweep(): void {
    const now = this.options.clock.now();
    if (Math.abs(now - this.sweptAt) < SWEEP_EVERY_MS) return;
    this.sweptAt = now;
    for (const [key, bucket] of this.buckets) if (bucket.isForgettable()) this.buckets.delete(key);
  }
}
