import { z } from 'zod';
import {
  definePlugin,
  metric,
  resourceType,
  type DiscoverContext,
  type Plugin,
} from '../../../src/plugins/contract';
import { demoWorld, type NewMetrics } from '../../../src/simulator';
import { onboard } from '../../e2e/onboard';
import { Accounts, Runs } from '../../e2e/operations.graphql';
import { MINUTE, startRolecall, type Rolecall } from '../../support/rolecall';
import { StoredPoints } from './stored-points.graphql';

/** The AWS account that everything lies in, and its Region. */
export const AWS_ACCOUNT = '500000000000';
export const REGION = 'us-east-1';
export const NAMESPACE = 'Trap/Things';

export interface Thing {
  id: string;
  /** One entry for each set of dimensions. */
  dimensions: Record<string, string>[];
}

/** What is looked at in a trap: things of one namespace, whose metrics the test publishes. */
export interface TrapSubject {
  namespace?: string;
  names?: string[];
  statistics?: string[];
  /** Seconds. */
  period?: 60 | 300 | 86_400;
  settleSeconds?: number;
  /** As they are at the time of a discovery; one thing in the home Region by default. */
  things?: (region: string) => Thing[];
  discover?: (context: DiscoverContext) => Promise<void>;
}

export const aThing = (id: string): Thing => ({ id, dimensions: [{ ThingId: id }] });
const inHomeRegion = (region: string) => (region === REGION ? [aThing('one')] : []);

/** A plugin that needs no service: it finds what the test says. */
export function trapPlugin({
  namespace = NAMESPACE,
  names = ['Load'],
  statistics = ['Average'],
  period = 300,
  settleSeconds = 900,
  things = inHomeRegion,
  discover = () => Promise.resolve(),
}: TrapSubject = {}): Plugin {
  return definePlugin({
    name: 'trap',
    version: '1.0.0',
    apiVersion: 1,
    displayName: 'Trap',
    description: 'Things of a test.',
    iamActions: ['ec2:DescribeInstances'],
    resources: {
      'trap:thing': resourceType({
        graphqlType: 'TrapThing',
        description: 'A thing of a test.',
        attributes: z.object({ thingId: z.string() }),
        metrics: [
          {
            namespace,
            dimensions: ({ region, attributes }) =>
              things(region).find(({ id }) => id === attributes.thingId)?.dimensions ?? [],
            period: () => period,
            settleSeconds,
            definitions: names.map((name) => metric(name, statistics, null)),
          },
        ],
      }),
    },
    async *discover(context) {
      await discover(context);
      for (const { id } of things(context.region)) {
        yield { type: 'trap:thing', arn: null, id, name: id, tags: {}, attributes: { thingId: id } };
      }
    },
  });
}

export interface Trap extends Rolecall {
  accountId: string;
  publish(metrics: Partial<NewMetrics>): void;
  /** One cycle. @returns its run */
  cycle(milliseconds?: number): ReturnType<Trap['lastRun']>;
  lastRun(): Promise<{
    state: string;
    pointsStored: number;
    pointsBackfilled: number;
    steps: {
      step: string;
      region: string | null;
      state: string;
      error: { code: string; retryable: boolean } | null;
    }[];
  }>;
  account(): Promise<{ status: string; statusReason: string | null }>;
  /** GetMetricData calls of collections since `mark` of the call log. */
  asked(mark?: number): ReturnType<Rolecall['simulator']['calls']['list']>;
  /** Stored points against the truth; `to` is the end of the last closed period by default. */
  compare(options?: { from?: number; to?: number; period?: number; names?: string[] }): Promise<{
    series: number;
    equal: number;
    wrong: string[];
    missing: string[];
  }>;
}

