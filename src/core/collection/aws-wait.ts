import type { CallCounter } from '../aws/call-counter';
import type { CalledApi } from '../aws/called-api';

/** Counts on, and tells for how long AWS was waited for: that is not the waiting plugin's fault. */
export class AwsWait implements CallCounter {
  private underWay = 0;
  private since = 0;
  private ended = 0;

  constructor(private readonly counter: CallCounter) {}

  count(call: CalledApi): void {
    this.counter.count(call);
  }

  throttled(call: CalledApi): void {
    this.counter.throttled?.(call);
  }

  watch(call: Promise<unknown>): void {
    if (this.underWay++ === 0) this.since = performance.now();
    const end = () => {
      if (--this.underWay === 0) this.ended += performance.now() - this.since;
    };
    call.then(end, end);
  }

  /** Real time in which one call at least was under way. */
  get milliseconds(): number {
    return this.ended + (this.underWay > 0 ? performance.now() - this.since : 0);
  }
}
