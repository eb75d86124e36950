import fc from 'fast-check';
import { StaleLeaseError, type Fence } from '../../src/core/collection/leases';
import type { Gaps, NewGap } from '../../src/core/metrics/gap';
import type { MetricEventLog } from '../../src/core/metrics/metric-events';
import type {
  AppendResult,
  MetricStore,
  SeriesLocation,
  SeriesPoints,
} from '../../src/core/metrics/metric-store';
import type { SeriesState, SeriesStates } from '../../src/core/metrics/series-state';
import { latestOf } from './newest-points';

/** One account with a held lease, its series, and a MetricStore over both. */
export interface MetricStoreFixture {
  /** The store, after a `reopen` the new one. */
  store(): MetricStore;
  fence: Fence;
  /** Series of the account with a period of 300 s: over two Regions, and in one of them more than a block holds. */
  series: SeriesLocation[];
  /** What moves with the points, of the store of now. */
  states(): SeriesStates;
  gaps(): Gaps;
  events(): MetricEventLog;
  /** Ends the lease that `fence` stands for. */
  revoke(): Promise<void>;
  /** Closes the store and opens it again on what it stored. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

const STEP = 300_000;
const T0 = 5_600_000 * STEP;

/** What every MetricStore keeps to. */
export function describeMetricStore(name: string, make: () => Promise<MetricStoreFixture>): void {
  describe(`MetricStore: ${name}`, () => {
    let fixture: MetricStoreFixture;
    let store: MetricStore;
    let series: SeriesLocation[];
    const append = (...batch: SeriesPoints[]) => store.append(fixture.fence, batch);
    const stateOf = async (one: SeriesLocation) => (await fixture.states().statesOf([one]))[0]!;
    const watermark = async (one: SeriesLocation) => (await stateOf(one)).watermark;

    beforeEach(async () => {
      fixture = await make();
      store = fixture.store();
      series = fixture.series;
    });
    afterEach(() => fixture.close());

    test('gives back what was appended, in the order asked for, from inclusive and to exclusive', async () => {
      const last = series.at(-1)!;
      await append(points(series[0]!, [0, 1, 2], [0.1, -0, 1e300]), points(last, [1], [5]));
      expect(await store.read([last, series[1]!, series[0]!], T0, T0 + 2 * STEP)).toEqual([
        { timestamps: [T0 + STEP], values: [5] },
        { timestamps: [], values: [] },
        { timestamps: [T0, T0 + STEP], values: [0.1, -0] },
      ]);
      expect(await store.read([series[0]!], T0 + 1, T0 + STEP + 1)).toEqual([
        { timestamps: [T0 + STEP], values: [-0] },
      ]);
      expect(await store.read([series[0]!], T0 + STEP, T0 + STEP)).toEqual([{ timestamps: [], values: [] }]);
      expect(await store.read([], T0, T0 + STEP)).toEqual([]);
    });

    test('reads a long range with gaps whole', async () => {
      const indices = Array.from({ length: 2_500 }, (_, index) => index * 2);
      await append(points(series[0]!, indices, indices));
      const [read] = await store.read([series[0]!], T0, T0 + 5_000 * STEP);
      expect(read).toEqual({ timestamps: indices.map((index) => T0 + index * STEP), values: indices });
    });

    test('tells what was added and what was revised; the same points again change nothing', async () => {
      const [a, b] = [series[0]!, series.at(-1)!];
      expect(await append(points(a, [0, 1], [1, 2]), points(b, [0], [3]))).toEqual({
        added: 3,
        revised: 0,
        recovered: 0,
        changes: [change(a, [0, 1], [1, 2]), change(b, [0], [3])],
      });
      expect(await append(points(a, [0, 1], [1, 2]), points(b, [0], [3]))).toEqual(NOTHING);
      expect(await append(points(a, [0, 1, 2], [1, 7, 8]), points(b, [0], [3]))).toEqual({
        added: 1,
        revised: 1,
        recovered: 0,
        changes: [change(a, [1, 2], [7, 8])],
      });
    });

    test('counts as recovered what was added and is accepted, not what was revised', async () => {
      const [a] = [series[0]!];
      await append(points(a, [0], [1]));
      const early = (timestamp: number) => timestamp < T0 + 2 * STEP;
      const batch = [
        { series: a, timestamps: [T0, T0 + STEP, T0 + 2 * STEP], values: [7, 8, 9], watermark: null },
      ];
      expect(await store.append(fixture.fence, batch, { isRecovered: early })).toMatchObject({
        added: 2,
        revised: 1,
        recovered: 1,
      });
    });

    test('takes the last of two values for one point in a batch, in one entry and in two', async () => {
      const [a] = [series[0]!];
      expect(await append(points(a, [1, 0, 1], [1, 2, 3]))).toEqual({
        added: 2,
        revised: 0,
        recovered: 0,
        changes: [change(a, [0, 1], [2, 3])],
      });
      expect(await append(points(a, [0], [9]), points(a, [0, 2], [2, 4]))).toEqual({
        added: 1,
        revised: 0,
        recovered: 0,
        changes: [change(a, [2], [4])],
      });
    });

    test('refuses what is no number and what lies between two periods, and stores nothing of the batch', async () => {
      for (const value of [NaN, Infinity, -Infinity]) {
        await expect(append(points(series[0]!, [0], [1]), points(series[1]!, [0], [value]))).rejects.toThrow(
          RangeError,
        );
      }
      await expect(append(points(series[0]!, [0, 0.5], [1, 2]))).rejects.toThrow(RangeError);
      await expect(append(points(series[0]!, [0], []))).rejects.toThrow(RangeError);
      expect(await latestOf(store, series, T0 - STEP)).toEqual(series.map(() => null));
    });

    test('refuses a stale fence and stores nothing, neither points nor watermarks', async () => {
      await append({ ...points(series[0]!, [0], [1]), watermark: T0 });
      const old = { ...fixture.fence, token: fixture.fence.token - 1 };
      const foreign = { ...fixture.fence, accountId: fixture.fence.accountId + 1_000 };
      const batch = [{ ...points(series[0]!, [0, 1], [2, 3]), watermark: T0 + STEP }];
      for (const fence of [old, foreign]) {
        await expect(store.append(fence, batch)).rejects.toThrow(StaleLeaseError);
      }
      await fixture.revoke();
      await expect(store.append(fixture.fence, batch)).rejects.toThrow(StaleLeaseError);
      expect(await store.read([series[0]!], T0, T0 + 10 * STEP)).toEqual([{ timestamps: [T0], values: [1] }]);
      expect(await watermark(series[0]!)).toBe(T0);
    });

    test('moves watermarks with the points and never back; an empty answer moves them too', async () => {
      expect(await watermark(series[0]!)).toBeNull();
      await append({ ...points(series[0]!, [0], [1]), watermark: T0 + STEP });
      await append({ ...points(series[0]!, [], []), watermark: T0 + 3 * STEP });
      await append({ ...points(series[0]!, [1], [1]), watermark: T0 });
      await append(points(series[0]!, [2], [1]));
      expect(await watermark(series[0]!)).toBe(T0 + 3 * STEP);
      expect(await watermark(series[1]!)).toBeNull();
    });

    describe('states', () => {
      const denied = { reason: 'DENIED', evidence: 'cloudwatch:GetMetricData was denied' } as const;

      test('tell of each series when it was asked, answered whole and given points', async () => {
        const [a, b, c] = [series[0]!, series[1]!, series.at(-1)!];
        expect(await fixture.states().statesOf([c, a])).toEqual([UNKNOWN, UNKNOWN]);
        const batch = [
          { ...points(a, [0], [1]), watermark: T0 },
          { ...points(b, [], []), watermark: T0 },
          points(c, [0], [1]),
        ];
        await store.append(fixture.fence, batch, { askedAt: 77 });
        expect(await fixture.states().statesOf([c, b, series[2]!, a])).toEqual([
          { ...UNKNOWN, askedAt: 77, receivedAt: 77 },
          { ...UNKNOWN, watermark: T0, askedAt: 77, answeredAt: 77 },
          UNKNOWN,
          { ...UNKNOWN, watermark: T0, askedAt: 77, answeredAt: 77, receivedAt: 77 },
        ]);
      });

      test('keep a trouble until an answer is whole', async () => {
        const [a, b] = [series[0]!, series.at(-1)!];
        await store.append(fixture.fence, [{ ...points(a, [0], [1]), trouble: denied }], { askedAt: 1 });
        await append(points(a, [1], [1]));
        expect((await stateOf(a)).trouble).toEqual(denied);
        await append({ ...points(a, [], []), watermark: T0 });
        expect((await stateOf(a)).trouble).toBeNull();
        await append({ ...points(a, [], []), watermark: T0, trouble: denied });
        expect((await stateOf(a)).trouble).toEqual(denied);
        await append({ ...points(a, [], []), watermark: null, trouble: null });
        expect((await stateOf(a)).trouble).toBeNull();
        expect((await stateOf(b)).trouble).toBeNull();
      });

      test('note what kept series from being asked, and leave the rest', async () => {
        const [a, b] = [series[0]!, series.at(-1)!];
        await store.append(fixture.fence, [{ ...points(a, [0], [1]), watermark: T0 }], { askedAt: 5 });
        const troubles = [a, b].map((one) => ({ series: one, trouble: denied }));
        await fixture.states().note(fixture.fence, troubles, 9);
        await fixture.reopen();
        expect(await fixture.states().statesOf([a, b])).toEqual([
          { watermark: T0, askedAt: 9, answeredAt: 5, receivedAt: 5, trouble: denied },
          { ...UNKNOWN, askedAt: 9, trouble: denied },
        ]);
        await fixture.revoke();
        await expect(fixture.states().note(fixture.fence, troubles, 10)).rejects.toThrow(StaleLeaseError);
        expect((await stateOf(a)).askedAt).toBe(9);
      });
    });

    describe('gaps', () => {
      const gap = (from: number, to: number, varied: Partial<NewGap> = {}): NewGap => ({
        block: series[0]!.block,
        slots: [series[0]!.slot, series[999]!.slot],
        ...{ from: T0 + from * STEP, to: T0 + to * STEP },
        ...{ reason: 'THROTTLED', evidence: 'ThrottlingException', recoverable: true },
        ...varied,
      });
      const change = (added: NewGap[], removed: number[] = []) =>
        store.append(fixture.fence, [], { gaps: { added, removed } });

      test('are found newest first, of a series and of an account', async () => {
        const { accountId } = fixture.fence;
        const lost = { recoverable: false, reason: 'OUTSIDE_RETENTION' } as const;
        const given = [gap(0, 3), gap(10, 20, { slots: [series[1]!.slot] }), gap(5, 7), gap(1, 30, lost)];
        await change(given);
        await fixture.reopen();
        const [, second, third] = given;
        const found = await fixture.gaps().recoverable(accountId, 2);
        expect(found).toMatchObject([second!, third!]);
        expect(found[0]).toMatchObject({ accountId, region: 'eu-central-1', period: 300 });
        expect(await fixture.gaps().recoverable(accountId + 1, 2)).toEqual([]);
        const touching = (slot: number, from: number, to: number) =>
          fixture.gaps().ofSeries({ block: series[0]!.block, slot }, T0 + from * STEP, T0 + to * STEP);
        expect(await touching(series[999]!.slot, 0, 100)).toMatchObject([given[0]!, given[3]!, given[2]!]);
        expect(await touching(series[1]!.slot, 0, 10)).toEqual([]);
        expect(await touching(series[1]!.slot, 19, 20)).toMatchObject([second!]);
        expect(await touching(series[0]!.slot, 3, 5)).toMatchObject([given[3]!]);
        const ofAccount = await fixture.gaps().ofAccount(accountId, T0 + 3 * STEP, T0 + 6 * STEP);
        expect(ofAccount).toMatchObject([given[3]!, given[2]!]);
        expect(await fixture.gaps().ofAccount(accountId + 1, 0, Number.MAX_SAFE_INTEGER)).toEqual([]);
      });

      test('go and come with the points, in one transaction', async () => {
        await change([gap(0, 3), gap(5, 7)]);
        const ids = (await fixture.gaps().recoverable(fixture.fence.accountId, 10)).map(({ id }) => id);
        await store.append(fixture.fence, [points(series[0]!, [5], [1])], {
          gaps: { removed: [ids[0]!], added: [gap(6, 7)] },
        });
        const left = await fixture.gaps().recoverable(fixture.fence.accountId, 10);
        expect(left).toMatchObject([gap(6, 7), gap(0, 3)]);
        expect(ids).not.toContain(left[0]!.id);
        await fixture.revoke();
        await expect(change([gap(8, 9)], [left[0]!.id])).rejects.toThrow(StaleLeaseError);
        expect(await fixture.gaps().recoverable(fixture.fence.accountId, 10)).toEqual(left);
      });
    });

    describe('events', () => {
      const since = (after: number, upTo = 1e9, accounts: number[] | null = null, limit = 100) =>
        fixture.events().since(accounts, after, upTo, limit);

      test('number what changed since the last time, revisions too, and nothing when nothing did', async () => {
        const { accountId } = fixture.fence;
        expect(await fixture.events().bounds()).toEqual({ oldest: 0, newest: 0 });
        expect(await fixture.events().publish(fixture.fence, 5)).toBeNull();
        const [a, b] = [series[0]!, series.at(-1)!];
        await append(points(b, [0, 2], [1, 2]), points(a, [0], [1]));
        await append(points(a, [0, 1], [2, 3]));
        expect(await since(0)).toEqual([]);
        expect(await fixture.events().publish(fixture.fence, 5)).toEqual({ sequence: 1, points: 5 });
        await append(points(a, [1], [3]));
        expect(await fixture.events().publish(fixture.fence, 6)).toBeNull();
        await append(points(a, [1], [4]));
        await fixture.reopen();
        expect(await fixture.events().publish(fixture.fence, 7)).toEqual({ sequence: 2, points: 1 });
        const first = [
          { seriesId: a.id, timestamps: [T0, T0 + STEP] },
          { seriesId: b.id, timestamps: [T0, T0 + 2 * STEP] },
        ];
        const events = [
          { sequence: 1, accountId, at: 5, changes: first },
          { sequence: 2, accountId, at: 7, changes: [{ seriesId: a.id, timestamps: [T0 + STEP] }] },
        ];
        expect(await since(0)).toEqual(events);
        expect(await since(0, 1, [accountId])).toEqual([events[0]]);
        expect(await since(1, 2, [7, accountId])).toEqual([events[1]]);
        expect(await since(0, 2, [accountId], 1)).toEqual([events[0]]);
        expect(await since(0, 2, [accountId + 1])).toEqual([]);
        expect(await fixture.events().bounds()).toEqual({ oldest: 1, newest: 2 });
      });

      test('are told of once when published twice at the same moment', async () => {
        await append(points(series[0]!, [0, 1], [1, 2]));
        const publish = () => fixture.events().publish(fixture.fence, 5);
        expect(await Promise.all([publish(), publish()])).toEqual([{ sequence: 1, points: 2 }, null]);
        expect(await fixture.events().bounds()).toEqual({ oldest: 1, newest: 1 });
      });

      test('are published under the fence alone', async () => {
        await append(points(series[0]!, [0], [1]));
        await fixture.revoke();
        await expect(fixture.events().publish(fixture.fence, 5)).rejects.toThrow(StaleLeaseError);
        expect(await fixture.events().bounds()).toEqual({ oldest: 0, newest: 0 });
      });
    });

    test('finds the newest point of each series, however far back, but none older than asked', async () => {
      const [a, b, c, d] = [series[0]!, series[1]!, series.at(-1)!, series[2]!];
      await append(points(a, [0, 3_000], [1, 2]), points(b, [0], [3]), points(c, [2_999, 3_000], [4, 5]));
      expect(await latestOf(store, [c, d, b, a], T0)).toEqual([
        { timestamp: T0 + 3_000 * STEP, value: 5 },
        null,
        { timestamp: T0, value: 3 },
        { timestamp: T0 + 3_000 * STEP, value: 2 },
      ]);
      expect(await latestOf(store, [b, a], T0 + 1)).toEqual([
        null,
        { timestamp: T0 + 3_000 * STEP, value: 2 },
      ]);
    });

    test('equals a map after any batches in any order, also after a restart', async () => {
      // Neighbours, the two sides of a block's end, and another Region.
      const places = [0, 1, 999, 1_000, 1_001, series.length - 1];
      const point = fc.record({
        place: fc.integer({ min: 0, max: places.length - 1 }),
        index: fc.integer({ min: 0, max: 12 }),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      });
      const batches = fc.array(
        fc.record({ points: fc.array(point, { maxLength: 30 }), restart: fc.boolean() }),
        {
          maxLength: 8,
        },
      );
      let round = 0;
      await fc.assert(
        fc.asyncProperty(batches, async (generated) => {
          // Each run has times of its own, so that one fixture serves all.
          const base = T0 + 100 * STEP * round++;
          const model = new Map<string, number>();
          for (const { points: batch, restart } of generated) {
            const expected = { added: 0, revised: 0 };
            const before = new Map(model);
            for (const { place, index, value } of batch) model.set(`${place} ${index}`, value);
            for (const [key, value] of model) {
              if (!before.has(key)) expected.added += 1;
              else if (before.get(key) !== value) expected.revised += 1;
            }
            const result = await append(
              ...batch.map(({ place, index, value }) => ({
                series: series[places[place]!]!,
                timestamps: [base + index * STEP],
                values: [value],
                watermark: null,
              })),
            );
            expect(result).toMatchObject(expected);
            expect(result.changes.flatMap(({ values }) => values)).toHaveLength(
              expected.added + expected.revised,
            );
            if (restart) {
              await fixture.reopen();
              store = fixture.store();
            }
            const read = await store.read(
              places.map((place) => series[place]!),
              base,
              base + 100 * STEP,
            );
            const stored = new Map(
              read.flatMap(({ timestamps, values }, place) =>
                timestamps.map((time, at) => [`${place} ${(time - base) / STEP}`, values[at]!] as const),
              ),
            );
            expect(sorted(stored)).toEqual(sorted(model));
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}

const UNKNOWN: SeriesState = {
  ...{ watermark: null, askedAt: null, answeredAt: null, receivedAt: null },
  trouble: null,
};
const NOTHING: AppendResult = { added: 0, revised: 0, recovered: 0, changes: [] };

function points(series: SeriesLocation, indices: number[], values: number[]): SeriesPoints {
  return { series, timestamps: indices.map((index) => T0 + index * STEP), values, watermark: null };
}

function change(
  { id }: SeriesLocation,
  indices: number[],
  values: number[],
): AppendResult['changes'][number] {
  return { seriesId: id, timestamps: indices.map((index) => T0 + index * STEP), values };
}

/** Signed zeros are equal values. */
function sorted(map: ReadonlyMap<string, number>): [string, number][] {
  return [...map]
    .map(([key, value]): [string, number] => [key, value + 0])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
