import { createHmac } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { RandomBytes } from './tokens';

/** In seconds. */
const WINDOW = 60;
const FIRST_WAIT = 60;
const LONGEST_WAIT = 900;
/** How long waits are remembered: each within it is twice as long as the one before. */
const MEMORY = 3_600;

/**
 * Counts failures: those who have too many within a minute wait, for a minute at first and twice as long each further
 * time within the hour, at most 15 minutes. Runs on the machine's clock. Memory is bounded: what is counted falls into
 * 65,536 places, by a secret of this process so that nobody can choose whom to share one with.
 */
export class FailureLimit {
  private readonly failures: RateLimiterMemory;
  private readonly waits = new RateLimiterMemory({ points: 1, duration: MEMORY });
  private readonly salt: Buffer;

  /** @param perMinute failures until one waits */
  constructor(
    private readonly perMinute: number,
    randomBytes: RandomBytes,
  ) {
    this.failures = new RateLimiterMemory({ points: perMinute, duration: WINDOW });
    this.salt = randomBytes(32);
  }

  /** Seconds until it may be tried again; 0: now. */
  async wait(key: string): Promise<number> {
    const state = await this.failures.get(this.place(key));
    if (!state || state.consumedPoints <= this.perMinute) return 0;
    return Math.max(0, Math.ceil(state.msBeforeNext / 1000));
  }

  /** @returns the seconds to wait when this failure was the one too many, else 0 */
  async count(key: string): Promise<number> {
    const place = this.place(key);
    const { consumedPoints } = await this.failures.penalty(place);
    // Those that were under way already when the limit was reached make the wait no longer.
    if (consumedPoints !== this.perMinute) return 0;
    const { consumedPoints: times } = await this.waits.penalty(place);
    const seconds = Math.min(FIRST_WAIT * 2 ** (times - 1), LONGEST_WAIT);
    await this.failures.block(place, seconds);
    return seconds;
  }

  async forget(key: string): Promise<void> {
    const place = this.place(key);
    await this.failures.delete(place);
    await this.waits.delete(place);
  }

  private place(key: string): number {
    return createHmac('sha256', this.salt).update(key).digest().readUInt16BE();
  }
}
