import { existsSync, readFileSync } from 'node:fs';
import type { SeriesLocation, SeriesPoints } from '../src/core/metrics/metric-store';
import { SqliteConnection } from '../src/db/sqlite-connection';
import { cpuMsOf, median, type Figure } from './figure';
import { answerOf, makeFleet, STEP, T0, valueAt, type Fleet } from './metric-fleet';
import { MetricRows } from './metric-rows';
import { TypeormRows } from './typeorm-rows';

const DAY_MS = 86_400_000;
const CYCLES = 288;
/** Points that a live call asks for: the newest, and two that may have been revised. */
const ASKED = 3;
/** Of the day's cycles, so many at its end are written as rows, too. */
const ROW_CYCLES = 72;
const READS = 31;
const { signal } = new AbortController();

/** The metric store against one row a point, in the same run: a day of 10,000 series written and sealed, and reads. */
export async function metricStore(): Promise<Figure[]> {
  return [...(await writes()), ...(await historyReads()), ...(await latestReads())];
}

async function writes(): Promise<Figure[]> {
  const fleet = await makeFleet(20, 500);
  const rows = await MetricRows.open();
  const typeorm = await TypeormRows.open();
  const series = fleet.accounts.flatMap((account) => account.series);
  const points = CYCLES * series.length;
  try {
    const before = await usedBytes(fleet);
    const writtenBefore = bytesWritten();
    const cycles: number[] = [];
    const rowCycles: number[] = [];
    const typeormCycles: number[] = [];
    let written = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const batches = fleet.accounts.map((account) => answerOf(account, cycle, ASKED));
      cycles.push(await cpuMsOf(() => store(fleet, batches, cycle)));
      if (cycle === CYCLES - ROW_CYCLES - 1) written = bytesWritten() - writtenBefore;
      if (cycle < CYCLES - ROW_CYCLES) continue;
      rowCycles.push(await cpuMsOf(() => rows.append(batches)));
      // It takes a hundred times as long: some are enough.
      if (cycle % 24 === 0) typeormCycles.push(await cpuMsOf(() => typeorm.insert(batches.flat())));
    }
    const hour = await topTen(fleet, rows);
    const sealWritten = bytesWritten();
    const seal = await cpuMsOf(() => fleet.database.metricMaintenance.seal(T0 + DAY_MS, signal));
    const writtenAtSealing = bytesWritten() - sealWritten;
    // What changed is remembered for hours, not with the points.
    await fleet.database.metricMaintenance.prune({
      ...{ fineBefore: 0, hourlyBefore: 0, eventsBefore: T0 + DAY_MS },
    });
    const perCycle = median(cycles.slice(-ROW_CYCLES - 1)) + seal / CYCLES;
    const stored = series.length * (CYCLES - ROW_CYCLES);
    return [
      { name: 'metric-store-cpu-us-per-point', value: (1000 * perCycle) / series.length, goal: '-' },
      { name: 'metric-store-cpu-rows-ratio', value: perCycle / median(rowCycles), goal: '<= 0.35' },
      { name: 'metric-store-cpu-typeorm-ratio', value: perCycle / median(typeormCycles), goal: '<= 0.03' },
      {
        name: 'metric-store-bytes-per-point',
        value: ((await usedBytes(fleet)) - before) / points,
        goal: '<= 3.3',
      },
      {
        name: 'metric-store-written-per-point',
        value: written / stored + writtenAtSealing / points,
        goal: '<= 60',
      },
      {
        name: 'metric-store-last-cycle-ratio',
        value: median(cycles.slice(-11)) / median(cycles.slice(12, 23)),
        goal: '<= 1.3',
      },
      ...hour,
    ];
  } finally {
    await Promise.all([fleet.close(), rows.close(), typeorm.close()]);
  }
}

async function store({ accounts, database }: Fleet, batches: SeriesPoints[][], cycle: number): Promise<void> {
  const at = T0 + cycle * STEP;
  await Promise.all(
    accounts.map(async ({ fence }, index) => {
      await database.metrics.append(fence, batches[index], { askedAt: at });
      await database.metricEvents.publish(fence, at);
    }),
  );
}

/** The ten highest averages of 10,000 series over the last hour, which is not sealed. */
async function topTen({ accounts, database }: Fleet, rows: MetricRows): Promise<Figure[]> {
  const series = accounts.flatMap((account) => account.series);
  const to = T0 + CYCLES * STEP;
  const from = to - 12 * STEP;
  return compare('top-10', 5, {
    store: async () => {
      const { sum, count } = await database.metrics.aggregate(series, from, to);
      const averages = sum.map((value, index) => value / count[index]);
      return series
        .map((_, index) => index)
        .sort((a, b) => averages[b] - averages[a])
        .slice(0, 10).length;
    },
    rows: async () => {
      const top = await rows.connection.all(
        `SELECT series_id, avg(value) AS average FROM point WHERE at >= ? AND at < ?
        GROUP BY series_id ORDER BY average DESC LIMIT 10`,
        [from, to],
      );
      return top.length;
    },
  });
}

