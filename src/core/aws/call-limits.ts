import type { CalledApi } from './called-api';

/** One request before it is sent. */
export interface LimitedCall extends CalledApi {
  /** Of Rolecall: its calls share AWS's quotas with nobody else's but the customer's own. */
  accountId: number;
  /** Data points that a GetMetricData asks for: queries × periods of the window; 0 for other calls. */
  points: number;
  /** StartTime of a GetMetricData, epoch ms; null for other calls. AWS allows more points a second where it is older. */
  startTime: number | null;
}

/**
 * Keeps the gateway within AWS's quotas, for each account, Region and API apart: one sick account slows no other.
 */
export interface CallLimits {
  /**
   * Resolves when the request may be sent.
   * @throws CallHeldBackError while AWS does nothing but throttle this API; the signal's reason
   */
  take(call: LimitedCall, signal?: AbortSignal): Promise<void>;
  /** What AWS answered: throttling lowers the rate, anything else lets it recover. Not told of what it did not answer. */
  answered(call: LimitedCall, answer: { throttled: boolean }): void;
}
