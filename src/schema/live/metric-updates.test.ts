import fc from 'fast-check';
import { MemoryMetricStore } from '../../../test/contracts/memory-metric-store';
import type { Clock } from '../../core/clock';
import { InProcessBus } from '../../core/live/in-process-bus';
import { MAX_QUEUED_EVENTS } from '../../core/live/in-process-bus-queue';
import { MetricPublisher } from '../../core/live/metric-publisher';
import type { Series, SeriesFilter, SeriesReads } from '../../core/metrics/series';
import { AnswerBudget } from '../operation/answer-budget';
import type { SchemaServices } from '../services';
import type { LiveIterator } from './live-stream';
import { positionAt, toMetricCursor } from './metric-cursor';
import type { MetricUpdate } from './metric-messages';
import { metricUpdates, type MetricUpdatesStart } from './metric-updates';

const PERIOD = 300_000;
const NOW = Date.UTC(2026, 0, 15, 12);
const BASE = NOW - 7_200_000;
const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };
/** Accounts 1 and 2 are the viewer's, 3 is somebody else's. Each has more series than a message holds. */
const TENANT_OF: Record<number, number> = { 1: 1, 2: 1, 3: 2 };
const SERIES_EACH = 600;
const FROM_THE_FIRST = toMetricCursor(positionAt(0));

function seriesOf(id: number): Series {
  const accountId = Math.ceil(id / SERIES_EACH);
  const place = { id, block: accountId, slot: id, period: 300, settleSeconds: 0 };
  return { ...place, accountId, tenantId: TENANT_OF[accountId]!, name: `Metric${id}` } as unknown as Series;
}

const ALL = Array.from({ length: 3 * SERIES_EACH }, (_, index) => seriesOf(index + 1));

function catalogOf(tenantId: number): SeriesReads {
  const seen = ALL.filter((one) => one.tenantId === tenantId);
  const reads: Pick<SeriesReads, 'list' | 'accountIds'> = {
    async list({ ids }, { first, after }) {
      const wanted = ids && new Set(ids);
      const matching = seen.filter(({ id }) => !wanted || wanted.has(id));
      const behind = matching.filter(({ id }) => id > (after?.id ?? 0));
      const items = behind.slice(0, first).map((item) => ({ item, position: { sort: null, id: item.id } }));
      return { items, hasNextPage: behind.length > first, totalCount: matching.length };
    },
    accountIds: async ({ accountIds }) =>
      [...new Set(seen.map(({ accountId }) => accountId))].filter((id) => accountIds?.includes(id) ?? true),
  };
  return reads as SeriesReads;
}

function make() {
  const store = new MemoryMetricStore(() => true);
  const bus = new InProcessBus();
  const publisher = new MetricPublisher({ events: store.events, bus, clock });
  const services = {
    ...{ bus, clock, metricStore: store, metricEvents: store.events },
    demand: { note: () => undefined },
    seriesCatalog: { within: ({ tenantId }: { tenantId: number }) => catalogOf(tenantId) },
    gatewayInfo: { fineRetentionDays: 63 },
  } as unknown as SchemaServices;
  const budget = new AnswerBudget({ nodes: 1, points: 1_000_000, rankedPeriods: 1 });
  const viewer = { tenantId: 1 } as Parameters<typeof metricUpdates>[0]['viewer'];
  const pending = new Map<number, { seriesId: number; timestamps: number[]; values: number[] }[]>();
  return {
    store,
    bus,
    subscribe: (start: MetricUpdatesStart = {}, filter: SeriesFilter = {}) =>
      metricUpdates({ viewer, services, budget }, filter, start),
    /** Stores a value at one period for series of an account, counted from its first. */
    async append(accountId: number, [from, to]: [number, number], period: number, value: number) {
      const first = (accountId - 1) * SERIES_EACH + 1;
      const batch = ALL.slice(first - 1 + from, first - 1 + to).map((series) => ({
        ...{ series, timestamps: [BASE + period * PERIOD], values: [value], watermark: null },
      }));
      const { changes } = await store.append({ accountId, token: 1 }, batch);
      pending.set(accountId, [...(pending.get(accountId) ?? []), ...changes]);
      return changes;
    },
    /** Tells of what was stored; a process that has just started knows nothing of what was. */
    async publish(accountId: number, forgets = false) {
      const changes = forgets ? [] : (pending.get(accountId) ?? []);
      pending.delete(accountId);
      const account = { id: accountId, tenantId: TENANT_OF[accountId]! };
      await publisher.publish(account, { accountId, token: 1 }, changes);
    },
  };
}

