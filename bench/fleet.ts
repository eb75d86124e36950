import { GET_METRIC_DATA, LIST_METRICS, usd } from '../src/core/cost/prices';

export const DAY_MS = 86_400_000;
export const DAYS = 30;
export const INTERVAL_MS = 300_000;
export const SCRAPES = (DAYS * DAY_MS) / INTERVAL_MS;
/** CloudWatch lists so many metrics a page, and answers so many queries a call. */
export const PAGE = 500;

/** The example fleet: so many resources (target groups have the metrics of load balancers), each with so many metrics. */
export const FLEET = [
  { namespace: 'AWS/EC2', plugin: 'ec2', resources: 100, metrics: 12 },
  { namespace: 'AWS/RDS', plugin: 'rds', resources: 20, metrics: 18 },
  { namespace: 'AWS/ApplicationELB', plugin: 'elb', resources: 40, metrics: 15 },
  { namespace: 'AWS/Lambda', plugin: 'lambda', resources: 200, metrics: 7 },
  { namespace: 'AWS/SQS', plugin: 'sqs', resources: 50, metrics: 7 },
] as const;
export type Kind = (typeof FLEET)[number];

/** How the fleet is watched. */
export interface Scene {
  regions: number;
  /** Of instances that are stopped, and of functions and queues that nobody uses. */
  idleShare: number;
}

/** One line of the table: calls and US dollars in a month. */
export interface Row {
  collector: string;
  listings: number;
  dataCalls: number;
  metricsRequested: number;
  usd: number;
}

export const sum = (of: (kind: Kind) => number) => FLEET.reduce((total, kind) => total + of(kind), 0);
export const pages = (count: number, size: number) => Math.ceil(count / size);
export const NAMES = FLEET.reduce((sum, { metrics }) => sum + metrics, 0);
export const METRICS = sum(({ resources, metrics }) => resources * metrics);
const mayIdle = ({ plugin }: Kind) => plugin === 'ec2' || plugin === 'lambda' || plugin === 'sqs';
export const activeOf = (kind: Kind, { idleShare }: Scene) =>
  mayIdle(kind) ? kind.resources - Math.floor(kind.resources * idleShare) : kind.resources;

export const price = (api: string, calls: number, metricsRequested = 0) =>
  usd({ api, calls, throttled: 0, metricsRequested, metricsRequestedLowerBound: metricsRequested }, 'AWS')
    .upper;

export function row(collector: string, listings: number, dataCalls: number, metricsRequested: number): Row {
  const cost = price(LIST_METRICS, listings) + price(GET_METRIC_DATA, dataCalls, metricsRequested);
  return { collector, listings, dataCalls, metricsRequested, usd: cost };
}
