import type { CallCounter } from '../aws/call-counter';
import type { CalledApi } from '../aws/called-api';

/**
 * Counts on, and how many requests of one call AWS may have served: retries of what broke on the way, and every page. What
 * it throttled it did not serve.
 */
export class ServedRequests implements CallCounter {
  private sent = 0;

  constructor(private readonly counter: CallCounter) {}

  /** One at least. */
  get most(): number {
    return Math.max(1, this.sent);
  }

  count(call: CalledApi): void {
    this.sent += 1;
    this.counter.count(call);
  }

  throttled(call: CalledApi): void {
    this.sent -= 1;
    this.counter.throttled?.(call);
  }

  watch(call: Promise<unknown>): void {
    this.counter.watch?.(call);
  }
}
