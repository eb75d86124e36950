import type { SeriesHours, SeriesLocation } from '../../core/metrics/metric-store';
import {
  chunkId,
  chunkOfId,
  DAY,
  firstPeriod,
  hourOf,
  openChunk,
  openRollup,
  rollupId,
  rollupOfId,
  windowOfDay,
} from './chunk-layout';
import { DayPoints } from './codec/chunk';
import { encodeRollup, ROLLUP_DAYS, RollupHours } from './codec/rollup';
import type { DamageLog } from './damage';
import type { BlobRow, MetricTransaction } from './metric-tables';

/** Rollups that are kept to be used again, 8 KB each: making them costs more than filling them. */
const SPARES_KEPT = 1_000;
const spare: RollupHours[] = [];

/** Without any points. */
function takeHours(): RollupHours {
  const hours = spare.pop();
  hours?.clear();
  return hours ?? new RollupHours();
}

/** Rollups that one transaction changes: read together, decoded once, written together. */
export class RollupChanges {
  readonly #held = new Map<number, RollupHours>();
  readonly #changed = new Set<number>();

  constructor(
    private readonly transaction: MetricTransaction,
    private readonly onDamage: DamageLog,
  ) {}

  /** Reads the rollups of these series and days, those that are not held as yet. */
  async load(wanted: readonly { series: SeriesLocation; day: number }[]): Promise<void> {
    const missing = new Map<number, SeriesLocation>();
    for (const { series, day } of wanted) {
      const id = rollupId(series.id, windowOfDay(day));
      if (!this.#held.has(id)) missing.set(id, series);
    }
    const rows = await this.transaction.blobs('rollup', [...missing.keys()]);
    for (const id of missing.keys()) this.#held.set(id, takeHours());
    for (const row of rows) {
      const intact = openRollup(row, this.#held.get(row.id)!, this.onDamage);
      if (!intact) await this.#makeAnew(row.id, missing.get(row.id)!);
    }
  }

  /** Takes the hours of a day from all its fine points; hours with none stay, for they may be coarse. */
  setDay(seriesId: number, day: number, periodSeconds: number, { count, places, values }: DayPoints): void {
    const hours = this.#change(seriesId, day);
    const first = firstPeriod(day, periodSeconds);
    let hour = -1;
    for (let index = 0; index < count; index++) {
      const at = hourOf((first + places[index]!) * periodSeconds * 1_000);
      if (at !== hour) hours.clearHour((hour = at));
      hours.add(hour, values[index]!);
    }
  }

  /** Takes what CloudWatch had of hours without fine points. */
  setCoarse({ series, hours, minimum, maximum, sum, count }: SeriesHours): void {
    for (const [index, start] of hours.entries()) {
      const held = this.#change(series.id, Math.floor(start / DAY));
      const hour = hourOf(start);
      if (held.count[hour] !== 0 && !held.isCoarse[hour]) continue;
      held.minimum[hour] = minimum[index]!;
      held.maximum[hour] = maximum[index]!;
      held.sum[hour] = sum[index]!;
      held.count[hour] = count[index]!;
      held.isCoarse[hour] = 1;
    }
  }

  async write(): Promise<void> {
    const rows: BlobRow[] = [];
    for (const id of this.#changed) rows.push({ id, data: encodeRollup(this.#held.get(id)!) });
    this.#changed.clear();
    for (const hours of this.#held.values()) if (spare.length < SPARES_KEPT) spare.push(hours);
    this.#held.clear();
    await this.transaction.writeBlobs('rollup', rows);
  }

  #change(seriesId: number, day: number): RollupHours {
    const id = rollupId(seriesId, windowOfDay(day));
    this.#changed.add(id);
    return this.#held.get(id)!;
  }

  /** From the chunks of its days, as far as they are kept. */
  async #makeAnew(id: number, { id: seriesId, period }: SeriesLocation): Promise<void> {
    this.#held.get(id)!.clear();
    const first = rollupOfId(id).window * ROLLUP_DAYS;
    const days = Array.from({ length: ROLLUP_DAYS }, (_, index) => first + index);
    const chunks = await this.transaction.blobs(
      'chunk',
      days.map((day) => chunkId(seriesId, day)),
    );
    const points = new DayPoints();
    for (const row of chunks) {
      if (openChunk(row, points, this.onDamage)) {
        this.setDay(seriesId, chunkOfId(row.id).day, period, points);
      }
    }
  }
}
