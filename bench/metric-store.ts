import { readFileSync } from 'node:fs';
import type { SeriesLocation } from '../src/core/metrics/metric-store';
import { SqliteConnection } from '../src/db/sqlite-connection';
import { cpuMsOf, median, type Figure } from './figure';
import { answerOf, makeFleet, STEP, T0, type Fleet } from './metric-fleet';
import { MetricRows } from './metric-rows';
import { TypeormRows } from './typeorm-rows';

const ACCOUNTS = 20;
const SERIES = 500;
const CYCLES = 288;
/** Points of each series that a cycle asks for: a new one, and two that it has been given before. */
const ASKED = 3;
/** The rows are written in every fourth cycle alone: their cost does not change over the day. */
const ROWS_EVERY = 4;
/** TypeORM's insert costs a hundred times as much. */
const ENTITIES_EVERY = 32;
const WARM_UP = 24;
const DAY = 86_400_000;
const REPEATS = 31;

/** A day of 10,000 series, collected every five minutes, sealed, and read. */
export async function metricStore(): Promise<Figure[]> {
  return [...(await writing()), ...(await reading()), ...(await latest())];
}

/** What a run of the collector does with its answers: it appends them, and numbers what changed. Sealing comes on top. */
async function writing(): Promise<Figure[]> {
  const fleet = await makeFleet(ACCOUNTS, SERIES);
  const rows = await MetricRows.open();
  const entities = await TypeormRows.open();
  try {
    const { metrics, metricEvents, metricMaintenance } = fleet.database;
    const entityCycles: number[] = [];
    const cycles: { cpuMs: number; bytes: number }[] = [];
    const rowCycles: number[] = [];
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const answers = fleet.accounts.map((account) => ({ account, batch: answerOf(account, cycle, ASKED) }));
      const before = bytesWritten();
      const askedAt = T0 + (cycle + 1) * STEP;
      const cpuMs = await cpuMsOf(async () => {
        await Promise.all(
          answers.map(({ account, batch }) => metrics.append(account.fence, batch, { askedAt })),
        );
        await Promise.all(fleet.accounts.map(({ fence }) => metricEvents.publish(fence, askedAt)));
      });
      cycles.push({ cpuMs, bytes: bytesWritten() - before });
      if (cycle % ROWS_EVERY === 0) {
        rowCycles.push(await cpuMsOf(() => rows.append(answers.map(({ batch }) => batch))));
      }
      if (cycle % ENTITIES_EVERY === 0) {
        entityCycles.push(await cpuMsOf(() => entities.insert(answers.flatMap(({ batch }) => batch))));
      }
    }
    const beforeSeal = bytesWritten();
    let sealed = 0;
    const sealMs = await cpuMsOf(async () => {
      sealed = await metricMaintenance.seal(T0 + DAY, new AbortController().signal);
    });
    const sealBytes = bytesWritten() - beforeSeal;
    const storeMs =
      median(cycles.slice(WARM_UP).map(({ cpuMs }) => cpuMs)) + (sealMs / sealed) * ACCOUNTS * SERIES;
    const rowsMs = median(rowCycles.slice(WARM_UP / ROWS_EVERY));
    const bytes = cycles.reduce((sum, cycle) => sum + cycle.bytes, sealBytes);
    const cycleMs = (from: number, to: number) => median(cycles.slice(from, to).map(({ cpuMs }) => cpuMs));
    return [
      { name: 'store-cpu-to-rows', value: storeMs / rowsMs, goal: '<= 0.35' },
      { name: 'store-cpu-to-typeorm', value: storeMs / median(entityCycles), goal: '<= 0.03' },
      { name: 'store-cpu-us-a-point', value: (storeMs * 1_000) / (ACCOUNTS * SERIES), goal: '-' },
      { name: 'store-bytes-a-point', value: (await bytesOf(fleet, 'chunk')) / sealed, goal: '<= 3.3' },
      { name: 'store-rollup-bytes-a-point', value: (await bytesOf(fleet, 'rollup')) / sealed, goal: '-' },
      { name: 'store-written-bytes-a-point', value: bytes / (ACCOUNTS * SERIES * CYCLES), goal: '<= 60' },
      {
        name: 'store-last-cycle-to-first',
        value: cycleMs(-25, CYCLES) / cycleMs(WARM_UP, WARM_UP + 24),
        goal: '<= 1.3',
      },
    ];
  } finally {
    await entities.close();
    await rows.close();
    await fleet.close();
  }
}

