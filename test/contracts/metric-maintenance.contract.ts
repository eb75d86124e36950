import fc from 'fast-check';
import type { Fence } from '../../src/core/collection/leases';
import { hourlyOf } from '../../src/core/metrics/aggregates';
import type { Gaps } from '../../src/core/metrics/gap';
import type { MetricEventLog } from '../../src/core/metrics/metric-events';
import type { DamagedBlob, MetricMaintenance } from '../../src/core/metrics/metric-maintenance';
import type { MetricStore, Points, SeriesHours, SeriesLocation } from '../../src/core/metrics/metric-store';
import { latestOf } from './newest-points';

/** A MetricStore with its housekeeping, on storage that a test may damage. */
export interface MetricMaintenanceFixture {
  fence: Fence;
  store(): MetricStore;
  maintenance(): MetricMaintenance;
  events(): MetricEventLog;
  gaps(): Gaps;
  /** At least 20 with a period of 300 s in one block. */
  series: SeriesLocation[];
  /** One with a period of 60 s, and two with 3,600. */
  minutely: SeriesLocation;
  sparse: SeriesLocation[];
  /** What the store told of since it was opened. */
  damage: DamagedBlob[];
  /** Changes the last byte of the blob with the lowest id of its kind. */
  corrupt(kind: DamagedBlob['kind']): Promise<void>;
  reopen(): Promise<void>;
  close(): Promise<void>;
}

const STEP = 300_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** The start of a day, and of a rollup. */
const D0 = 20_780 * DAY;
const EVER = new AbortController().signal;

