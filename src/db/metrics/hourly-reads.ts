import { hourlyOf } from '../../core/metrics/aggregates';
import type { HourlyPoints, Points, SeriesLocation } from '../../core/metrics/metric-store';
import { openRollup, rollupId, rollupOfId, windowOfDay, windowStart } from './chunk-layout';
import { RollupHours } from './codec/rollup';
import type { DamageLog } from './damage';
import { dayOf } from './head-layout';
import type { BlobRow, MetricTables } from './metric-tables';
import type { PointScan } from './point-scan';

const HOUR = 3_600_000;
const ROLLUPS_AT_ONCE = 256;

/** Hours of series: from the points of days that are not sealed, and from rollups. */
export class HourlyReads {
  readonly #rollup = new RollupHours();

  constructor(
    private readonly tables: MetricTables,
    private readonly scan: PointScan,
    private readonly onDamage: DamageLog,
  ) {}

  /** Points first: what is sealed in between is in the rollups by then. Fine hours go before coarse ones. */
  async read(series: readonly SeriesLocation[], from: number, to: number): Promise<HourlyPoints[]> {
    const range = { from: Math.ceil(from / HOUR) * HOUR, to: Math.ceil(to / HOUR) * HOUR };
    const fine = await this.#fineHours(series, range.from, range.to, 'open');
    const windows = await this.#windows(range.from, range.to);
    const seriesAtOnce = Math.max(1, Math.floor(ROLLUPS_AT_ONCE / Math.max(1, windows.length)));
    const result: HourlyPoints[] = [];
    for (let start = 0; start < series.length; start += seriesAtOnce) {
      const slice = series.slice(start, start + seriesAtOnce);
      const ids = slice.flatMap(({ id }) => windows.map((window) => rollupId(id, window)));
      const rows = new Map((await this.tables.blobs('rollup', ids)).map((row) => [row.id, row]));
      for (const [index, one] of slice.entries()) {
        const rolled = noHours();
        for (const window of windows) {
          const row = rows.get(rollupId(one.id, window));
          if (row) await this.#addRollup(row, one, range.from, range.to, rolled);
        }
        result.push(joined(fine[start + index]!, rolled));
      }
    }
    return result;
  }

  async #fineHours(
    series: readonly SeriesLocation[],
    from: number,
    to: number,
    which: 'open' | 'all',
  ): Promise<HourlyPoints[]> {
    const points = series.map((): Points => ({ timestamps: [], values: [] }));
    await this.scan.scan(
      series,
      from,
      to,
      (index, timestamp, value) => {
        points[index]!.timestamps.push(timestamp);
        points[index]!.values.push(value);
      },
      which,
    );
    return points.map(hourlyOf);
  }

  /** The windows in the range that may have a rollup. */
  async #windows(from: number, to: number): Promise<number[]> {
    const { firstRollup, lastRollup } = await this.tables.bounds();
    if (firstRollup === null || lastRollup === null) return [];
    const first = Math.max(windowOfDay(dayOf(from)), rollupOfId(firstRollup).window);
    const last = Math.min(windowOfDay(dayOf(to - 1)), rollupOfId(lastRollup).window);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  }

  /** The hours of a damaged rollup are made from its points anew, as far as they are kept. */
  async #addRollup(
    row: BlobRow,
    series: SeriesLocation,
    from: number,
    to: number,
    into: HourlyPoints,
  ): Promise<void> {
    const { window } = rollupOfId(row.id);
    const [start, end] = [Math.max(from, windowStart(window)), Math.min(to, windowStart(window + 1))];
    if (!openRollup(row, this.#rollup, this.onDamage)) {
      const [anew] = await this.#fineHours([series], start, end, 'all');
      for (let at = 0; at < anew!.hours.length; at++) pushHour(into, anew!, at);
      return;
    }
    const { minimum, maximum, sum, count } = this.#rollup;
    const first = (start - windowStart(window)) / HOUR;
    const last = (end - windowStart(window)) / HOUR;
    for (let hour = first; hour < last; hour++) {
      if (count[hour] === 0) continue;
      into.hours.push(windowStart(window) + hour * HOUR);
      into.minimum.push(minimum[hour]!);
      into.maximum.push(maximum[hour]!);
      into.sum.push(sum[hour]!);
      into.count.push(count[hour]!);
    }
  }
}

function noHours(): HourlyPoints {
  return { hours: [], minimum: [], maximum: [], sum: [], count: [] };
}

function pushHour(into: HourlyPoints, from: HourlyPoints, at: number): void {
  into.hours.push(from.hours[at]!);
  into.minimum.push(from.minimum[at]!);
  into.maximum.push(from.maximum[at]!);
  into.sum.push(from.sum[at]!);
  into.count.push(from.count[at]!);
}

/** Both by hour; of an hour that is in both, the first one's. */
function joined(first: HourlyPoints, second: HourlyPoints): HourlyPoints {
  if (second.hours.length === 0) return first;
  if (first.hours.length === 0) return second;
  const result = noHours();
  let [a, b] = [0, 0];
  while (a < first.hours.length || b < second.hours.length) {
    const [hourA, hourB] = [first.hours[a] ?? Infinity, second.hours[b] ?? Infinity];
    if (hourA <= hourB) pushHour(result, first, a++);
    else pushHour(result, second, b++);
    if (hourA === hourB) b++;
  }
  return result;
}
