import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AwsClients } from '../../src/core/aws/aws-clients';
import { describeAwsError } from '../../src/core/aws/aws-error';
import { Remembered } from '../../src/core/collection/remembered';
import type { DiscoveredResource, Plugin } from '../../src/plugins/contract';
import { PluginRegistry } from '../../src/plugins/registry';
import type { Simulator, World } from '../../src/simulator';
import { customerId, customerKeys, noon, region, startTestSimulator } from '../simulator/harness';
import { ManualClock } from '../support/manual-clock';
import { describeSeries, isCollected, seriesOf, withoutNullable, type GroupSeries } from './plugin-series';

/** What a plugin is to find in the simulated cloud. */
export interface PluginFixture {
  /** Puts resources of every declared type there: tagged and untagged, and more than a page of what comes in pages. */
  populate(world: World, place: { accountId: string; region: string }): void;
  /** How many of each type are to be found. */
  found: Record<string, number>;
  /** Calls that one discovery needs for each action, so that the world is known to be larger than a page. */
  calls: Record<string, number>;
  /** Those of the next discovery, where it needs fewer. */
  callsWhenRemembered?: Record<string, number>;
}

/** A Region of the account in which there is nothing. */
const EMPTY_REGION = 'us-east-1';
/** A plugin that is stopped has ended after this many milliseconds, on a busy machine too. */
const STOP_LIMIT_MS = 5_000;

