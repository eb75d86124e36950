import { StaleLeaseError, type Fence } from '../../src/core/collection/leases';
import type { SeriesLocation, SeriesPoints } from '../../src/core/metrics/metric-store';
import { openPostgresMetricStore, type PostgresMetricStore } from '../../src/db/postgres/open-metric-store';
import { PostgresServer } from '../support/postgres';
import { MetricDatabase } from './metric-database';

const ACCOUNT = 1;
const STEP = 300_000;
const DAY = 86_400_000;
/** The start of a day. */
const T0 = 19_444 * DAY;

/** Runs `work` with two stores on one database, as two processes would open it. */
async function withTwo(
  server: PostgresServer,
  work: (one: PostgresMetricStore, other: PostgresMetricStore, database: MetricDatabase) => Promise<void>,
): Promise<void> {
  const database = await MetricDatabase.make(server);
  const open = () => openPostgresMetricStore({ connection: database.config });
  const [one, other] = await Promise.all([open(), open()]);
  try {
    await work(one, other, database);
  } finally {
    await Promise.all([one.close(), other.close()]);
    await database.close();
  }
}

describe('two processes on one database', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.stop());

  it('lose no point of each other’s where they write to the same rows at once', () =>
    withTwo(server, async (one, other, database) => {
      const fence = await database.claim(ACCOUNT);
      const series = await database.series(ACCOUNT, 40);
      await Promise.all(
        series.map((location, index) =>
          (index % 2 ? one : other).metrics.append(fence, [
            { ...points(location, 0, [index, index + 0.5]), watermark: T0 + 2 * STEP },
          ]),
        ),
      );
      const read = await one.metrics.read(series, T0, T0 + 2 * STEP);
      expect(read.map(({ values }) => values)).toEqual(series.map((_, index) => [index, index + 0.5]));
      const states = await other.seriesStates.statesOf(series);
      expect(new Set(states.map(({ watermark }) => watermark))).toEqual(new Set([T0 + 2 * STEP]));
    }));

  it('store nothing under a lease that another has claimed since', () =>
    withTwo(server, async (one, other, database) => {
      const series = await database.series(ACCOUNT, 20);
      const old = await database.claim(ACCOUNT, 'one');
      const batch = (value: number) => series.map((location) => points(location, 0, [value]));
      let isClaimed = false;
      const outcomes: { startedLate: boolean; stored: boolean }[] = [];
      const writeOn = async () => {
        for (let value = 1; outcomes.filter(({ startedLate }) => startedLate).length < 10; value++) {
          const startedLate = isClaimed;
          const stored = await one.metrics.append(old, batch(value)).then(
            () => true,
            (error) => {
              expect(error).toBeInstanceOf(StaleLeaseError);
              return false;
            },
          );
          outcomes.push({ startedLate, stored });
        }
      };
      const takeOver = async () => {
        const fence = await database.claim(ACCOUNT, 'other');
        isClaimed = true;
        await other.metrics.append(fence, batch(-1));
      };
      await Promise.all([writeOn(), writeOn(), takeOver()]);
      expect(outcomes.filter(({ startedLate, stored }) => startedLate && stored)).toEqual([]);
      const read = await one.metrics.read(series, T0, T0 + STEP);
      expect(new Set(read.flatMap(({ values }) => values))).toEqual(new Set([-1]));
    }));

  it('see each other’s events once, in order', () =>
    withTwo(server, async (one, other, database) => {
      const accounts = [1, 2, 3, 4];
      const fences = new Map<number, Fence>();
      const series = new Map<number, SeriesLocation>();
      for (const account of accounts) {
        fences.set(account, await database.claim(account));
        series.set(account, (await database.series(account, 1))[0]!);
      }
      const seen: number[] = [];
      const catchUp = async () => {
        const { newest } = await other.metricEvents.bounds();
        const events = await other.metricEvents.since(null, seen.at(-1) ?? 0, newest, 1_000);
        seen.push(...events.map(({ sequence }) => sequence));
      };
      let isWriting = true;
      const follow = async () => {
        while (isWriting) await catchUp();
      };
      const write = async (account: number) => {
        for (let index = 0; index < 15; index++) {
          const fence = fences.get(account)!;
          await one.metrics.append(fence, [points(series.get(account)!, index, [index])]);
          await one.metricEvents.publish(fence, 1_000);
        }
      };
      const following = follow();
      await Promise.all(accounts.map(write));
      isWriting = false;
      await following;
      await catchUp();
      expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    }));

  it('seal days that others read and write to, and no reader misses a point', () =>
    withTwo(server, async (one, other, database) => {
      const fence = await database.claim(ACCOUNT);
      const series = await database.series(ACCOUNT, 5);
      const days = 6;
      const indices = Array.from({ length: days * 24 }, (_, hour) => hour * 12);
      for (const index of indices) {
        await one.metrics.append(
          fence,
          series.map((location) => points(location, index, [index])),
        );
      }
      const end = T0 + days * DAY;
      let isSealing = true;
      const reader = async () => {
        while (isSealing) {
          const read = await other.metrics.read(series, T0, end);
          // Late points come in between: on odd periods, where there was none.
          for (const { values } of read) expect(values.filter((value) => value >= 0)).toEqual(indices);
        }
      };
      const late = async () => {
        for (let day = 0; day < days; day++) {
          await one.metrics.append(
            fence,
            series.map((location) => points(location, day * 288 + 1, [-1 - day])),
          );
        }
      };
      const { signal } = new AbortController();
      const seal = async () => {
        const sealing = [one, other].map(({ metricMaintenance }) =>
          metricMaintenance.seal(end + DAY, signal),
        );
        await Promise.all(sealing).finally(() => (isSealing = false));
      };
      await Promise.all([seal(), reader(), late()]);
      const [read] = await one.metrics.read(series, T0, end);
      expect(read!.values.filter((value) => value < 0)).toEqual([-1, -2, -3, -4, -5, -6]);
      expect(read!.values.filter((value) => value >= 0)).toEqual(indices);
      expect(await database.pool.all('SELECT 1 FROM block_day WHERE NOT sealed')).toEqual([]);
    }));

  it('write next to nothing when the same points are appended again', () =>
    withTwo(server, async ({ metrics }, _other, database) => {
      const fence = await database.claim(ACCOUNT);
      const series = await database.series(ACCOUNT, 500);
      const batch = series.map((location, index) => ({
        ...points(location, 0, [index / 3, index / 7, index / 11]),
        watermark: T0 + 3 * STEP,
      }));
      const written = async () => {
        const before = await database.walPosition();
        await metrics.append(fence, batch);
        return (await database.walPosition()) - before;
      };
      const first = await written();
      expect(first).toBeGreaterThan(3 * 500 * 8);
      expect(await written()).toBeLessThan(first / 20);
    }));
});