/** What every MetricMaintenance keeps to. */
export function describeMetricMaintenance(name: string, make: () => Promise<MetricMaintenanceFixture>): void {
  describe(`MetricMaintenance: ${name}`, () => {
    let fixture: MetricMaintenanceFixture;
    let store: MetricStore;
    let [a, b, c]: SeriesLocation[] = [];
    const append = (series: SeriesLocation, { timestamps, values }: Points, hourly: SeriesHours[] = []) =>
      store.append(fixture.fence, [{ series, timestamps, values, watermark: null }], { hourly });
    const seal = (before: number) => fixture.maintenance().seal(before, EVER);
    const prune = (limits: { fineBefore?: number; hourlyBefore?: number; eventsBefore?: number }) =>
      fixture.maintenance().prune({ fineBefore: 0, hourlyBefore: 0, eventsBefore: 0, ...limits });
    const all = () => [...fixture.series.slice(0, 4), fixture.minutely, ...fixture.sparse];
    const everything = async (from = D0, to = D0 + 3 * DAY) => ({
      read: await store.read(all(), from, to),
      hourly: await store.readHourly(all(), from, to),
      aggregate: await store.aggregate(all(), from, to),
      latest: await latestOf(store, all(), from),
    });

    beforeEach(async () => {
      fixture = await make();
      store = fixture.store();
      [a, b, c] = fixture.series as [SeriesLocation, SeriesLocation, SeriesLocation];
    });
    afterEach(() => fixture.close());

    test('a sealed day reads as an open one, and is sealed once', async () => {
      await append(
        a!,
        points(D0, 0, 288, (index) => Math.sin(index)),
      );
      await append(
        b!,
        points(D0, 100, 500, (index) => index / 10),
      );
      await append(
        c!,
        points(D0, 3, 4, () => -0),
      );
      await append(
        fixture.minutely,
        points(D0, 0, 1_500, (index) => index % 7, 60_000),
      );
      await append(
        fixture.sparse[0]!,
        points(D0, 0, 30, (index) => index + 0.5, HOUR),
      );
      const before = await everything();
      expect(before.read[2]).toEqual({ timestamps: [D0 + 3 * STEP], values: [-0] });
      expect(await seal(D0 + DAY - 1)).toBe(0);
      expect(await seal(D0 + DAY)).toBe(288 + 188 + 1 + 1_440);
      expect(await everything()).toEqual(before);
      expect(await seal(D0 + DAY)).toBe(0);
      expect(await seal(D0 + 2 * DAY)).toBe(212 + 60);
      await fixture.reopen();
      store = fixture.store();
      expect(await everything()).toEqual(before);
      expect(await store.read([b!], D0 + DAY - STEP, D0 + DAY + STEP)).toEqual([
        points(D0, 287, 289, (index) => index / 10),
      ]);
      expect(fixture.damage).toEqual([]);
      expect(await fixture.maintenance().check(EVER)).toMatchObject({ damaged: [] });
    });

    test('late points go into sealed days as into open ones, and correct the hours', async () => {
      await append(
        a!,
        points(D0, 0, 24, () => 1),
      );
      await append(
        b!,
        points(D0, 500, 501, () => 1),
      );
      await seal(D0 + DAY);
      await fixture.events().publish(fixture.fence, 1);
      const late = {
        timestamps: [D0, D0 + STEP, D0 + 30 * STEP, D0 + DAY],
        values: [1, 5, 7, 9],
      };
      const changes = [{ seriesId: a!.id, timestamps: late.timestamps.slice(1), values: [5, 7, 9] }];
      expect(await append(a!, late)).toEqual({ added: 2, revised: 1, recovered: 0, changes });
      expect(await append(a!, late)).toMatchObject({ added: 0, revised: 0, changes: [] });
      // Without a chunk as yet.
      expect(await append(c!, { timestamps: [D0 + HOUR], values: [3] })).toMatchObject({ added: 1 });
      const [readA, readC] = await store.read([a!, c!], D0, D0 + 2 * DAY);
      expect(readA!.values).toEqual([1, 5, ...Array<number>(22).fill(1), 7, 9]);
      expect(readC).toEqual({ timestamps: [D0 + HOUR], values: [3] });
      const hourly = await store.readHourly([a!, c!], D0, D0 + 2 * DAY);
      expect(hourly[0]).toEqual(hourlyOf(readA!));
      expect(hourly[1]).toEqual(hourlyOf(readC!));
      expect(await latestOf(store, [a!, c!], D0)).toEqual([
        { timestamp: D0 + DAY, value: 9 },
        { timestamp: D0 + HOUR, value: 3 },
      ]);
      await fixture.events().publish(fixture.fence, 2);
      const [event] = await fixture.events().since(null, 1, 2, 10);
      expect(event!.changes).toEqual([
        { seriesId: a!.id, timestamps: late.timestamps.slice(1) },
        { seriesId: c!.id, timestamps: [D0 + HOUR] },
      ]);
    });

    test('coarse hours fill hours without fine points, and give way to them', async () => {
      const coarse = (series: SeriesLocation, hour: number, value: number): SeriesHours => ({
        series,
        ...{ hours: [D0 + hour * HOUR], minimum: [value], maximum: [value] },
        ...{ sum: [value * 12], count: [12] },
      });
      const hoursOf = async (series: SeriesLocation) =>
        (await store.readHourly([series], D0 - 20 * DAY, D0 + DAY))[0]!;
      await append(
        a!,
        points(D0, 0, 12, () => 1),
        [coarse(a!, 0, 9), coarse(a!, 1, 8), coarse(b!, -400, 7)],
      );
      expect(await hoursOf(a!)).toMatchObject({ hours: [D0, D0 + HOUR], maximum: [1, 8], sum: [12, 96] });
      expect(await hoursOf(b!)).toMatchObject({ hours: [D0 - 400 * HOUR], sum: [84], count: [12] });
      await seal(D0 + DAY);
      await append(
        a!,
        points(D0, 0, 0, () => 1),
        [coarse(a!, 0, 5), coarse(a!, 1, 6), coarse(a!, 2, 4)],
      );
      expect(await hoursOf(a!)).toMatchObject({ maximum: [1, 6, 4] });
      await append(
        a!,
        points(D0, 12, 13, () => 3),
      );
      expect(await hoursOf(a!)).toMatchObject({ maximum: [1, 3, 4], count: [12, 1, 12] });
      expect((await store.read([a!], D0, D0 + DAY))[0]!.values).toHaveLength(13);
    });

    test('prunes whole days, keeps their hours, and never gives a number twice', async () => {
      await append(
        a!,
        points(D0, 0, 900, (index) => index),
      );
      await append(
        fixture.sparse[0]!,
        points(D0, 0, 2, () => 1, HOUR),
      );
      await fixture.events().publish(fixture.fence, 10);
      await append(
        a!,
        points(D0, 900, 901, (index) => index),
      );
      await fixture.events().publish(fixture.fence, 20);
      await seal(D0 + 2 * DAY);
      const hours = await store.readHourly([a!], D0, D0 + 4 * DAY);
      await prune({ fineBefore: D0 + 2 * DAY + HOUR, eventsBefore: 15 });
      expect((await store.read([a!], D0, D0 + 4 * DAY))[0]).toEqual(points(D0, 576, 901, (index) => index));
      expect(await store.readHourly([a!], D0, D0 + 4 * DAY)).toEqual(hours);
      expect((await store.read([fixture.sparse[0]!], D0, D0 + DAY))[0]!.values).toEqual([1, 1]);
      expect(await fixture.events().bounds()).toEqual({ oldest: 2, newest: 2 });
      await prune({ fineBefore: D0 + 90 * DAY, hourlyBefore: D0 + 90 * DAY, eventsBefore: 1e6 });
      expect(await store.readHourly([a!, fixture.sparse[0]!], D0, D0 + 4 * DAY)).toEqual(
        Array(2).fill({ hours: [], minimum: [], maximum: [], sum: [], count: [] }),
      );
      expect(await latestOf(store, [a!], D0)).toEqual([null]);
      expect(await fixture.events().bounds()).toMatchObject({ newest: 2 });
      expect((await fixture.events().since(null, 0, 9, 10)).filter(({ sequence }) => sequence < 2)).toEqual(
        [],
      );
      await append(
        a!,
        points(D0 + 100 * DAY, 0, 1, () => 1),
      );
      expect(await fixture.events().publish(fixture.fence, 30)).toEqual({ sequence: 3, points: 1 });
    });

    test('an abort ends sealing and checking', async () => {
      await append(
        a!,
        points(D0, 0, 2, () => 1),
      );
      const signal = AbortSignal.abort(new Error('stopping'));
      expect(await fixture.maintenance().seal(D0 + DAY, signal)).toBe(0);
      await expect(fixture.maintenance().check(signal)).rejects.toThrow('stopping');
      expect(await seal(D0 + DAY)).toBe(2);
    });

    describe('damage', () => {
      beforeEach(async () => {
        for (const [index, series] of [a!, b!].entries()) {
          await store.append(fixture.fence, [
            { series, ...points(D0, 0, 600, (at) => at + index), watermark: D0 },
          ]);
        }
        await seal(D0 + DAY);
      });

      const named = async () => (await fixture.maintenance().check(EVER)).damaged;

      test('of a chunk: its series and day are named, the rest is served, and late points mend it', async () => {
        await fixture.corrupt('chunk');
        const found = { kind: 'chunk', seriesIds: [a!.id], from: D0, to: D0 + DAY };
        const [readA, readB] = await store.read([a!, b!], D0, D0 + 3 * DAY);
        expect(readA).toEqual(points(D0, 288, 600, (at) => at));
        expect(readB!.values).toHaveLength(600);
        expect(fixture.damage).toMatchObject([found]);
        expect(await named()).toMatchObject([found]);
        expect(
          await append(
            a!,
            points(D0, 0, 288, (at) => at),
          ),
        ).toMatchObject({ added: 288 });
        expect((await store.read([a!], D0, D0 + 3 * DAY))[0]!.values).toHaveLength(600);
        expect(await named()).toEqual([]);
      });

      test('of a rollup: its hours are made from the points', async () => {
        const hours = await store.readHourly([a!, b!], D0, D0 + DAY);
        await fixture.corrupt('rollup');
        expect(await store.readHourly([a!, b!], D0, D0 + DAY)).toEqual(hours);
        expect(await named()).toMatchObject([{ kind: 'rollup', seriesIds: [a!.id] }]);
        await append(
          a!,
          points(D0, 0, 1, () => 77),
        );
        expect((await store.readHourly([a!], D0, D0 + DAY))[0]!.count).toEqual(Array(24).fill(12));
        expect(await named()).toEqual([]);
      });

      test('of a head row: sealed without it, and asked for again', async () => {
        await fixture.corrupt('head');
        const found = { kind: 'head', from: D0 + DAY };
        const [damaged] = await named();
        expect(damaged).toMatchObject(found);
        expect(damaged!.seriesIds).toEqual(expect.arrayContaining([a!.id, b!.id]));
        expect(await seal(D0 + 2 * DAY)).toBe(2 * 287);
        expect(fixture.damage).toMatchObject([found]);
        const [read] = await store.read([a!], D0, D0 + 3 * DAY);
        expect(read!.timestamps).not.toContain(D0 + DAY);
        expect(read!.timestamps).toHaveLength(599);
        const lost = { from: D0 + DAY, to: D0 + DAY + STEP, recoverable: true };
        expect(await fixture.gaps().recoverable(fixture.fence.accountId, 9)).toMatchObject([lost]);
        expect(await named()).toEqual([]);
      });

      test('of a head row that is written to: what is answered now goes into it', async () => {
        await fixture.corrupt('head');
        expect(
          await append(
            a!,
            points(D0, 288, 289, () => 5),
          ),
        ).toMatchObject({ added: 1, revised: 0 });
        expect(fixture.damage).toMatchObject([{ kind: 'head', from: D0 + DAY }]);
        expect(await named()).toEqual([]);
      });

      test('of a state: its series count as new', async () => {
        await fixture.corrupt('state');
        const [damaged] = await named();
        expect(damaged).toMatchObject({ kind: 'state' });
        expect(damaged!.seriesIds).toEqual(expect.arrayContaining([a!.id, b!.id]));
      });
    });

    test('equals a map whatever is appended, sealed and pruned in whatever order', async () => {
      const places = [...fixture.series.slice(0, 3), fixture.minutely, fixture.sparse[0]!];
      const value = fc.oneof(
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
      );
      const someAppend = fc.record({
        points: fc.array(
          fc.record({ place: fc.nat(places.length - 1), minutes: fc.nat(3 * 1_440 - 1), value }),
          { minLength: 1, maxLength: 60 },
        ),
      });
      const somewhen = fc.nat(4 * 24);
      const operations = fc.array(
        fc.oneof(
          { weight: 4, arbitrary: someAppend },
          { weight: 2, arbitrary: fc.record({ seal: somewhen }) },
          { weight: 1, arbitrary: fc.record({ prune: somewhen }) },
          { weight: 1, arbitrary: fc.constant({ reopen: true }) },
        ),
        { maxLength: 12 },
      );
      let round = 0;
      await fc.assert(
        fc.asyncProperty(operations, async (given) => {
          const base = D0 + 10 * DAY * round++;
          const model = places.map(() => new Map<number, number>());
          const hours = places.map(() => new Map<number, number>());
          let pruned = base;
          for (const operation of given) {
            if ('points' in operation) {
              const batch = operation.points
                .map(({ place, minutes, value: given }) => {
                  const width = places[place]!.period * 1_000;
                  return { place, at: Math.floor((base + minutes * 60_000) / width) * width, value: given };
                })
                .filter(({ at }) => at >= pruned);
              const expected = new Map(batch.map(({ place, at, value: given }) => [`${place} ${at}`, given]));
              let [added, revised] = [0, 0];
              for (const [key, given] of expected) {
                const [place, at] = key.split(' ').map(Number) as [number, number];
                const before = model[place]!.get(at);
                if (before === undefined) added++;
                else if (before !== given) revised++;
                if (before !== given) model[place]!.set(at, given);
                hours[place]!.set(at, model[place]!.get(at)!);
              }
              const result = await store.append(
                fixture.fence,
                batch.map(({ place, at, value: given }) => ({
                  ...{ series: places[place]!, timestamps: [at], values: [given], watermark: null },
                })),
              );
              expect(result).toMatchObject({ added, revised });
            } else if ('seal' in operation) await seal(base + operation.seal * HOUR);
            else if ('prune' in operation) {
              const before = Math.floor((base + operation.prune * HOUR) / DAY) * DAY;
              await seal(before);
              await prune({ fineBefore: before });
              pruned = Math.max(pruned, before);
              places.forEach(({ period }, place) => {
                if (period >= 3_600) return;
                for (const at of model[place]!.keys()) if (at < pruned) model[place]!.delete(at);
              });
            } else {
              await fixture.reopen();
              store = fixture.store();
            }
            const read = await store.read(places, base, base + 5 * DAY);
            expect(read).toEqual(model.map(columns));
            const aggregate = await store.aggregate(places, base, base + 5 * DAY);
            expect([...aggregate.count]).toEqual(model.map(({ size }) => size));
            const latest = await latestOf(store, places, base);
            const newest = (kept: Points) =>
              kept.timestamps.length === 0
                ? null
                : { timestamp: kept.timestamps.at(-1)!, value: kept.values.at(-1)! };
            expect(latest).toEqual(read.map(newest));
            const hourly = await store.readHourly(places, base, base + 5 * DAY);
            expect(hourly).toEqual(hours.map((kept) => hourlyOf(columns(kept))));
          }
        }),
        { numRuns: 40 },
      );
      expect(fixture.damage).toEqual([]);
      expect(await fixture.maintenance().check(EVER)).toMatchObject({ damaged: [] });
    });
  });
}

/** Points at `from` + index × width for each index from `first` to before `end`. */
function points(
  from: number,
  first: number,
  end: number,
  valueAt: (index: number) => number,
  width = STEP,
): Points {
  const indices = Array.from({ length: end - first }, (_, index) => first + index);
  return { timestamps: indices.map((index) => from + index * width), values: indices.map(valueAt) };
}

function columns(kept: ReadonlyMap<number, number>): Points {
  const ascending = [...kept].sort(([x], [y]) => x - y);
  return { timestamps: ascending.map(([at]) => at), values: ascending.map(([, value]) => value) };
}