/** Thirty days of 500 series, sealed. */
async function historyReads(): Promise<Figure[]> {
  const DAYS = 30;
  const fleet = await makeFleet(1, 500);
  const rows = await MetricRows.open();
  try {
    const { fence, series } = fleet.accounts[0];
    for (let day = 0; day < DAYS; day++) {
      const batch = daysOf(series, day);
      await fleet.database.metrics.append(fence, batch);
      await rows.append([batch]);
    }
    await fleet.database.metricMaintenance.seal(T0 + DAYS * DAY_MS, signal);
    const read = (name: string, goal: number, first: number, count: number, days: number) => {
      const asked = series.slice(first, first + count);
      const from = T0 + (DAYS - days) * DAY_MS;
      const to = T0 + DAYS * DAY_MS;
      const times = JSON.stringify(
        Array.from({ length: (to - from) / STEP }, (_, index) => from + index * STEP),
      );
      return compare(name, goal, {
        store: async () => {
          const found = await fleet.database.metrics.read(asked, from, to);
          return found.reduce((sum, { values }) => sum + values.length, 0);
        },
        rows: async () => {
          const found = await rows.connection.all(
            `SELECT point.at, series_id, point.value FROM json_each(?) AS time
            CROSS JOIN point ON point.at = time.value AND series_id BETWEEN ? AND ?`,
            [times, asked[0].id, asked.at(-1)!.id],
          );
          return found.length;
        },
      });
    };
    return [
      ...(await read('24-hours', 0.5, 77, 1, 1)),
      ...(await read('30-days', 2, 77, 1, DAYS)),
      ...(await read('50-of-24-hours', 5, 100, 50, 1)),
    ];
  } finally {
    await Promise.all([fleet.close(), rows.close()]);
  }
}

function daysOf(series: readonly SeriesLocation[], day: number): SeriesPoints[] {
  const cycles = Array.from({ length: CYCLES }, (_, index) => day * CYCLES + index);
  const timestamps = cycles.map((cycle) => T0 + cycle * STEP);
  return series.map((one) => ({
    series: one,
    timestamps,
    values: cycles.map((cycle) => valueAt(one.id, cycle)),
    watermark: timestamps.at(-1)! + STEP,
  }));
}

/** The newest points of 100,000 series. */
async function latestReads(): Promise<Figure[]> {
  const fleet = await makeFleet(200, 500);
  const rows = await MetricRows.open();
  try {
    for (let cycle = 0; cycle < 3; cycle++) {
      const batches = fleet.accounts.map((account) => answerOf(account, cycle, 1));
      await store(fleet, batches, cycle);
      await rows.append(batches);
    }
    const series = fleet.accounts.flatMap((account) => account.series);
    return await compare('latest-of-100k', 5, {
      store: async () => {
        const found = await fleet.database.metrics.latest(series, T0);
        return found.filter((one) => one !== null).length;
      },
      rows: async () => {
        const found = await rows.connection.all(
          'SELECT series_id, at, value FROM point WHERE at = (SELECT max(at) FROM point)',
        );
        return found.length;
      },
    });
  } finally {
    await Promise.all([fleet.close(), rows.close()]);
  }
}

/** Milliseconds of CPU that a read takes, which a busy machine does not stretch, and how many times as long the same from rows takes. */
async function compare(
  name: string,
  goalMs: number,
  sides: Record<'store' | 'rows', () => Promise<number>>,
): Promise<Figure[]> {
  const times = { store: [] as number[], rows: [] as number[] };
  for (let round = -3; round < READS; round++) {
    const found = new Set<number>();
    for (const side of ['store', 'rows'] as const) {
      const cpuMs = await cpuMsOf(async () => found.add(await sides[side]()));
      if (round >= 0) times[side].push(cpuMs);
    }
    if (found.size > 1) throw new Error(`${name}: ${[...found].join(' from the store, from rows ')}`);
  }
  const ms = median(times.store);
  return [
    { name: `metric-store-${name}-ms`, value: ms, goal: `<= ${goalMs}` },
    {
      name: `metric-store-${name}-rows-ratio`,
      value: median(times.rows) / ms,
      goal: name === '24-hours' ? '-' : '>= 5',
    },
  ];
}

/** Of the database file, without its free pages. */
async function usedBytes({ file }: Fleet): Promise<number> {
  const connection = await SqliteConnection.open(file, 'readonly');
  const [row] = await connection.all<{ bytes: number }>(
    `SELECT (pages.page_count - free.freelist_count) * size.page_size AS bytes
    FROM pragma_page_count AS pages, pragma_freelist_count AS free, pragma_page_size AS size`,
  );
  await connection.close();
  return row.bytes;
}

const IO = '/proc/self/io';

/** By this process, to disk; NaN where there is no Linux to say. */
function bytesWritten(): number {
  if (!existsSync(IO)) return NaN;
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(IO, 'utf8'))![1]);
}
