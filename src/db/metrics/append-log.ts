import type { AppendResult } from '../../core/metrics/metric-store';
import { encodeChanges, type ChangedRow } from './codec/changed-points';

/** What an append added and revised, as it happens. */
export class AppendLog {
  readonly #changes: AppendResult['changes'] = [];
  readonly #rows = new Map<number, number[]>();
  #added = 0;
  #revised = 0;
  #recovered = 0;

  constructor(private readonly isRecovered: (timestamp: number) => boolean = () => false) {}

  /** Counts a value that was not there, or another one, at `timestamp`. `before` is NaN where there was none. */
  count(timestamp: number, before: number): void {
    if (!Number.isNaN(before)) this.#revised++;
    else {
      this.#added++;
      if (this.isRecovered(timestamp)) this.#recovered++;
    }
  }

  /** Changed points of a series, ascending by time. */
  add(seriesId: number, timestamps: number[], values: number[]): void {
    this.#changes.push({ seriesId, timestamps, values });
  }

  /** Which series changed at a timestamp. */
  point(timestamp: number, seriesIds: readonly number[]): void {
    if (seriesIds.length === 0) return;
    const held = this.#rows.get(timestamp);
    if (held) held.push(...seriesIds);
    else this.#rows.set(timestamp, [...seriesIds]);
  }

  /** Pointers to all that changed, for the sequence of events; null when nothing did. */
  encodeChanges(): Buffer | null {
    const rows: ChangedRow[] = [...this.#rows].map(([timestamp, seriesIds]) => ({ timestamp, seriesIds }));
    return rows.length === 0 ? null : encodeChanges(rows);
  }

  /** @param isSplit whether a series' points may have been added in several parts, in any order. */
  result(isSplit: boolean): AppendResult {
    return {
      added: this.#added,
      revised: this.#revised,
      recovered: this.#recovered,
      changes: isSplit ? joined(this.#changes) : this.#changes,
    };
  }
}

/** Each series once, its points ascending. */
function joined(parts: AppendResult['changes']): AppendResult['changes'] {
  const bySeries = new Map<number, [timestamp: number, value: number][]>();
  for (const { seriesId, timestamps, values } of parts) {
    const points = timestamps.map((timestamp, index): [number, number] => [timestamp, values[index]!]);
    bySeries.set(seriesId, [...(bySeries.get(seriesId) ?? []), ...points]);
  }
  return [...bySeries].map(([seriesId, points]) => {
    points.sort(([a], [b]) => a - b);
    return {
      seriesId,
      timestamps: points.map(([timestamp]) => timestamp),
      values: points.map(([, value]) => value),
    };
  });
}
