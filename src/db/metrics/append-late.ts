import type { SeriesHours } from '../../core/metrics/metric-store';
import type { AppendLog } from './append-log';
import type { BatchPart, PartEntry } from './append-batch';
import { chunkId, DAY, firstPeriod, openChunk } from './chunk-layout';
import { DayPoints, encodeChunk } from './codec/chunk';
import type { DamageLog } from './damage';
import { dayOf } from './head-layout';
import type { BlobRow, MetricTransaction } from './metric-tables';
import { RollupChanges } from './rollup-changes';

/** Chunks that are read, merged and written together. */
const CHUNKS_AT_ONCE = 256;

/** Points of one series for a day that is sealed: those of the entry from index `start` to before `end`. */
interface LateRun {
  entry: PartEntry;
  day: number;
  start: number;
  end: number;
}

/** Puts points into days that are sealed: each chunk is decoded, merged and written anew, and its rollup with it. */
export class LatePoints {
  readonly #stored = new DayPoints();
  readonly #merged = new DayPoints();

  constructor(
    private readonly transaction: MetricTransaction,
    private readonly onDamage: DamageLog,
    private readonly log: AppendLog,
  ) {}

  /** The points of `part` on the days of which `isSealed` is true. */
  async write(part: BatchPart, isSealed: (day: number) => boolean): Promise<void> {
    const runs = part.entries.flatMap((entry) => [...runsOf(entry)]).filter(({ day }) => isSealed(day));
    for (let start = 0; start < runs.length; start += CHUNKS_AT_ONCE) {
      await this.#write(part, runs.slice(start, start + CHUNKS_AT_ONCE));
    }
  }

  async #write({ period }: BatchPart, runs: readonly LateRun[]): Promise<void> {
    const ids = runs.map(({ entry, day }) => chunkId(entry.series.id, day));
    const stored = new Map((await this.transaction.blobs('chunk', ids)).map((row) => [row.id, row]));
    const rollups = new RollupChanges(this.transaction, this.onDamage);
    await rollups.load(runs.map(({ entry, day }) => ({ series: entry.series, day })));
    const chunks: BlobRow[] = [];
    for (const [index, run] of runs.entries()) {
      const row = stored.get(ids[index]!);
      // A damaged chunk counts as empty: what CloudWatch answers now goes into it.
      if (!row || !openChunk(row, this.#stored, this.onDamage)) this.#stored.count = 0;
      if (!this.#merge(run, period)) continue;
      chunks.push({ id: ids[index]!, data: encodeChunk(this.#merged) });
      rollups.setDay(run.entry.series.id, run.day, period, this.#merged);
    }
    await this.transaction.writeBlobs('chunk', chunks);
    await rollups.write();
  }

  /** Merges the run into the stored points. @returns whether that changed any. */
  #merge({ entry, day, start, end }: LateRun, period: number): boolean {
    const { series, timestamps, values } = entry;
    const first = firstPeriod(day, period);
    const [stored, merged] = [this.#stored, this.#merged];
    const times: number[] = [];
    const news: number[] = [];
    merged.count = 0;
    let at = 0;
    for (let index = start; index < end; index++) {
      const timestamp = timestamps[index]!;
      const value = values[index]!;
      const place = timestamp / (period * 1_000) - first;
      for (; at < stored.count && stored.places[at]! < place; at++) {
        merged.push(stored.places[at]!, stored.values[at]!);
      }
      const before = at < stored.count && stored.places[at] === place ? stored.values[at++]! : NaN;
      merged.push(place, before === value ? before : value);
      if (before === value) continue;
      this.log.count(timestamp, before);
      this.log.point(timestamp, [series.id]);
      times.push(timestamp);
      news.push(value);
    }
    for (; at < stored.count; at++) merged.push(stored.places[at]!, stored.values[at]!);
    if (times.length > 0) this.log.add(series.id, times, news);
    return times.length > 0;
  }
}

/** Stores hours of which CloudWatch has but coarse values. */
export async function writeCoarse(
  transaction: MetricTransaction,
  onDamage: DamageLog,
  hourly: readonly SeriesHours[],
): Promise<void> {
  for (let start = 0; start < hourly.length; start += CHUNKS_AT_ONCE) {
    const slice = hourly.slice(start, start + CHUNKS_AT_ONCE);
    const rollups = new RollupChanges(transaction, onDamage);
    await rollups.load(
      slice.flatMap(({ series, hours }) => hours.map((hour) => ({ series, day: dayOf(hour) }))),
    );
    for (const one of slice) rollups.setCoarse(one);
    await rollups.write();
  }
}

/** The points of an entry by day. */
function* runsOf(entry: PartEntry): Generator<LateRun> {
  const { timestamps } = entry;
  for (let start = 0; start < timestamps.length;) {
    const day = dayOf(timestamps[start]!);
    const next = (day + 1) * DAY;
    let end = start + 1;
    while (end < timestamps.length && timestamps[end]! < next) end++;
    yield { entry, day, start, end };
    start = end;
  }
}
