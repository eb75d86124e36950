import type { SeriesLocation, SeriesPoints } from '../../core/metrics/metric-store';
import { isSparse } from './sparse';

/** One series' points of a part: `timestamps[i]` is the part's timestamp at `places[i]`. */
export interface PartEntry {
  series: SeriesLocation;
  timestamps: readonly number[];
  values: readonly number[];
  places: readonly number[];
}

/** The points of a batch that go to one block. */
export interface BatchPart {
  block: number;
  /** Seconds. */
  period: number;
  /** Each once, in no order. */
  timestamps: number[];
  entries: PartEntry[];
  /** The highest slot of all entries. */
  lastSlot: number;
}

/** A batch, checked, with no point in it twice. */
export interface AppendBatch {
  parts: BatchPart[];
  /** Of series with a period of an hour or more. */
  sparse: SeriesPoints[];
}

/**
 * The batch by block. Series of one block usually share their timestamps, so where each lies is found out once for all.
 * Of two values for one point the last wins.
 * @throws RangeError for a value that is not finite or a timestamp that is not the start of a period.
 */
export function batchOf(batch: readonly SeriesPoints[]): AppendBatch {
  const parts = new Map<number, BatchPart & { index: Map<number, number> }>();
  const sparse: SeriesPoints[] = [];
  let previous: PartEntry | null = null;
  for (const entry of eachPointOnce(batch)) {
    const { series, timestamps, values } = entry;
    if (timestamps.length === 0) continue;
    if (isSparse(series)) {
      sparse.push(entry);
      continue;
    }
    let part = parts.get(series.block);
    if (!part) {
      part = {
        block: series.block,
        period: series.period,
        timestamps: [],
        entries: [],
        lastSlot: 0,
        index: new Map(),
      };
      parts.set(series.block, part);
    }
    const places: readonly number[] =
      previous && previous.series.block === series.block && equals(previous.timestamps, timestamps)
        ? previous.places
        : placesOf(timestamps, part);
    previous = { series, timestamps, values, places };
    part.entries.push(previous);
    if (series.slot > part.lastSlot) part.lastSlot = series.slot;
  }
  return { parts: [...parts.values()], sparse };
}

function placesOf(
  timestamps: readonly number[],
  part: { timestamps: number[]; index: Map<number, number> },
): number[] {
  return timestamps.map((timestamp) => {
    let place = part.index.get(timestamp);
    if (place === undefined) {
      part.index.set(timestamp, (place = part.timestamps.length));
      part.timestamps.push(timestamp);
    }
    return place;
  });
}

/** The batch as it is, unless a point may be in it twice. */
function eachPointOnce(batch: readonly SeriesPoints[]): readonly SeriesPoints[] {
  let areOnce = true;
  let checked: readonly number[] = [];
  let [checkedPeriod, previousId] = [0, -1];
  for (let index = 0; index < batch.length; index++) {
    const { series, timestamps, values } = batch[index]!;
    if (timestamps.length !== values.length) {
      throw new RangeError(
        `Series ${series.id} has ${timestamps.length} timestamps and ${values.length} values`,
      );
    }
    for (let at = 0; at < values.length; at++) {
      const value = values[at]!;
      if (!Number.isFinite(value)) throw new RangeError(`Series ${series.id} has the value ${value}`);
    }
    // Ascending ids, as the catalogue gives them, are different ones.
    if (series.id <= previousId) areOnce = false;
    previousId = series.id;
    if (series.period === checkedPeriod && equals(checked, timestamps)) continue;
    requireOnGrid(series, timestamps);
    if (!isAscending(timestamps)) areOnce = false;
    checked = timestamps;
    checkedPeriod = series.period;
  }
  return areOnce || (areDifferent(batch) && batch.every(({ timestamps }) => isAscending(timestamps)))
    ? batch
    : merged(batch);
}

function areDifferent(batch: readonly SeriesPoints[]): boolean {
  return new Set(batch.map(({ series }) => series.id)).size === batch.length;
}

function merged(batch: readonly SeriesPoints[]): SeriesPoints[] {
  const bySeries = new Map<number, { series: SeriesLocation; points: Map<number, number> }>();
  for (const { series, timestamps, values } of batch) {
    let held = bySeries.get(series.id);
    if (!held) bySeries.set(series.id, (held = { series, points: new Map() }));
    for (const [index, timestamp] of timestamps.entries()) held.points.set(timestamp, values[index]!);
  }
  return [...bySeries.values()].map(({ series, points }) => {
    const ascending = [...points].sort(([a], [b]) => a - b);
    return {
      series,
      timestamps: ascending.map(([timestamp]) => timestamp),
      values: ascending.map(([, value]) => value),
      watermark: null,
    };
  });
}

function requireOnGrid({ id, period }: SeriesLocation, timestamps: readonly number[]): void {
  for (const timestamp of timestamps) {
    if (!Number.isSafeInteger(timestamp) || timestamp % (period * 1_000) !== 0) {
      throw new RangeError(
        `Series ${id} has a point at ${timestamp}, not the start of a period of ${period} s`,
      );
    }
  }
}

function isAscending(timestamps: readonly number[]): boolean {
  for (let index = 1; index < timestamps.length; index++) {
    if (timestamps[index]! <= timestamps[index - 1]!) return false;
  }
  return true;
}

function equals(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