describe('a server that is killed in the midst of appends', () => {
  it('has after its recovery all that was answered, whole batches alone, and no watermark ahead of them', async () => {
    const server = await PostgresServer.start({ durable: true });
    try {
      await withTwo(server, async (one, _other, database) => {
        const fence = await database.claim(ACCOUNT);
        const series = await database.series(ACCOUNT, 60);
        const lanes = [series.slice(0, 20), series.slice(20, 40), series.slice(40)];
        const answered = await Promise.all([
          ...lanes.map((lane) => appendUntilRefused(one, fence, lane)),
          pause(150).then(() => server.kill()),
        ]);
        await server.restart();
        for (const [index, lane] of lanes.entries()) {
          const read = await reading(one, lane);
          const { timestamps } = read[0]!;
          expect(read.map((each) => each.timestamps)).toEqual(lane.map(() => timestamps));
          expect(timestamps.length).toBeGreaterThanOrEqual(answered[index] as number);
          expect(timestamps).toEqual(timestamps.map((_, at) => T0 + at * STEP));
          for (const { watermark } of await one.seriesStates.statesOf(lane)) {
            expect(watermark).toBe(T0 + timestamps.length * STEP);
          }
        }
        await one.metrics.append(fence, [points(series[0]!, 1_000, [1])]);
      });
    } finally {
      await server.stop();
    }
  });
});

/** Appends period after period to all of the series at once. @returns how many were answered. */
async function appendUntilRefused(
  { metrics }: PostgresMetricStore,
  fence: Fence,
  series: readonly SeriesLocation[],
): Promise<number> {
  for (let index = 0; ; index++) {
    const watermark = T0 + (index + 1) * STEP;
    const batch = series.map((location) => ({
      ...points(location, index, [location.id + index]),
      watermark,
    }));
    try {
      await metrics.append(fence, batch);
    } catch {
      return index;
    }
  }
}

/** A pool may hold connections that ended with the server, each of which fails once. */
async function reading({ metrics }: PostgresMetricStore, series: readonly SeriesLocation[]) {
  for (let tries = 0; ; tries++) {
    try {
      return await metrics.read(series, T0, T0 + 100_000 * STEP);
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}

function points(series: SeriesLocation, index: number, values: number[]): SeriesPoints {
  const timestamps = values.map((_, at) => T0 + (index + at) * STEP);
  return { series, timestamps, values, watermark: null };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