/** What every plugin keeps to, seen through the clients that the gateway makes for it. */
export function describePlugin(plugin: Plugin, fixture: PluginFixture): void {
  describe(`plugin ${plugin.name}`, () => {
    const requestHandler = new NodeHttpHandler();
    let simulator: Simulator;
    let discovered: DiscoveredResource[];

    beforeAll(async () => {
      simulator = await startTestSimulator();
      fixture.populate(simulator.world, { accountId: customerId, region });
      discovered = await readAll(discover());
    });
    beforeEach(() => {
      simulator.calls.clear();
      simulator.faults.clear();
    });
    afterAll(async () => {
      requestHandler.destroy();
      await simulator.close();
    });

    function discover(options: { region?: string; signal?: AbortSignal; remembered?: Remembered } = {}) {
      const { region: place = region, signal = new AbortController().signal } = options;
      const { remembered = newMemory() } = options;
      const clients = new AwsClients({ endpoint: simulator.url, requestHandler, maxAttempts: 3 });
      const scope = { credentials: customerKeys, allowedActions: new Set(plugin.iamActions), signal };
      return plugin.discover({
        aws: { client: (constructor) => clients.create(constructor, { ...scope, region: place }) },
        region: place,
        account: { id: customerId, partition: 'aws' },
        signal,
        log: { info: () => undefined, warn: () => undefined },
        remember: (kind, ids, maxAgeSeconds, load) =>
          remembered.get(customerId, `${place} ${kind}`, ids, maxAgeSeconds, load),
      });
    }

    test('has a declaration that the registry takes', () => {
      expect(() => new PluginRegistry([plugin])).not.toThrow();
    });

    test('finds every resource of every type, tagged or not, to the last page', () => {
      expect(countBy(discovered, ({ type }) => type)).toEqual(fixture.found);
      expect(Object.keys(fixture.found).sort()).toEqual(Object.keys(plugin.resources).sort());
      for (const type of Object.keys(plugin.resources)) {
        const tagged = discovered.filter((one) => one.type === type).map(({ tags }) => hasKeys(tags));
        expect(new Set(tagged)).toEqual(new Set([true, false]));
      }
    });

    test('finds nothing twice', () => {
      expect(new Set(discovered.map(identityOf)).size).toBe(discovered.length);
    });

    test('calls what it declares, all of it and nothing else', async () => {
      await readAll(discover());
      expect(simulator.calls.counts()).toEqual(fixture.calls);
      expect(Object.keys(fixture.calls).sort()).toEqual([...plugin.iamActions].sort());
    });

    test('yields attributes as they are declared, and nothing beside them', () => {
      for (const { type, attributes } of discovered) {
        const schema = plugin.resources[type]!.attributes.strict();
        expect(schema.parse(attributes)).toEqual(JSON.parse(JSON.stringify(attributes)));
      }
    });

    test('yields an ARN, of this Region and account where it names them, or an id', () => {
      for (const { arn, id } of discovered) {
        if (arn === null) expect(id).toMatch(/./);
        else expect(arn).toMatch(new RegExp(`^arn:aws:[a-z0-9-]+:(${region})?:(${customerId})?:.`));
      }
    });

    test('yields the same of the same', async () => {
      expect(await readAll(discover())).toEqual(discovered);
    });

    test('yields the same from what it remembers, with no more calls than before', async () => {
      const remembered = newMemory();
      expect(await readAll(discover({ remembered }))).toEqual(discovered);
      simulator.calls.clear();
      expect(await readAll(discover({ remembered }))).toEqual(discovered);
      expect(simulator.calls.counts()).toEqual(fixture.callsWhenRemembered ?? fixture.calls);
    });

    test('finds nothing where there is nothing', async () => {
      expect(await readAll(discover({ region: EMPTY_REGION }))).toEqual([]);
    });

    test('goes on after a throttled call', async () => {
      for (const call of plugin.iamActions) {
        simulator.faults.add({ kind: 'throttle', match: actionOf(call), times: 1 });
      }
      expect(await readAll(discover())).toEqual(discovered);
      expect(simulator.faults.list().map(({ hits }) => hits)).toEqual(plugin.iamActions.map(() => 1));
    });

    test.each([...plugin.iamActions])('fails, rather than finding less, when %s is refused', async (call) => {
      simulator.faults.add({ kind: 'denyAction', match: actionOf(call) });
      await expect(readAll(discover())).rejects.toThrow();
    });

    test.each([...plugin.iamActions])(
      'shows by one call of it alone whether %s is allowed',
      async (action) => {
        const clients = new AwsClients({ endpoint: simulator.url, requestHandler, maxAttempts: 3 });
        const { signal } = new AbortController();
        const scope = { credentials: customerKeys, allowedActions: new Set([action]), region, signal };
        const probe = () =>
          plugin.probes![action]!({
            aws: { client: (constructor) => clients.create(constructor, scope) },
            ...{ region, signal },
          }).then(
            () => null,
            (error: unknown) => describeAwsError(error).fault,
          );
        expect([null, 'rejected']).toContain(await probe());
        expect(simulator.calls.counts()).toEqual({ [action]: 1 });
        simulator.faults.add({ kind: 'denyAction', match: actionOf(action) });
        expect(await probe()).toBe('denied');
      },
    );

    test('stops while it waits for an answer', async () => {
      simulator.faults.add({ kind: 'hang' });
      const stop = new AbortController();
      const ended = readAll(discover({ signal: stop.signal })).then(
        () => 'complete',
        () => 'stopped',
      );
      setTimeout(() => stop.abort(), 20);
      expect(await withinLimit(ended)).toBe('stopped');
    });

    test('asks no more once it is stopped', async () => {
      const stop = new AbortController();
      const resources = discover({ signal: stop.signal })[Symbol.asyncIterator]();
      await resources.next();
      const asked = simulator.calls.list().length;
      stop.abort();
      const rest = readAll({ [Symbol.asyncIterator]: () => resources }).then(
        () => 'complete',
        () => 'stopped',
      );
      expect(await withinLimit(rest)).toBe('stopped');
      expect(simulator.calls.list()).toHaveLength(asked);
    });

    describe('metrics', () => {
      test('are declared for something that is there, and asked for under dimensions that CloudWatch has', () => {
        const used = new Set<unknown>();
        for (const resource of discovered) {
          if (!isCollected(plugin, resource)) continue;
          for (const series of seriesOf(plugin, resource)) {
            used.add(series.group);
            if (!isPublished(simulator, series))
              throw new Error(`Nothing is published: ${describeSeries(series)}`);
          }
        }
        const groups = Object.values(plugin.resources).flatMap(({ metrics }) => metrics);
        expect(groups.filter((group) => !used.has(group))).toEqual([]);
      });

      test('come as often as they are said to be published', () => {
        const seen = new Set<unknown>();
        for (const resource of discovered.filter((one) => isCollected(plugin, one))) {
          for (const series of seriesOf(plugin, resource)) {
            const kind = JSON.stringify([
              resource.type,
              plugin.resources[resource.type]!.metrics.indexOf(series.group),
              series.finest,
            ]);
            if (series.finest > 300 || seen.has(kind)) continue;
            seen.add(kind);
            const published = publishedEveryMinute(simulator, series);
            if (published === null) continue;
            expect([describeSeries(series), published ? 60 : 300]).toEqual([
              describeSeries(series),
              series.finest,
            ]);
          }
        }
        expect(seen.size).toBeGreaterThan(0);
      });

      test('are asked for once: no two resources or groups have one in common', () => {
        const all = discovered
          .flatMap((resource) => seriesOf(plugin, resource))
          .flatMap((series) =>
            series.group.definitions.map(({ name }) => `${describeSeries(series)} ${name}`),
          );
        expect(new Set(all).size).toBe(all.length);
      });

      test('follow from the resource alone', () => {
        for (const resource of discovered) {
          expect(seriesOf(plugin, resource)).toEqual(seriesOf(plugin, resource));
        }
      });

      test('can be told of a resource of which AWS says as little as the declaration allows', () => {
        for (const resource of discovered) {
          const sparse = withoutNullable(plugin, resource);
          expect(() => [isCollected(plugin, sparse), seriesOf(plugin, sparse)]).not.toThrow();
        }
      });

      test('are not asked for where a type says that it publishes nothing', () => {
        for (const [type, { collects }] of Object.entries(plugin.resources)) {
          if (!collects) continue;
          const answers = discovered
            .filter((one) => one.type === type)
            .map((one) => isCollected(plugin, one));
          expect(new Set(answers)).toEqual(new Set([true, false]));
        }
      });
    });
  });
}

