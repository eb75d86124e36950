import fc from 'fast-check';
import { TenantTree, type TenantPaths } from '../access/tenant-tree';
import type { LiveEvent, MetricsStored } from './bus';
import { everything, progress, readAll } from '../../../test/contracts/bus.contract';
import { InProcessBus } from './in-process-bus';
import { mergeMetrics } from './in-process-bus-merge';
import { MAX_QUEUED_EVENTS, MAX_QUEUED_POINTS } from './in-process-bus-queue';

function metrics(
  accountId: number,
  collectedAt: number,
  series: MetricsStored['series'] = [],
): MetricsStored {
  return { kind: 'metricsStored', tenantId: 1, accountId, collectedAt, merged: 0, series };
}

/** One point of series 7 at `at`. */
function onePoint(accountId: number, at: number): MetricsStored {
  return metrics(accountId, at, [{ seriesId: 7, timestamps: [at], values: [at] }]);
}

function timestampsOf(events: MetricsStored[]): number[] {
  return events.flatMap(({ series }) => series.flatMap(({ timestamps }) => timestamps));
}

describe('InProcessBus', () => {
  it('drops the oldest of other kinds', async () => {
    const bus = new InProcessBus();
    const stream = bus.subscribe('collectionProgressed', 1, everything);
    for (let done = 0; done < MAX_QUEUED_EVENTS + 10; done++) bus.publish(progress(done));
    bus.close();
    const read = await readAll(stream);
    expect(read).toHaveLength(MAX_QUEUED_EVENTS);
    expect(read[0].done).toBe(10);
  });

  it('merges metrics by account beyond the bound, and loses no point', async () => {
    const bus = new InProcessBus();
    const stream = bus.subscribe('metricsStored', 1, everything);
    const published: LiveEvent[] = [];
    for (let at = 0; at < 3 * MAX_QUEUED_EVENTS; at++) published.push(onePoint(at % 3, at));
    published.push(onePoint(99, 1e6)); // An account with none queued.
    const before = structuredClone(published);
    published.forEach((event) => bus.publish(event));
    bus.close();
    const read = await readAll(stream);
    expect(read).toHaveLength(MAX_QUEUED_EVENTS + 1);
    expect(read.reduce((total, { merged }) => total + 1 + merged, 0)).toBe(published.length);
    expect(new Set(timestampsOf(read)).size).toBe(published.length);
    for (const account of [0, 1, 2]) {
      const ofAccount = timestampsOf(read.filter(({ accountId }) => accountId === account));
      expect(ofAccount).toEqual([...ofAccount].sort((a, b) => a - b));
    }
    expect(published).toEqual(before);
  });

  it('holds a bounded number of points and keeps the newest', async () => {
    const bus = new InProcessBus();
    const stream = bus.subscribe('metricsStored', 1, everything);
    const timestamps = Array.from({ length: 1_000 }, (_, index) => index);
    const cycle = (at: number) => metrics(1, at, [{ seriesId: at, timestamps, values: timestamps }]);
    const cycles = 3 * MAX_QUEUED_EVENTS;
    for (let at = 0; at < cycles; at++) bus.publish(cycle(at));
    bus.close();
    const read = await readAll(stream);
    expect(timestampsOf(read)).toHaveLength(MAX_QUEUED_POINTS);
    expect(read.at(-1)?.collectedAt).toBe(cycles - 1);
  });

  it('delivers a single event whatever its size', async () => {
    const bus = new InProcessBus();
    const stream = bus.subscribe('metricsStored', 1, everything);
    const timestamps = Array.from({ length: MAX_QUEUED_POINTS + 1 }, (_, index) => index);
    bus.publish(onePoint(1, 5));
    bus.publish(metrics(1, 6, [{ seriesId: 1, timestamps, values: timestamps }]));
    bus.close();
    expect((await readAll(stream)).map(({ collectedAt }) => collectedAt)).toEqual([6]);
  });
});

