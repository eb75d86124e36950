import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import pino from 'pino';
import { z } from 'zod';
import type { Account } from '../src/core/accounts/account';
import type { Clock } from '../src/core/clock';
import { ListedActivity } from '../src/core/collection/activity/listed-activity';
import { Backoff } from '../src/core/collection/backoff';
import { monthlyProofCost } from '../src/core/collection/collection-cost';
import { LivePlanner } from '../src/core/collection/live-plan';
import { MAX_QUERIES_PER_CALL } from '../src/core/collection/planner';
import { SettleTimes } from '../src/core/collection/settle-times';
import { UNBOUNDED, type Spending } from '../src/core/collection/spending';
import { usageOfRequest } from '../src/core/cost/metrics-requested';
import { GET_METRIC_DATA, LIST_METRICS, usd } from '../src/core/cost/prices';
import type { CredentialBroker } from '../src/core/credentials/credential-broker';
import type { Resource } from '../src/core/inventory/resource';
import type { Series, SeriesCatalog, SeriesSpec } from '../src/core/metrics/series';
import type { SeriesState } from '../src/core/metrics/series-state';
import { metric, type ResourceType } from '../src/plugins/contract';
import type { Figure } from './figure';

/**
 * Calls and dollars a month for one fleet, as three collectors ask for it. What the other two do is documented: each rule
 * names its row in our notes on collectors ("Open collectors", one row a feature; "How each packs"). Of Rolecall the
 * planner, the listing of active metrics and the price list run for a day of simulated time.
 */

const DAY_MS = 86_400_000;
const DAYS = 30;
const INTERVAL_MS = 300_000;
const SCRAPES = (DAYS * DAY_MS) / INTERVAL_MS;
/** CloudWatch lists so many metrics a page, and answers so many queries a call. */
const PAGE = 500;
const REGIONS_WATCHED = 17;
/** Cycles in which two listings tell what is silent. */
const LEARNING = 48;
/** Shares of the fleet that the last two rows assume. */
const IDLE_SHARE = 0.3;
const UNREAD_SHARE = 0.75;

/** The example fleet: so many resources (target groups have the metrics of load balancers), each with so many metrics. */
const FLEET = [
  { namespace: 'AWS/EC2', plugin: 'ec2', resources: 100, metrics: 12 },
  { namespace: 'AWS/RDS', plugin: 'rds', resources: 20, metrics: 18 },
  { namespace: 'AWS/ApplicationELB', plugin: 'elb', resources: 40, metrics: 15 },
  { namespace: 'AWS/Lambda', plugin: 'lambda', resources: 200, metrics: 7 },
  { namespace: 'AWS/SQS', plugin: 'sqs', resources: 50, metrics: 7 },
] as const;
const NAMES = FLEET.reduce((sum, { metrics }) => sum + metrics, 0);

/** How the fleet is watched. */
interface Scene {
  regions: number;
  /** Of instances that are stopped, and of functions and queues that nobody uses. */
  idleShare: number;
}

interface Row {
  collector: string;
  listings: number;
  dataCalls: number;
  metricsRequested: number;
  usd: number;
}

const pages = (count: number, size: number) => Math.ceil(count / size);
const sum = (of: (kind: Kind) => number) => FLEET.reduce((total, kind) => total + of(kind), 0);
type Kind = (typeof FLEET)[number];
const mayIdle = ({ plugin }: Kind) => plugin === 'ec2' || plugin === 'lambda' || plugin === 'sqs';
const activeOf = (kind: Kind, { idleShare }: Scene) =>
  mayIdle(kind) ? kind.resources - Math.floor(kind.resources * idleShare) : kind.resources;
const METRICS = sum(({ resources, metrics }) => resources * metrics);

const price = (api: string, calls: number, metricsRequested = 0) =>
  usd({ api, calls, throttled: 0, metricsRequested, metricsRequestedLowerBound: metricsRequested }, 'AWS')
    .upper;