/** 1,000 series over 30 days of which all but the last are sealed. */
async function reading(): Promise<Figure[]> {
  const fleet = await makeFleet(1, 1_000);
  try {
    const { metrics, metricMaintenance } = fleet.database;
    const [account] = fleet.accounts as [Fleet['accounts'][0]];
    for (let day = 0; day < 30; day++) {
      for (let half = 0; half < 2; half++) {
        const cycle = day * 288 + half * 144 + 143;
        await metrics.append(account.fence, answerOf(account, cycle, 144));
      }
      if (day < 29) await metricMaintenance.seal(T0 + (day + 1) * DAY, new AbortController().signal);
    }
    const end = T0 + 30 * DAY;
    // The middle of the last day: half of the range is sealed.
    const noon = end - DAY / 2;
    const all = account.series;
    const adjacent = (count: number, index: number) =>
      all.slice((index * 37) % 900, ((index * 37) % 900) + count);
    return [
      await readFigure('store-read-24h-ms', '<= 0.5', (i) => metrics.read(adjacent(1, i), noon - DAY, noon)),
      await readFigure('store-read-30d-ms', '<= 2', (i) => metrics.read(adjacent(1, i), T0, end)),
      await readFigure('store-read-50x24h-ms', '<= 5', (i) =>
        metrics.read(adjacent(50, i), noon - DAY, noon),
      ),
      await readFigure('store-read-hourly-30d-ms', '-', (i) => metrics.readHourly(adjacent(1, i), T0, end)),
    ];
  } finally {
    await fleet.close();
  }
}

/** 100,000 series with an hour of points. */
async function latest(): Promise<Figure[]> {
  const fleet = await makeFleet(100, 1_000);
  const rows = await MetricRows.open();
  try {
    const { metrics } = fleet.database;
    for (const account of fleet.accounts) {
      await metrics.append(account.fence, answerOf(account, 11, 12));
      await rows.append([answerOf(account, 11, 12)]);
    }
    const all = fleet.accounts.flatMap(({ series }) => series);
    const tenth = all.slice(0, 10_000);
    const range = [T0, T0 + 12 * STEP] as const;
    const newest = await readFigure('store-latest-100k-ms', '<= 5', () => metrics.latest(all, T0));
    const top = await readFigure('store-top10-10k-ms', '<= 5', async () => {
      const { sum, count } = await metrics.aggregate(tenth, ...range);
      return topTen(tenth, (index) => sum[index]! / count[index]!);
    });
    const rowsNewest = await readMs(() =>
      rows.connection.all('SELECT series_id, at, value FROM point WHERE at = (SELECT max(at) FROM point)'),
    );
    const rowsTop = await readMs(() =>
      rows.connection.all(
        `SELECT series_id, avg(value) AS mean FROM point WHERE at >= ? AND at < ? AND series_id <= 10000
        GROUP BY series_id ORDER BY mean DESC LIMIT 10`,
        [...range],
      ),
    );
    return [
      newest,
      { name: 'store-latest-rows-ratio', value: rowsNewest / newest.value, goal: '>= 5' },
      top,
      { name: 'store-top10-rows-ratio', value: rowsTop / top.value, goal: '>= 5' },
    ];
  } finally {
    await rows.close();
    await fleet.close();
  }
}

function topTen(series: readonly SeriesLocation[], meanOf: (index: number) => number): SeriesLocation[] {
  const best: { index: number; mean: number }[] = [];
  for (let index = 0; index < series.length; index++) {
    const mean = meanOf(index);
    if (best.length === 10 && mean <= best[9]!.mean) continue;
    best.push({ index, mean });
    best.sort((a, b) => b.mean - a.mean);
    best.length = Math.min(best.length, 10);
  }
  return best.map(({ index }) => series[index]!);
}

async function readFigure(
  name: string,
  goal: string,
  read: (index: number) => Promise<unknown>,
): Promise<Figure> {
  return { name, goal, value: await readMs(read) };
}

/** The median of many, warm. */
async function readMs(read: (index: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < REPEATS * 2; index++) {
    const start = process.hrtime.bigint();
    await read(index);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return median(times.slice(REPEATS));
}

/** Whole pages. */
async function bytesOf({ file }: Fleet, table: string): Promise<number> {
  const connection = await SqliteConnection.open(file, 'readonly');
  const row = await connection.get<{ bytes: number }>(
    'SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = ?',
    [table],
  );
  await connection.close();
  return row!.bytes;
}

/** By this process to the disk, as Linux counts it; 0 elsewhere. */
function bytesWritten(): number {
  if (process.platform !== 'linux') return 0;
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))![1]);
}
