import type { Bus, CollectionProgressed, LiveStream, MetricsStored } from '../../src/core/live/bus';

export const everything = () => true;

export function progress(done: number, tenantId = 1): CollectionProgressed {
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

export function metricsStored(sequence: number, series: MetricsStored['series'] = []): MetricsStored {
  const after = sequence - 1;
  return {
    kind: 'metricsStored',
    tenantId: 1,
    accountId: sequence % 3,
    collectedAt: 0,
    sequence,
    after,
    series,
  };
}

export async function readAll<E>(stream: LiveStream<E>): Promise<E[]> {
  const events: E[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** What every implementation of Bus keeps to. */
export function describeBus(name: string, make: () => Bus): void {
  describe(`Bus: ${name}`, () => {
    it('tells subscribers of their tenant, their kind and what they accept, in order', async () => {
      const bus = make();
      const stream = bus.subscribe('collectionProgressed', 1, ({ done }) => done !== 2);
      const foreign = bus.subscribe('collectionProgressed', 2, everything);
      const metricsOnly = bus.subscribe('metricsStored', 1, everything);
      for (const done of [1, 2, 3]) bus.publish(progress(done));
      bus.close();
      expect((await readAll(stream)).map(({ done }) => done)).toEqual([1, 3]);
      expect(await readAll(foreign)).toEqual([]);
      expect(await readAll(metricsOnly)).toEqual([]);
    });

    it('hands metrics over in order, and where it forgot some says which', async () => {
      const bus = make();
      const stream = bus.subscribe('metricsStored', 1, everything);
      for (let sequence = 1; sequence <= 2_000; sequence++) {
        bus.publish(metricsStored(sequence, [{ seriesId: 1, timestamps: [sequence], values: [1] }]));
      }
      bus.close();
      let reached = 0;
      for (const { after, sequence, series } of await readAll(stream)) {
        expect(after).toBe(reached);
        if (series !== null) expect(series).toEqual([{ seriesId: 1, timestamps: [sequence], values: [1] }]);
        reached = sequence;
      }
      expect(reached).toBe(2_000);
    });

    it('wakes readers that wait, in their order', async () => {
      const bus = make();
      const stream = bus.subscribe('collectionProgressed', 1, everything);
      const read = Promise.all([stream.next(), stream.next()]);
      bus.publish(progress(1));
      bus.publish(progress(2));
      expect((await read).map(({ value }) => value.done)).toEqual([1, 2]);
    });

    it('ends a stream on return, also for a reader that waits, and forgets its subscriber', async () => {
      const bus = make();
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
      const bus = make();
      const waiting = bus.subscribe('collectionProgressed', 1, everything).next();
      bus.close();
      expect((await waiting).done).toBe(true);
      expect((await bus.subscribe('collectionProgressed', 1, everything).next()).done).toBe(true);
      expect(() => bus.publish(progress(1))).not.toThrow();
    });

    it('does not let one filter that throws harm the others', async () => {
      const bus = make();
      const broken = bus.subscribe('collectionProgressed', 1, () => {
        throw new Error('broken');
      });
      const sound = bus.subscribe('collectionProgressed', 1, everything);
      expect(() => bus.publish(progress(1))).not.toThrow();
      bus.close();
      expect(await readAll(broken)).toEqual([]);
      expect(await readAll(sound)).toHaveLength(1);
    });
  });
}
