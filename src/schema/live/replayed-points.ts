import type { Points } from '../../core/metrics/metric-store';

/**
 * What a replay has shown, so that an event that was waiting meanwhile does not show it again. Kept by account until
 * the account's first event from after the replay: no later one can overlap.
 */
export class ReplayedPoints {
  /** By account, then by series. */
  private readonly shown = new Map<number, Map<number, Points>>();
  private endedAt = Infinity;

  /** Keeps what was read of a series. */
  add(accountId: number, seriesId: number, { timestamps, values }: Points): void {
    const series = this.shown.get(accountId) ?? new Map<number, Points>();
    this.shown.set(accountId, series.set(seriesId, { timestamps, values: [...values] }));
  }

  /** The replay is over: everything up to this sequence number was published before. */
  end(sequence: number): void {
    this.endedAt = sequence;
  }

  /** The points of an event that the replay has not shown with this very value. */
  unseen(accountId: number, seriesId: number, points: Points): Points {
    const shown = this.shown.get(accountId)?.get(seriesId);
    if (!shown) return points;
    const news: Points = { timestamps: [], values: [] };
    points.timestamps.forEach((timestamp, i) => {
      const value = points.values[i];
      const place = indexOf(shown.timestamps, timestamp);
      if (place >= 0 && shown.values[place] === value) return;
      // A later event may bring back the value that the replay had read: it must be shown then.
      if (place >= 0) shown.values[place] = value;
      news.timestamps.push(timestamp);
      news.values.push(value);
    });
    return news;
  }

  /** Everything of the account up to this event has been shown. */
  passed(accountId: number, sequence: number): void {
    if (sequence > this.endedAt) this.shown.delete(accountId);
  }
}

/** By bisection; -1 where it is not. */
function indexOf(ascending: readonly number[], wanted: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] === wanted) return middle;
    if (ascending[middle] < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