function pointsOf({ series }: MetricUpdate): [key: string, value: number][] {
  return series.flatMap(({ series: { id }, timestamps, values }) =>
    timestamps.map((timestamp, index): [string, number] => [`${id}@${timestamp}`, values[index]!]),
  );
}

/** Reads a stream without waiting for what does not come. */
class Reader {
  private waiting: Promise<IteratorResult<MetricUpdate>> | null = null;

  constructor(private readonly stream: LiveIterator<MetricUpdate>) {}

  /** Null when there is nothing now. */
  async next(): Promise<MetricUpdate | null> {
    this.waiting ??= this.stream.next();
    const idle = new Promise<null>((resolve) => {
      let turns = 20;
      const turn = () => (turns-- > 0 ? setImmediate(turn) : resolve(null));
      turn();
    });
    const result = await Promise.race([this.waiting, idle]);
    if (!result) return null;
    this.waiting = null;
    expect(result.done).toBe(false);
    return result.value;
  }

  async all(): Promise<MetricUpdate[]> {
    const updates: MetricUpdate[] = [];
    for (let update = await this.next(); update; update = await this.next()) {
      updates.push(update);
      expect(updates.length).toBeLessThan(2_000);
    }
    return updates;
  }

  close(): Promise<unknown> {
    return this.stream.return!();
  }
}

type Step =
  | {
      do: 'store';
      accountId: number;
      slice: [number, number];
      period: number;
      value: number;
      publish: boolean;
    }
  | { do: 'publish'; accountId: number; forgets: boolean }
  | { do: 'read'; count: number }
  | { do: 'resume'; loses: number };

const anyAccount = fc.integer({ min: 1, max: 3 });
const anySlice = fc.constantFrom<[number, number]>(
  [0, SERIES_EACH],
  [0, 3],
  [2, 5],
  [300, SERIES_EACH],
  [0, 550],
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('store' as const),
      accountId: anyAccount,
      slice: anySlice,
      // New, late and revised ones: there are few.
      ...{ period: fc.nat(3), value: fc.nat(2), publish: fc.boolean() },
    }),
  },
  fc.record({ do: fc.constant('publish' as const), accountId: anyAccount, forgets: fc.boolean() }),
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('read' as const), count: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const), loses: fc.nat(2) }) },
);

