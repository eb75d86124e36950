import { TenantTree, type TenantPaths } from '../access/tenant-tree';
import type { MetricsStored } from './bus';
import { everything, metricsStored, progress, readAll } from '../../../test/contracts/bus.contract';
import { InProcessBus } from './in-process-bus';
import { MAX_QUEUED_EVENTS, MAX_QUEUED_POINTS } from './in-process-bus-queue';

/** `count` points of one series. */
function points(count: number): MetricsStored['series'] {
  const timestamps = Array.from({ length: count }, (_, index) => index);
  return [{ seriesId: 7, timestamps, values: timestamps }];
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

  it('forgets metrics that wait beyond the bound, and says which the log has', async () => {
    const bus = new InProcessBus();
    const stream = bus.subscribe('metricsStored', 1, everything);
    const published = Array.from({ length: MAX_QUEUED_EVENTS + 3 }, (_, index) =>
      metricsStored(5 + index, points(1)),
    );
    const before = structuredClone(published);
    published.forEach((event) => bus.publish(event));
    bus.close();
    const [forgotten, ...rest] = await readAll(stream);
    const whole = published[MAX_QUEUED_EVENTS];
    expect(forgotten).toEqual({ ...whole, after: 4, series: null });
    expect(rest).toEqual(published.slice(MAX_QUEUED_EVENTS + 1));
    expect(published).toEqual(before);
  });

  it('forgets again what waits behind a forgotten event', async () => {
    const bus = new InProcessBus();
    const stream = bus.subscribe('metricsStored', 1, everything);
    for (let at = 1; at <= 5 * MAX_QUEUED_EVENTS; at++) bus.publish(metricsStored(at, points(1)));
    bus.close();
    const read = await readAll(stream);
    expect(read[0]).toMatchObject({ after: 0, series: null });
    // Nothing between two of them is missing.
    read.slice(1).forEach(({ after }, index) => expect(after).toBe(read[index].sequence));
    expect(read.at(-1)!.sequence).toBe(5 * MAX_QUEUED_EVENTS);
  });

  it('holds a bounded number of points, and a single event whatever its size', async () => {
    const bus = new InProcessBus();
    const stream = bus.subscribe('metricsStored', 1, everything);
    bus.publish(metricsStored(1, points(MAX_QUEUED_POINTS + 1)));
    const { value } = await stream.next();
    expect(value.series[0].timestamps).toHaveLength(MAX_QUEUED_POINTS + 1);
    bus.publish(metricsStored(2, points(1)));
    bus.publish(metricsStored(3, points(MAX_QUEUED_POINTS)));
    bus.publish(metricsStored(4, points(MAX_QUEUED_POINTS)));
    bus.close();
    expect(await readAll(stream)).toEqual([
      { ...metricsStored(3), after: 1, series: null },
      metricsStored(4, points(MAX_QUEUED_POINTS)),
    ]);
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

  it('holds what happens from a new tenant on until it is read who stands above it, in order', async () => {
    const { tree, readFirst } = treeOf({ 1: null, 2: 1 }, { 3: 2 });
    await readFirst();
    const bus = new InProcessBus(tree);
    const listeners = listen(bus, [1, 2, 3]);
    for (const done of [1, 2, 3]) bus.publish(progress(done, 3));
    bus.publish(progress(4, 2));
    await new Promise(setImmediate);
    bus.publish(progress(5, 3));
    bus.close();
    expect(await heard(listeners)).toEqual({ 1: [1, 2, 3, 4, 5], 2: [1, 2, 3, 4, 5], 3: [1, 2, 3, 5] });
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
