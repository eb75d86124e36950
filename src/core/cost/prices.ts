import type { Partition } from '../accounts/account';
import type { Usage } from './usage';

/**
 * What AWS charges for the calls that Rolecall makes: the one place that names a price. Free are STS, IAM and every
 * Describe and List of a service but CloudWatch's own. The free tier (a million CloudWatch requests a month, GetMetricData
 * left out) is not deducted: the customer's own tools use it too.
 */
interface PartitionPrices {
  /** GetMetricData, for each metric that a request asks for. */
  usdPerMetricRequested: number;
  /** Any other call of CloudWatch, such as ListMetrics. */
  usdPerRequest: number;
  /** When it was looked up. */
  asOf: string;
  source: string;
}

/** China is billed in yuan: ¥0.0651 per 1,000 metrics, ¥0.0622 per 1,000 requests. At 7.1 yuan a dollar (2026-11). */
const USD_PER_YUAN = 1 / 7.1;

const PRICES: Record<Partition, PartitionPrices> = {
  AWS: {
    usdPerMetricRequested: 0.01 / 1000,
    usdPerRequest: 0.01 / 1000,
    asOf: '2026-11-24',
    source:
      'https://aws.amazon.com/cloudwatch/pricing/, us-east-1; the same in every Region that was looked at',
  },
  AWS_US_GOV: {
    usdPerMetricRequested: 0.01 / 1000,
    usdPerRequest: 0.01 / 1000,
    asOf: '2026-11-24',
    source: 'No price of its own was found: those of us-east-1',
  },
  AWS_CN: {
    usdPerMetricRequested: (0.0651 / 1000) * USD_PER_YUAN,
    usdPerRequest: (0.0622 / 1000) * USD_PER_YUAN,
    asOf: '2026-11-26',
    source: 'https://amazonaws.cn/cloudwatch/pricing, Beijing and Ningxia',
  },
};

/**
 * AWS's price page counts up to five statistics of a metric in one request as one metric; customers have measured each as
 * one (prometheus/cloudwatch_exporter PR 482). Hence two bounds.
 */
export const STATISTICS_OF_ONE_PRICE = 5;

/** The bounds between which AWS's bill lies, in US dollars. */
export interface UsdBounds {
  lower: number;
  upper: number;
}

export const GET_METRIC_DATA = 'cloudwatch:GetMetricData';
export const LIST_METRICS = 'cloudwatch:ListMetrics';

/** The price of one metric requested, US dollars. */
export function usdPerMetricRequested(partition: Partition): number {
  return PRICES[partition].usdPerMetricRequested;
}

/** What these calls cost. Requests that AWS throttled count in the upper bound alone: its documents do not say. */
export function usd(
  usage: Pick<Usage, 'api' | 'calls' | 'throttled' | 'metricsRequested' | 'metricsRequestedLowerBound'>,
  partition: Partition,
): UsdBounds {
  const { usdPerMetricRequested: perMetric, usdPerRequest } = PRICES[partition];
  const { api, calls, throttled } = usage;
  if (api === GET_METRIC_DATA) {
    return { lower: usage.metricsRequestedLowerBound * perMetric, upper: usage.metricsRequested * perMetric };
  }
  if (!api.startsWith('cloudwatch:')) return { lower: 0, upper: 0 };
  return { lower: (calls - throttled) * usdPerRequest, upper: calls * usdPerRequest };
}