describe('InProcessBus in a tree of tenants', () => {
  /** Tenants by id with those above them; `later` is made by another process before it is looked again. */
  function treeOf(parents: Record<number, number | null>, later: Record<number, number | null> = {}) {
    let known = parents;
    const allTenants = async () =>
      Object.entries(known).map(([id, parentId]) => ({ id: Number(id), parentId, name: id, createdAt: 0 }));
    const tree = new TenantTree({ allTenants });
    return { tree, readFirst: () => tree.refresh().then(() => void (known = { ...parents, ...later })) };
  }
  const listen = (bus: InProcessBus, tenants: number[]) =>
    tenants.map((tenantId) => ({
      tenantId,
      stream: bus.subscribe('collectionProgressed', tenantId, everything),
    }));
  const heard = async (listeners: ReturnType<typeof listen>) =>
    Object.fromEntries(
      await Promise.all(
        listeners.map(async ({ tenantId, stream }) => [
          tenantId,
          (await readAll(stream)).map(({ done }) => done),
        ]),
      ),
    );

  it('tells the tenant and those above, nobody below or beside', async () => {
    const { tree, readFirst } = treeOf({ 1: null, 2: 1, 3: 2, 4: 1 });
    await readFirst();
    const bus = new InProcessBus(tree);
    const listeners = listen(bus, [1, 2, 3, 4]);
    [progress(1, 1), progress(2, 2), progress(3, 3), progress(4, 4)].forEach((event) => bus.publish(event));
    bus.close();
    expect(await heard(listeners)).toEqual({ 1: [1, 2, 3, 4], 2: [2, 3], 3: [3], 4: [4] });
  });

  it('holds what happens in a new tenant until it is read who stands above it, in order', async () => {
    const { tree, readFirst } = treeOf({ 1: null, 2: 1 }, { 3: 2 });
    await readFirst();
    const bus = new InProcessBus(tree);
    const listeners = listen(bus, [1, 2, 3]);
    for (const done of [1, 2, 3]) bus.publish(progress(done, 3));
    bus.publish(progress(4, 2));
    await new Promise(setImmediate);
    bus.publish(progress(5, 3));
    bus.close();
    expect(await heard(listeners)).toEqual({ 1: [4, 1, 2, 3, 5], 2: [4, 1, 2, 3, 5], 3: [1, 2, 3, 5] });
  });

  it('tells the tenant alone when nobody can say who stands above it', async () => {
    const failing: TenantPaths = { pathOf: () => null, refresh: () => Promise.reject(new Error('closed')) };
    const bus = new InProcessBus(failing);
    const listeners = listen(bus, [1, 3]);
    bus.publish(progress(1, 3));
    await new Promise(setImmediate);
    bus.close();
    expect(await heard(listeners)).toEqual({ 1: [], 3: [1] });
  });
});

describe('mergeMetrics', () => {
  it('equals a map by series and timestamp where the last value wins', () => {
    const someSeries = fc.record({
      seriesId: fc.nat(3),
      points: fc.uniqueArray(fc.tuple(fc.nat(20), fc.integer()), { selector: ([timestamp]) => timestamp }),
    });
    const someEvents = fc.array(fc.uniqueArray(someSeries, { selector: ({ seriesId }) => seriesId }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(someEvents, (batches) => {
        const expected = new Map<string, number>();
        const events = batches.map((batch, index) =>
          metrics(
            1,
            index,
            batch.map(({ seriesId, points }) => {
              const sorted = [...points].sort(([a], [b]) => a - b);
              for (const [timestamp, value] of sorted) expected.set(`${seriesId}@${timestamp}`, value);
              return {
                seriesId,
                timestamps: sorted.map(([timestamp]) => timestamp),
                values: sorted.map(([, value]) => value),
              };
            }),
          ),
        );
        const merged = mergeMetrics(events);
        const found = merged.series.flatMap(({ seriesId, timestamps, values }) =>
          timestamps.map((timestamp, index) => [`${seriesId}@${timestamp}`, values[index]] as const),
        );
        expect(found).toHaveLength(expected.size);
        expect(new Map(found)).toEqual(expected);
        expect(merged).toMatchObject({ merged: events.length - 1, collectedAt: events.length - 1 });
        for (const { timestamps } of merged.series) {
          expect(timestamps).toEqual([...timestamps].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('adds up what was merged before', () => {
    expect(mergeMetrics([{ ...onePoint(1, 1), merged: 4 }, onePoint(1, 2)]).merged).toBe(5);
  });
});
