import type { CalledApi } from './called-api';

/** Counts requests that were sent, retries included. */
export interface CallCounter {
  count(call: CalledApi): void;
  /** Told of each request that AWS answered with throttling. */
  throttled?(call: CalledApi): void;
  /** Told of each call, which ends when it is answered or has failed for good. */
  watch?(call: Promise<unknown>): void;
}