function row(collector: string, listings: number, dataCalls: number, metricsRequested: number): Row {
  const cost = price(LIST_METRICS, listings) + price(GET_METRIC_DATA, dataCalls, metricsRequested);
  return { collector, listings, dataCalls, metricsRequested, usd: cost };
}

/**
 * YACE. "ListMetrics": per metric name × job × role × Region, at every scrape, not cached; a listing of one name is a page
 * here. "RecentlyActive PT3H": off by default, so that what is idle stays listed for two weeks. "GMD batch": 500 within one
 * job, that is one namespace. Its default interval is five minutes.
 */
function yace({ regions }: Scene): Row {
  const dataCalls = sum(({ resources, metrics }) => pages(resources * metrics, PAGE)) * SCRAPES;
  return row('YACE', NAMES * regions * SCRAPES, dataCalls, METRICS * SCRAPES);
}

/** "RecentlyActive PT3H": a flag of each job. */
function yaceRecentlyActive(scene: Scene): Row {
  const asked = (kind: Kind) => activeOf(kind, scene) * kind.metrics;
  const dataCalls = sum((kind) => pages(asked(kind), PAGE)) * SCRAPES;
  return row('  with RecentlyActive', NAMES * scene.regions * SCRAPES, dataCalls, sum(asked) * SCRAPES);
}

/**
 * cloudwatch_exporter. "ListMetrics": per rule, that is per metric name; its cache is off by default. "RecentlyActive PT3H":
 * by itself, its range being ten minutes. "Regions": one a process; a process for each is assumed, scraped every five
 * minutes. "GMD batch": GetMetricStatistics by default, one metric a call.
 */
function exporter(scene: Scene): Row {
  const calls = sum((kind) => activeOf(kind, scene) * kind.metrics) * SCRAPES;
  const made = row('cloudwatch_exporter', NAMES * scene.regions * SCRAPES, calls, 0);
  return { ...made, usd: made.usd + price('cloudwatch:GetMetricStatistics', calls) };
}

/** "GMD batch": opt-in, 500 within one rule. */
function exporterWithData(scene: Scene): Row {
  const dataCalls = sum((kind) => kind.metrics * pages(activeOf(kind, scene), PAGE)) * SCRAPES;
  const asked = sum((kind) => activeOf(kind, scene) * kind.metrics) * SCRAPES;
  return row('  with GetMetricData', NAMES * scene.regions * SCRAPES, dataCalls, asked);
}

/** A resource type of each kind: a resource publishes nothing while it is stopped. */
function declarationOf(type: string): ResourceType {
  const { namespace, metrics } = FLEET.find(({ plugin }) => type === `${plugin}:one`)!;
  return {
    graphqlType: 'FleetResource',
    description: 'One of the fleet.',
    attributes: z.object({ id: z.string(), stopped: z.boolean() }),
    collects: ({ attributes }) => !attributes.stopped,
    metrics: [
      {
        namespace,
        dimensions: ({ attributes }) => [{ Id: String(attributes.id) }],
        settleSeconds: 300,
        definitions: Array.from({ length: metrics }, (_, index) =>
          metric(`Metric${index}`, ['Average'], null),
        ),
      },
    ],
  };
}

function resourcesOf({ idleShare }: Scene): { resources: Resource[]; silent: Set<string> } {
  const silent = new Set<string>();
  const resources = FLEET.flatMap(({ plugin, resources: count }) =>
    Array.from({ length: count }, (_, index) => {
      const id = `${plugin}-${index}`;
      const isIdle = index < Math.floor(count * idleShare);
      if (isIdle && (plugin === 'lambda' || plugin === 'sqs')) silent.add(id);
      const attributes = { id, stopped: isIdle && plugin === 'ec2' };
      return {
        id: 0,
        type: `${plugin}:one`,
        region: 'eu-central-1',
        plugin,
        attributes,
      } as unknown as Resource;
    }),
  );
  return { resources, silent };
}

