/** Calls of one kind and what they cost, as the ledger adds them up. */
export interface Usage {
  /** Null where a call serves several plugins at once and no share is known. */
  plugin: string | null;
  region: string;
  /** As IAM writes it, such as cloudwatch:GetMetricData. */
  api: string;
  calls: number;
  /** Of those, answered with throttling. */
  throttled: number;
  /** GetMetricData: metrics requested, each statistic of a metric counted (the upper bound of what is billed). */
  metricsRequested: number;
  /** The lower bound: up to five statistics of a metric in one request counted as one. */
  metricsRequestedLowerBound: number;
}

/** Takes down what one run, proof or session uses. */
export interface UsageMeter {
  add(usage: Usage): void;
}
