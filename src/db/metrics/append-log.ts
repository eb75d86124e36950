import type { AppendResult } from '../../core/metrics/metric-store';
import { encodeChanges, type ChangedRow } from './codec/changed-points';

/** What an append added and revised, as it happens. */
export class AppendLog {
  readonly #changes = new Map<number, AppendResult['changes'][number]>();
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
    const held = this.#changes.get(seriesId);
    if (held) {
      held.timestamps.push(...timestamps);
      held.values.push(...values);
    } else this.#changes.set(seriesId, { seriesId, timestamps, values });
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

  get result(): AppendResult {
    return {
      added: this.#added,
      revised: this.#revised,
      recovered: this.#recovered,
      changes: [...this.#changes.values()].map(ascending),
    };
  }
}

/** A batch may reach into sealed days and open ones, in any order. */
function ascending(change: AppendResult['changes'][number]): AppendResult['changes'][number] {
  const { seriesId, timestamps, values } = change;
  if (timestamps.every((timestamp, index) => index === 0 || timestamps[index - 1]! < timestamp))
    return change;
  const order = [...timestamps.keys()].sort((a, b) => timestamps[a]! - timestamps[b]!);
  return {
    seriesId,
    timestamps: order.map((index) => timestamps[index]!),
    values: order.map((index) => values[index]!),
  };
}