/** A day, once it is learned what is silent. */
async function rolecall(name: string, scene: Scene, spending: Spending = UNBOUNDED): Promise<Row> {
  const { resources, silent } = resourcesOf(scene);
  let now = Date.UTC(2026, 10, 23, 0, 0, 10);
  const clock = { now: () => now } as Clock;
  const counts = { listings: 0, dataCalls: 0, metricsRequested: 0 };
  const states = new Map<number, SeriesState>();
  const planner = new LivePlanner({
    catalog: {
      ensure: memoryCatalog(),
      // What is stopped was never collected.
      within: () => ({ ofResources: async () => [] }),
    } as unknown as SeriesCatalog,
    states: {
      statesOf: async (series) => series.map(({ id }) => states.get(id) ?? FRESH),
      note: async () => undefined,
    },
    declarations: { resourceType: (type) => ({ declaration: declarations.get(type)! }) },
    settleTimes: new SettleTimes({
      observations: { load: async () => [], record: async () => undefined },
      clock,
    }),
    spending,
    activity: new ListedActivity({
      ...{
        broker: listingBroker(silent),
        clock,
        intervalMs: INTERVAL_MS,
        concurrency: 4,
        timeLimitMs: 60_000,
      },
      log: pino({ level: 'silent' }),
    }),
    refused: new Backoff({ firstMs: DAY_MS, mostMs: DAY_MS }),
    ...{ clock, intervalMs: INTERVAL_MS },
  });
  const counter = { count: () => (counts.listings += 1) };
  for (let cycle = 0; cycle < LEARNING + DAY_MS / INTERVAL_MS; cycle++, now += INTERVAL_MS) {
    if (cycle === LEARNING) Object.assign(counts, { listings: 0, dataCalls: 0, metricsRequested: 0 });
    const { calls } = await planner.plan(ACCOUNT, FENCE, resources, counter, NEVER);
    for (const { region, series, to } of calls) {
      counts.dataCalls += 1;
      for (const usage of usageOfRequest(region, series)) counts.metricsRequested += usage.metricsRequested;
      const state = { watermark: to, askedAt: now, answeredAt: now, receivedAt: now, trouble: null };
      for (const { id } of series) states.set(id, state);
    }
  }
  const { listings, dataCalls, metricsRequested } = counts;
  const month = row(name, listings * DAYS, dataCalls * DAYS, metricsRequested * DAYS);
  return { ...month, usd: month.usd + monthlyProofCost('AWS').upper };
}

const ACCOUNT = { id: 1, tenantId: 1, metricProfiles: [] } as unknown as Account;
const FENCE = { accountId: 1, token: 1 };
const NEVER = new AbortController().signal;
const FRESH: SeriesState = {
  watermark: null,
  askedAt: null,
  answeredAt: null,
  receivedAt: null,
  trouble: null,
};
const declarations = new Map(FLEET.map(({ plugin }) => [`${plugin}:one`, declarationOf(`${plugin}:one`)]));

/** Three in four are read by nobody. */
const STRETCHED: Spending = {
  ...UNBOUNDED,
  allowance: async () => 'STRETCHED',
  unread: async (_, series) => new Set(series.flatMap(({ id }) => (id % 4 < UNREAD_SHARE * 4 ? id : []))),
};

/** The same series for the same spec. */
function memoryCatalog() {
  const ids = new Map<string, number>();
  return async (_fence: unknown, _tenantId: number, specs: readonly SeriesSpec[]): Promise<Series[]> =>
    specs.map((spec) => {
      const key = `${spec.namespace} ${spec.name} ${Object.values(spec.dimensions).join()}`;
      const id = ids.get(key) ?? ids.size + 1;
      ids.set(key, id);
      return { ...spec, id, tenantId: 1, accountId: 1, block: 1, slot: id, watermark: null };
    });
}