/** What a gateway remembers that has just started. */
function newMemory(): Remembered {
  return new Remembered({ clock: new ManualClock(noon), random: () => 0.5, capacity: 10_000 });
}

async function readAll(resources: AsyncIterable<DiscoveredResource>): Promise<DiscoveredResource[]> {
  const all: DiscoveredResource[] = [];
  for await (const resource of resources) all.push(resource);
  return all;
}

function identityOf({ type, id, arn }: DiscoveredResource): string {
  return `${type} ${id ?? arn}`;
}

/** Whether one metric of the group at least has a point: those that count errors may have none. */
function isPublished(simulator: Simulator, { group, dimensions, period }: GroupSeries): boolean {
  return group.definitions.some(
    ({ name: metricName, statistics }) =>
      simulator.oracle.metricValue({
        accountId: customerId,
        region,
        namespace: group.namespace,
        metricName,
        dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        statistic: statistics[0]!,
        period,
        timestamp: noon - 3_600_000,
      }) !== null,
  );
}

/** Whether a group has points between those of five minutes; null where it has none at all at the time. */
function publishedEveryMinute(simulator: Simulator, { group, dimensions }: GroupSeries): boolean | null {
  const valueAt = (metricName: string, statistic: string, period: number, timestamp: number) =>
    simulator.oracle.metricValue({
      ...{
        accountId: customerId,
        region,
        namespace: group.namespace,
        metricName,
        statistic,
        period,
        timestamp,
      },
      dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    });
  for (const { name, statistics } of group.definitions) {
    const start = noon - 3_600_000;
    if (valueAt(name, statistics[0]!, 300, start) === null) continue;
    const minutes = Array.from({ length: 60 }, (_, minute) =>
      valueAt(name, statistics[0]!, 60, start + minute * 60_000),
    );
    return minutes.some((value, minute) => minute % 5 !== 0 && value !== null);
  }
  return null;
}

function actionOf(iamAction: string): { service: string; action: string } {
  const [service = '', action = ''] = iamAction.split(':');
  return { service, action };
}

function withinLimit<T>(work: Promise<T>): Promise<T | 'still running'> {
  let timer: NodeJS.Timeout;
  const limit = new Promise<'still running'>((resolve) => {
    timer = setTimeout(() => resolve('still running'), STOP_LIMIT_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function hasKeys(tags: Record<string, string>): boolean {
  return Object.keys(tags).length > 0;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
