import type { Points, SeriesPoints } from '../../core/metrics/metric-store';
import { HeadRow, headId } from './head-layout';

/** New values of one head row, that is of one block at one timestamp. Three columns of the same length. */
export interface HeadColumn {
  id: number;
  timestamp: number;
  /** Each slot once. */
  slots: number[];
  values: number[];
  seriesIds: number[];
}

/**
 * The batch by head row, in ascending order of ids and so of time. Of two values for one point the last wins.
 * @throws RangeError for a value that is not finite or a timestamp that is not the start of a period.
 */
export function columnsOf(batch: readonly SeriesPoints[]): HeadColumn[] {
  const columns = new Map<number, HeadColumn>();
  for (const entry of eachPointOnce(batch)) {
    requireStorable(entry);
    const { series, timestamps, values } = entry;
    for (let index = 0; index < timestamps.length; index++) {
      const timestamp = timestamps[index];
      const id = headId(series.block, timestamp);
      let column = columns.get(id);
      if (!column) columns.set(id, (column = { id, timestamp, slots: [], values: [], seriesIds: [] }));
      column.slots.push(series.slot);
      column.values.push(values[index]);
      column.seriesIds.push(series.id);
    }
  }
  return [...columns.values()].sort((a, b) => a.id - b.id);
}

/** Collects the points that a merge added and revised. */
export class ChangeLog {
  added = 0;
  revised = 0;
  recovered = 0;
  readonly #points = new Map<number, Points>();

  constructor(private readonly isRecovered: (timestamp: number) => boolean = () => false) {}

  /** `before` is NaN for a point that was not there. */
  note(seriesId: number, timestamp: number, value: number, before: number): void {
    if (!Number.isNaN(before)) this.revised++;
    else {
      this.added++;
      if (this.isRecovered(timestamp)) this.recovered++;
    }
    let points = this.#points.get(seriesId);
    if (!points) this.#points.set(seriesId, (points = { timestamps: [], values: [] }));
    points.timestamps.push(timestamp);
    points.values.push(value);
  }

  /** By series, in the order noted. */
  get changes(): ({ seriesId: number } & Points)[] {
    return [...this.#points].map(([seriesId, points]) => ({ seriesId, ...points }));
  }
}

/** The stored row with the column's values in it; null when it has them all already. */
export function merge(column: HeadColumn, stored: HeadRow, log: ChangeLog): HeadRow | null {
  const { slots, values, seriesIds, timestamp } = column;
  let merged: HeadRow | null = null;
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index];
    const value = values[index];
    const before = stored.get(slot);
    if (before === value) continue;
    merged ??= stored.copy(slots.reduce((a, b) => Math.max(a, b)) + 1);
    merged.set(slot, value);
    log.note(seriesIds[index], timestamp, value, before);
  }
  return merged;
}

/** The batch as it is, unless a point may be in it twice. */
function eachPointOnce(batch: readonly SeriesPoints[]): readonly SeriesPoints[] {
  const ids = new Set(batch.map(({ series }) => series.id));
  if (ids.size === batch.length && batch.every(({ timestamps }) => isAscending(timestamps))) return batch;
  const bySeries = new Map<number, { series: SeriesPoints['series']; points: Map<number, number> }>();
  for (const entry of batch) {
    const { series, timestamps, values } = entry;
    requireStorable(entry);
    let merged = bySeries.get(series.id);
    if (!merged) bySeries.set(series.id, (merged = { series, points: new Map() }));
    for (const [index, timestamp] of timestamps.entries()) merged.points.set(timestamp, values[index]);
  }
  return [...bySeries.values()].map(({ series, points }) => ({
    series,
    timestamps: [...points.keys()],
    values: [...points.values()],
    watermark: null,
  }));
}

function isAscending(timestamps: readonly number[]): boolean {
  return timestamps.every((timestamp, index) => index === 0 || timestamps[index - 1] < timestamp);
}

function requireStorable({ series, timestamps, values }: SeriesPoints): void {
  const { id, period } = series;
  if (timestamps.length !== values.length) {
    throw new RangeError(`Series ${id} has ${timestamps.length} timestamps and ${values.length} values`);
  }
  for (const value of values) {
    if (!Number.isFinite(value)) throw new RangeError(`Series ${id} has the value ${value}`);
  }
  for (const timestamp of timestamps) {
    if (!Number.isSafeInteger(timestamp) || timestamp % (period * 1_000) !== 0) {
      throw new RangeError(
        `Series ${id} has a point at ${timestamp}, not the start of a period of ${period} s`,
      );
    }
  }
}