/** CloudWatch as far as ListMetrics goes: what is not silent, 500 a page. */
function listingBroker(silent: ReadonlySet<string>): CredentialBroker {
  const listed = new Map(
    FLEET.map(({ namespace, plugin, resources, metrics }) => [
      namespace as string,
      Array.from({ length: resources * metrics }, (_, index) => ({
        MetricName: `Metric${index % metrics}`,
        Dimensions: [{ Name: 'Id', Value: `${plugin}-${Math.floor(index / metrics)}` }],
      })).filter(({ Dimensions }) => !silent.has(Dimensions[0]!.Value)),
    ]),
  );
  const client = (calls: { count(): void }) => {
    const made = new CloudWatchClient({ region: 'eu-central-1' });
    made.send = (async ({ input }: { input: { Namespace: string; NextToken?: string } }) => {
      calls.count();
      const from = Number(input.NextToken ?? 0);
      const all = listed.get(input.Namespace)!;
      const NextToken = from + PAGE < all.length ? String(from + PAGE) : undefined;
      return { Metrics: all.slice(from, from + PAGE), NextToken };
    }) as never;
    return made;
  };
  return {
    dropped: () => NEVER,
    use: (_account: unknown, _purpose: unknown, _signal: unknown, work: (session: object) => unknown) =>
      work({ client: (_constructor: unknown, { calls }: { calls: { count(): void } }) => client(calls) }),
  } as unknown as CredentialBroker;
}

function print(title: string, rows: readonly Row[]): void {
  const cells = [
    [title, 'ListMetrics', 'data calls', 'metrics asked', '$ a month'],
    ...rows.map((one) => [
      one.collector,
      ...[one.listings, one.dataCalls, one.metricsRequested].map((count) =>
        Math.round(count).toLocaleString('en'),
      ),
      one.usd.toFixed(2),
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  for (const line of cells) {
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    );
  }
}

/** One table of two scenes, and Rolecall's bill as a share of YACE's. */
export async function fleetCost(): Promise<Figure[]> {
  const plain: Scene = { regions: 1, idleShare: 0 };
  const usual: Scene = { regions: REGIONS_WATCHED, idleShare: IDLE_SHARE };
  const all = await rolecall('Rolecall', plain);
  const idle = await rolecall('Rolecall', usual);
  const stretched = await rolecall('  with its budget stretched', usual, STRETCHED);
  const kinds = FLEET.map(({ resources, namespace }) => `${resources} ${namespace.slice(4)}`).join(', ');
  console.log(
    `A fleet of ${kinds}: ${METRICS.toLocaleString('en')} metrics with one statistic each, in one Region of one account, asked ` +
      `for every 5 minutes, in 30 days. Free calls (STS, tagging, Describe) and the free tier are left out. Stretched: 80 % of ` +
      `the budget is spent, and ${UNREAD_SHARE * 100} % of the series have been unread for 30 days.\n`,
  );
  const others = [yace, exporter, exporterWithData];
  print('One Region watched, everything active', [...others.map((made) => made(plain)), all]);
  console.log('');
  print(`${REGIONS_WATCHED} Regions watched, ${IDLE_SHARE * 100} % of instances, functions, queues idle`, [
    ...[yace, yaceRecentlyActive, exporter, exporterWithData].map((made) => made(usual)),
    ...[idle, stretched],
  ]);
  console.log('');
  const optimum = pages(METRICS, MAX_QUERIES_PER_CALL) * SCRAPES;
  const share = (one: Row) => one.usd / yace(usual).usd;
  return [
    { name: 'fleet-cost.calls-to-optimum', value: all.dataCalls / optimum, goal: '<= 1.03' },
    { name: 'fleet-cost.idle-to-yace', value: share(idle), goal: '-' },
    { name: 'fleet-cost.stretched-to-yace', value: share(stretched), goal: '-' },
  ];
}
