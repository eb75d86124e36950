/** What may be taken a second, and at once after a pause. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** One of AWS's limits, for each account and Region. */
interface ApiQuota extends Rate {
  /** Actions of one name draw on one bucket. */
  bucket: string;
}

/**
 * AWS's own limits for each account and Region:
 * CloudWatch: GetMetricData 50 and ListMetrics 25 requests a second (CloudWatch user guide, service quotas, 2023);
 * EC2: 100 requests at once and 20 a second, each API apart (EC2 developer guide, request throttling, 2025);
 * ELB: 40 at once and 10 a second for all Describe* of an API version (ELB user guide, request throttling, 2025), of which
 * the two versions have the same IAM actions: here they share;
 * tagging: GetResources 15 a second (Resource Groups Tagging API reference, quotas, 2024).
 */
const QUOTAS: readonly { actions: RegExp; rate: Rate; isShared?: boolean }[] = [
  { actions: /^cloudwatch:GetMetricData$/, rate: { perSecond: 50, burst: 50 } },
  { actions: /^cloudwatch:ListMetrics$/, rate: { perSecond: 25, burst: 25 } },
  { actions: /^ec2:Describe/, rate: { perSecond: 20, burst: 100 } },
  { actions: /^elasticloadbalancing:Describe/, rate: { perSecond: 10, burst: 40 }, isShared: true },
  { actions: /^tag:GetResources$/, rate: { perSecond: 15, burst: 15 } },
];

/** Of the APIs whose limits AWS does not publish, RDS among them: more than a discovery asks for, and learnt from throttling. */
const UNPUBLISHED: Rate = { perSecond: 40, burst: 100 };

/** Data points that GetMetricData calls may ask for (CloudWatch user guide, service quotas, 2023). Not adjustable. */
export const POINT_RATES = { recent: 180_000, older: 396_000 } as const;
/** Up to which age StartTime is recent. */
export const RECENT_MS = 3 * 3_600_000;

/** The limit of an action, as IAM writes it. */
export function quotaOf(action: string): ApiQuota {
  const found = QUOTAS.find(({ actions }) => actions.test(action));
  const bucket = found?.isShared ? action.slice(0, action.indexOf(':')) : action;
  return { bucket, ...(found?.rate ?? UNPUBLISHED) };
}
