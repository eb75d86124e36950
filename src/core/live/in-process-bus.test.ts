import fc from 'fast-check';
import type { CollectionProgressed, LiveEvent, LiveStream, MetricsStored } from './bus';
import { InProcessBus } from './in-process-bus';
import { mergeMetrics } from './in-process-bus-merge';
import { MAX_QUEUED_EVENTS, MAX_QUEUED_POINTS } from './in-process-bus-queue';

const everything = () => true;

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

function progress(done: number, tenantId = 1): CollectionProgressed {
  return {
    kind: 'collectionProgressed',
    tenantId,
    accountId: 1,
    run: {} as CollectionProgressed['run'],
    step: 'FETCH',
    plugin: null,
    region: null,
    done,
    total: 1_000,
  };
}

async function readAll<E>(stream: LiveStream<E>): Promise<E[]> {
  const events: E[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

function timestampsOf(events: MetricsStored[]): number[] {
  return events.flatMap(({ series }) => series.flatMap(({ timestamps }) => timestamps));
}

describe('InProcessBus', () => {
  it('tells subscribers of their tenant, their kind and what they accept, in order', async () => {
    const bus = new InProcessBus();
    const stream = bus.subscribe('collectionProgressed', 1, ({ done }) => done !== 2);
    const foreign = bus.subscribe('collectionProgressed', 2, everything);
    const metricsOnly = bus.subscribe('metricsStored', 1, everything);
    for (const done of [1, 2, 3]) bus.publish(progress(done));
    bus.close();
    expect((await readAll(stream)).map(({ done }) => done)).toEqual([1, 3]);
    expect(await readAll(foreign)).toEqual([]);
    expect(await readAll(metricsOnly)).toEqual([]);
  });

  it('wakes readers that wait, in their order', async () => {
    const bus = new InProcessBus();
    const stream = bus.subscribe('collectionProgressed', 1, everything);
    const read = Promise.all([stream.next(), stream.next()]);
    bus.publish(progress(1));
    bus.publish(progress(2));
    expect((await read).map(({ value }) => value.done)).toEqual([1, 2]);
  });

  it('ends a stream on return, also for a reader that waits, and forgets its subscriber', async () => {
    const bus = new InProcessBus();
    const accepts = jest.fn(everything);
    const stream = bus.subscribe('collectionProgressed', 1, accepts);
    const waiting = stream.next();
    await stream.return!();
    bus.publish(progress(1));
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(accepts).not.toHaveBeenCalled();
  });

  it('ends every stream on close, later ones at once', async () => {
    const bus = new InProcessBus();
    const waiting = bus.subscribe('collectionProgressed', 1, everything).next();
    bus.close();
    expect((await waiting).done).toBe(true);
    expect((await bus.subscribe('collectionProgressed', 1, everything).next()).done).toBe(true);
    expect(() => bus.publish(progress(1))).not.toThrow();
  });

  it('does not let one filter that throws harm the others', async () => {
    const bus = new InProcessBus();
    const broken = bus.subscribe('collectionProgressed', 1, () => {
      throw new Error('broken');
    });
    const sound = bus.subscribe('collectionProgressed', 1, everything);
    expect(() => bus.publish(progress(1))).not.toThrow();
    bus.close();
    expect(await readAll(broken)).toEqual([]);
    expect(await readAll(sound)).toHaveLength(1);
  });

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
