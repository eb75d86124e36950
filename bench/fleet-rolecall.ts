import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import pino from 'pino';
import { z } from 'zod';
import type { Account } from '../src/core/accounts/account';
import type { Clock } from '../src/core/clock';
import { ListedActivity } from '../src/core/collection/activity/listed-activity';
import { Backoff } from '../src/core/collection/backoff';
import { monthlyProofCost } from '../src/core/collection/collection-cost';
import { LivePlanner } from '../src/core/collection/live-plan';
import { SettleTimes } from '../src/core/collection/settle-times';
import { UNBOUNDED, type Spending } from '../src/core/collection/spending';
import { usageOfRequest } from '../src/core/cost/metrics-requested';
import type { CredentialBroker } from '../src/core/credentials/credential-broker';
import type { Resource } from '../src/core/inventory/resource';
import type { Series, SeriesCatalog, SeriesSpec } from '../src/core/metrics/series';
import type { SeriesState } from '../src/core/metrics/series-state';
import { metric, type ResourceType } from '../src/plugins/contract';
import { DAY_MS, DAYS, FLEET, INTERVAL_MS, PAGE, row, type Row, type Scene } from './fleet';

/** Cycles in which two listings tell what is silent. */
const LEARNING = 48;
/** Of the series, where the budget is stretched. */
export const UNREAD_SHARE = 0.75;

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
export async function rolecall(name: string, scene: Scene, spending: Spending = UNBOUNDED): Promise<Row> {
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
export const STRETCHED: Spending = {
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
