import { untilAborted } from '../abort';
import type { Clock } from '../clock';
import type { Rate } from './api-quotas';

/** Throttling slows down to this part of the rate that a bucket began with, and no further. */
const SLOWEST = 1 / 50;
/** Answers to what was sent before AWS throttled say nothing new. */
const LOWERED_AT_MOST_EVERY_MS = 1_000;
/** From nothing to the full rate it takes so long of good answers. */
const RECOVERY_MS = 60_000;
/** A good answer after a pause stands for no more than so long. */
const RECOVERED_AT_ONCE_MS = 5_000;
/** So many throttled answers one after the other at the slowest rate, and AWS is left alone for a while. */
const HOPELESS_ANSWERS = 8;
const HELD_BACK_MS = 60_000;
/** What was learnt of a throttled API is forgotten after so long without a call. */
const REMEMBERED_MS = 3_600_000;

/**
 * Tokens that come at a rate, which halves when AWS throttles and recovers step by step when it does not (AIMD). Who comes
 * first is served first. Whatever costs more than the bucket holds is let through by a full one, and paid off afterwards.
 */
export class TokenBucket {
  private rate: number;
  private tokens: number;
  private filledAt: number;
  private loweredAt = -Infinity;
  private recoveredAt = -Infinity;
  private throttledAt = -Infinity;
  /** Throttled answers since the last good one. */
  private throttledInARow = 0;
  private usedAt: number;
  private waiting = 0;
  private lastInLine: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly full: Rate,
    private readonly clock: Clock,
  ) {
    this.rate = full.perSecond;
    this.tokens = full.burst;
    this.filledAt = this.usedAt = clock.now();
  }

  /** @throws the signal's reason; what `refuse` throws while the bucket is hopeless */
  async take(cost: number, refuse: () => never, signal?: AbortSignal): Promise<void> {
    this.usedAt = this.clock.now();
    if (this.isHopeless()) refuse();
    if (this.waiting === 0 && this.tookAtOnce(cost)) return;
    this.waiting += 1;
    const turn = this.lastInLine.then(() => this.wait(cost, refuse, signal));
    this.lastInLine = turn.then(
      () => (this.waiting -= 1),
      () => (this.waiting -= 1),
    );
    await (signal ? untilAborted(turn, signal) : turn);
  }

  answered(isThrottled: boolean): void {
    const now = this.clock.now();
    this.fill();
    if (isThrottled) {
      this.throttledAt = now;
      this.throttledInARow += 1;
      this.tokens = Math.min(this.tokens, 0);
      if (Math.abs(now - this.loweredAt) < LOWERED_AT_MOST_EVERY_MS) return;
      this.rate = Math.max(this.rate / 2, this.slowest);
      this.loweredAt = now;
      return;
    }
    this.throttledInARow = 0;
    const since = now - Math.max(this.recoveredAt, this.loweredAt);
    this.rate += (this.full.perSecond * Math.min(Math.max(since, 0), RECOVERED_AT_ONCE_MS)) / RECOVERY_MS;
    this.rate = Math.min(this.rate, this.full.perSecond);
    this.recoveredAt = now;
  }

  /** Whether it is as good as a new one. */
  isForgettable(): boolean {
    if (this.waiting > 0) return false;
    this.fill();
    const isFull = this.rate === this.full.perSecond && this.tokens === this.full.burst;
    return isFull || this.clock.now() - this.usedAt > REMEMBERED_MS;
  }

  private get slowest(): number {
    return this.full.perSecond * SLOWEST;
  }

  /** A slower bucket holds less as well. */
  private get size(): number {
    return Math.max(1, (this.full.burst * this.rate) / this.full.perSecond);
  }

  private isHopeless(): boolean {
    const age = this.clock.now() - this.throttledAt;
    return (
      this.throttledInARow >= HOPELESS_ANSWERS && this.rate <= this.slowest && age >= 0 && age < HELD_BACK_MS
    );
  }

  private async wait(cost: number, refuse: () => never, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.isHopeless()) refuse();
      if (this.tookAtOnce(cost)) return;
      const missing = Math.min(cost, this.size) - this.tokens;
      await this.clock.sleep(Math.ceil((missing / this.rate) * 1000), signal);
    }
  }

  private tookAtOnce(cost: number): boolean {
    this.fill();
    if (this.tokens < Math.min(cost, this.size)) return false;
    this.tokens -= cost;
    return true;
  }

  private fill(): void {
    const now = this.clock.now();
    // A clock that was set back has not given any tokens.
    const elapsed = Math.max(0, now - this.filledAt);
    this.tokens = Math.min(this.size, this.tokens + (this.rate * elapsed) / 1000);
    this.filledAt = now;
  }
}