describe('metricUpdates', () => {
  it('brings every change, none twice, over any disconnections', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 40 }), async (steps) => {
        const { store, subscribe, append, publish, bus } = make();
        let cursor = FROM_THE_FIRST;
        let reader = new Reader(await subscribe({ after: cursor }));
        const delivered = new Map<string, number[]>();
        const hold = (update: MetricUpdate) => {
          cursor = update.cursor;
          expect(update.replay).toBe(false);
          for (const [key, value] of pointsOf(update))
            delivered.set(key, [...(delivered.get(key) ?? []), value]);
        };
        for (const step of steps) {
          if (step.do === 'store') {
            await append(step.accountId, step.slice, step.period, step.value);
            if (step.publish) await publish(step.accountId);
          } else if (step.do === 'publish') {
            await publish(step.accountId, step.forgets);
          } else if (step.do === 'read') {
            for (let count = 0; count < step.count; count++) {
              const update = await reader.next();
              if (update) hold(update);
            }
          } else {
            // Some messages were on their way when the line broke.
            for (let lost = 0; lost < step.loses; lost++) await reader.next();
            await reader.close();
            reader = new Reader(await subscribe({ after: cursor }));
          }
        }
        for (const accountId of [1, 2, 3]) await publish(accountId);
        (await reader.all()).forEach(hold);
        await reader.close();
        bus.close();

        const { newest } = await store.events.bounds();
        const events = await store.events.since([1, 2], 0, newest, Infinity);
        const told = new Map<string, number>();
        for (const { changes } of events) {
          for (const { seriesId, timestamps } of changes) {
            timestamps.forEach((at) =>
              told.set(`${seriesId}@${at}`, (told.get(`${seriesId}@${at}`) ?? 0) + 1),
            );
          }
        }
        expect([...delivered.keys()].sort()).toEqual([...told.keys()].sort());
        const points = await store.read(ALL, 0, NOW);
        const values = new Map(
          ALL.flatMap(({ id }, at) =>
            points[at]!.timestamps.map((t, i) => [`${id}@${t}`, points[at]!.values[i]!]),
          ),
        );
        const wrong = [...delivered].filter(
          ([key, seen]) => seen.at(-1) !== values.get(key) || seen.length > told.get(key)!,
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it('resumes in the middle of a cycle that it heard of live', async () => {
    const { subscribe, append, publish } = make();
    const first = new Reader(await subscribe());
    const held = first.next();
    await append(1, [0, SERIES_EACH], 0, 1);
    await publish(1);
    const before = (await held)!;
    await first.close();
    const second = new Reader(await subscribe({ after: before.cursor }));
    const after = await second.all();
    await second.close();
    const keys = [before, ...after].flatMap(pointsOf).map(([key]) => key);
    expect(keys).toHaveLength(SERIES_EACH);
    expect(new Set(keys).size).toBe(SERIES_EACH);
  });

  it('brings what a run stored that was cut off before it told, with the next', async () => {
    const { subscribe, append, publish } = make();
    const reader = new Reader(await subscribe());
    const held = reader.next();
    await append(1, [0, 1], 0, 1);
    await publish(1, true);
    const told = [(await held)!, ...(await reader.all())];
    expect(told.flatMap(pointsOf)).toEqual([[`1@${BASE}`, 1]]);
    await reader.close();
  });

  it('resumes in the middle of a cycle, and of merged ones', async () => {
    const { subscribe, append, publish } = make();
    await append(1, [0, SERIES_EACH], 0, 1);
    await publish(1);
    await append(2, [0, SERIES_EACH], 0, 2);
    await publish(2);
    await append(1, [0, SERIES_EACH], 1, 3);
    await publish(1);
    const seen: MetricUpdate[] = [];
    for (let cursor = FROM_THE_FIRST; seen.length < 10; cursor = seen.at(-1)!.cursor) {
      const reader = new Reader(await subscribe({ after: cursor }));
      const update = await reader.next();
      await reader.close();
      if (!update) break;
      seen.push(update);
    }
    expect(seen.map(({ accountId, merged, series }) => [accountId, merged, series.length])).toEqual([
      [1, 1, 500],
      [1, 1, 100],
      [2, 0, 500],
      [2, 0, 100],
    ]);
    expect(new Set(seen.flatMap(pointsOf).map(([key]) => key)).size).toBe(3 * SERIES_EACH);
  });

  it('catches a subscriber up that reads too slowly, then goes on live', async () => {
    const { subscribe, append, publish } = make();
    const reader = new Reader(await subscribe());
    const held = reader.next();
    for (let value = 0; value <= 2 * MAX_QUEUED_EVENTS; value++) {
      await append((value % 2) + 1, [0, 2], value % 8, value);
      await publish((value % 2) + 1);
    }
    await append(3, [0, 2], 0, 666);
    await publish(3);
    const updates = [(await held)!, ...(await reader.all())];
    const stands = new Map(updates.flatMap(pointsOf));
    expect(stands.size).toBe(16);
    for (let period = 0; period < 8; period++) {
      const newest = 2 * MAX_QUEUED_EVENTS - ((2 * MAX_QUEUED_EVENTS - period) % 8);
      const id = (newest % 2) * SERIES_EACH + 1;
      expect(stands.get(`${id}@${BASE + period * PERIOD}`)).toBe(newest);
    }
    // Each event once: in a message of its own, or merged into one.
    expect(updates.reduce((sum, { merged }) => sum + 1 + merged, 0)).toBe(2 * MAX_QUEUED_EVENTS + 1);
    expect(updates.some(({ merged }) => merged > 0)).toBe(true);
    await append(1, [0, 1], 9, 1);
    await publish(1);
    expect((await reader.all()).map(({ merged, series }) => [merged, series.length])).toEqual([[0, 1]]);
    await reader.close();
  });

  it('ends with an error when the log lets go of what a slow subscriber has not read', async () => {
    const { store, subscribe, append, publish } = make();
    const reader = new Reader(await subscribe());
    const held = reader.next();
    for (let value = 0; value <= MAX_QUEUED_EVENTS + 2; value++) {
      await append(1, [0, 1], 0, value);
      await publish(1);
    }
    await held;
    const { newest } = await store.events.bounds();
    jest.spyOn(store.events, 'bounds').mockResolvedValue({ oldest: newest, newest });
    await expect(reader.next()).rejects.toMatchObject({ code: 'RC_CURSOR_TOO_OLD' });
  });

  it('goes on with a replay that was cut off, then with what changed since it began', async () => {
    const { subscribe, append, publish } = make();
    for (const accountId of [1, 2, 3]) {
      await append(accountId, [0, SERIES_EACH], 0, accountId);
      await publish(accountId);
    }
    const first = new Reader(await subscribe({ since: BASE }));
    const filled = [(await first.next())!];
    await first.close();
    await append(1, [0, 1], 1, 5);
    await publish(1);
    const second = new Reader(await subscribe({ after: filled[0]!.cursor }));
    filled.push(...(await second.all()));
    await second.close();
    expect(filled.map(({ replay, series }) => [replay, series.length])).toEqual([
      [true, 500],
      [true, 100],
      [true, 400],
      [true, 200],
      [false, 1],
    ]);
    expect(new Set(filled.flatMap(pointsOf).map(([key]) => key)).size).toBe(2 * SERIES_EACH + 1);
    const third = new Reader(await subscribe({ after: filled.at(-1)!.cursor }));
    expect(await third.all()).toEqual([]);
    await third.close();
  });

  it('reads no more for a subscriber that has gone', async () => {
    const { store, subscribe, append, publish } = make();
    for (let value = 0; value < 200; value++) {
      await append(1, [0, 1], 0, value);
      await publish(1);
    }
    const stream = await subscribe({ after: FROM_THE_FIRST }, { ids: [SERIES_EACH + 1] });
    const read = store.events.since;
    const since = jest.spyOn(store.events, 'since').mockImplementation(async (...args) => {
      await new Promise(setImmediate);
      return read(...args);
    });
    const waiting = stream.next();
    while (since.mock.calls.length === 0) await new Promise(setImmediate);
    await stream.return!();
    expect((await waiting).done).toBe(true);
    expect(since).toHaveBeenCalledTimes(1);
  });

  it('lets go of the bus when a cursor is refused', async () => {
    const { bus, subscribe } = make();
    const subscribed = jest.spyOn(bus, 'subscribe');
    const ahead = toMetricCursor(positionAt(1));
    await expect(subscribe({ after: ahead })).rejects.toMatchObject({ code: 'RC_CURSOR_INVALID' });
    const [stream] = subscribed.mock.results.map(({ value }) => value as LiveIterator<unknown>);
    expect((await stream!.next()).done).toBe(true);
  });
});