/** A gateway with one account and one thing whose metrics are published, not collected yet. */
export async function startTrap(
  subject: TrapSubject = {},
  options: Parameters<typeof startRolecall>[0] & { regions?: string[] } = {},
): Promise<Trap> {
  const { regions = [REGION], ...rolecallOptions } = options;
  const world = demoWorld();
  world.addAccount({ id: AWS_ACCOUNT, enabledRegions: regions });
  const rolecall = await startRolecall({
    world,
    plugins: [trapPlugin(subject)],
    settings: { ROLECALL_BACKFILL_DAYS: '0' },
    ...rolecallOptions,
  });
  const { simulator, clock } = rolecall;
  const { namespace = NAMESPACE, names = ['Load'], period: ownPeriod = 300 } = subject;
  const publish = (metrics: Partial<NewMetrics>) =>
    world.publishMetrics({
      ...{ accountId: AWS_ACCOUNT, region: REGION, namespace, names },
      dimensions: [{ Name: 'ThingId', Value: 'one' }],
      ...metrics,
    });
  publish({});
  const accountId = await onboard(rolecall.admin, simulator, AWS_ACCOUNT, { regions });
  const startedAt = clock.now();
  const filter = { accountIds: [accountId] };
  const trap: Trap = Object.assign(rolecall, {
    accountId,
    publish,
    async cycle(milliseconds = 5 * MINUTE) {
      await rolecall.collect(milliseconds);
      return trap.lastRun();
    },
    async lastRun() {
      const { collectionRuns } = await rolecall.admin.execute(Runs, { filter });
      return collectionRuns.nodes.find(({ trigger }) => trigger !== 'BACKFILL')!;
    },
    async account() {
      return (await rolecall.admin.execute(Accounts, {})).accounts.nodes[0]!;
    },
    asked: (mark = 0) =>
      simulator.calls
        .list({ action: 'GetMetricData', after: mark })
        .filter(({ sessionName }) => sessionName?.startsWith('rolecall-collect')),
    async compare({
      from = startedAt - 2 * 3_600_000,
      to = clock.now(),
      period = ownPeriod,
      names: only,
    }: any = {}) {
      const step = period * 1000;
      const range = { from: from - (from % step), to: to - (to % step) };
      const { metricData } = await rolecall.admin.execute(StoredPoints, {
        filter: { ...filter, ...(only && { names: only }) },
        range: { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() },
        step: period,
      });
      if (metricData.truncated) throw new Error('More series than one read holds');
      const result = {
        series: metricData.series.length,
        equal: 0,
        wrong: [] as string[],
        missing: [] as string[],
      };
      for (const { metric: one, columns } of metricData.series) {
        const stored = new Map(columns.timestamps.map((at, index) => [at, columns.values[index] ?? null]));
        for (let timestamp = range.from; timestamp < range.to; timestamp += step) {
          const truth = simulator.oracle.metricValue({
            ...{ accountId: AWS_ACCOUNT, region: one.resource.region, timestamp, period },
            ...{ namespace: one.namespace, metricName: one.name, statistic: one.statistic },
            dimensions: Object.entries(one.dimensions).map(([Name, Value]) => ({
              Name,
              Value: String(Value),
            })),
            asOf: clock.now(),
          });
          const found = stored.get(timestamp) ?? null;
          const where = `${one.name} ${JSON.stringify(one.dimensions)} at ${new Date(timestamp).toISOString()}`;
          if (found === truth) result.equal += truth === null ? 0 : 1;
          else if (found === null) result.missing.push(where);
          else result.wrong.push(`${where}: ${found}, not ${truth}`);
        }
      }
      return { ...result, wrong: abridged(result.wrong), missing: abridged(result.missing) };
    },
  } as Omit<Trap, keyof Rolecall>);
  return trap;
}

/** What a failed test shows of many. */
const abridged = (places: string[]) =>
  places.length > 3 ? [...places.slice(0, 3), `and ${places.length - 3} more`] : places;

/** Nothing wrong, nothing missing, and not because there is nothing. */
export const WHOLE = { equal: expect.any(Number), wrong: [], missing: [] };
