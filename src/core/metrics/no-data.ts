/**
 * Why points are missing.
 * NOT_DUE: not asked for as yet. NOT_SETTLED: CloudWatch may still deliver it. THROTTLED, DENIED, REGION_DISABLED: what AWS
 * answered. RESOURCE_INACTIVE: a stopped or detached resource is not asked for. NEVER_PUBLISHED: CloudWatch answered, and has
 * never had a point. SPARSE: CloudWatch answered that these periods have none. OVER_BUDGET, ACCOUNT_PAUSED, ACCOUNT_BROKEN,
 * PLUGIN_FAILED, GATEWAY_DOWN: why it was not asked for. OUTSIDE_RETENTION: CloudWatch has it no more.
 */
export const NO_DATA_REASONS = [
  'NOT_DUE',
  'NOT_SETTLED',
  'THROTTLED',
  'DENIED',
  'REGION_DISABLED',
  'RESOURCE_INACTIVE',
  'NEVER_PUBLISHED',
  'SPARSE',
  'OVER_BUDGET',
  'ACCOUNT_PAUSED',
  'ACCOUNT_BROKEN',
  'PLUGIN_FAILED',
  'GATEWAY_DOWN',
  'OUTSIDE_RETENTION',
] as const;

export type NoDataReason = (typeof NO_DATA_REASONS)[number];

/** A reason with the fact that shows it, in a sentence without secrets. */
export interface Trouble {
  reason: NoDataReason;
  evidence: string;
}
