import type { ChangedPoints } from './bus';

/** Each series once, by id; its points by time, the last value wins. @param changes oldest first; they are not changed. */
export function mergeChanges(changes: readonly ChangedPoints[]): ChangedPoints[] {
  const bySeries = new Map<number, ChangedPoints>();
  for (const change of changes) {
    const held = bySeries.get(change.seriesId);
    // As an append tells them: each series once, in order. Maps of points would cost as much as the collection does.
    if (held || !isAscending(change.timestamps)) bySeries.set(change.seriesId, merged(held, change));
    else bySeries.set(change.seriesId, change);
  }
  return [...bySeries.values()].sort((a, b) => a.seriesId - b.seriesId);
}

function merged(held: ChangedPoints | undefined, change: ChangedPoints): ChangedPoints {
  const points = new Map<number, number>();
  for (const { timestamps, values } of held ? [held, change] : [change]) {
    timestamps.forEach((timestamp, index) => points.set(timestamp, values[index]!));
  }
  const timestamps = [...points.keys()].sort((a, b) => a - b);
  const values = timestamps.map((timestamp) => points.get(timestamp)!);
  return { seriesId: change.seriesId, timestamps, values };
}

/** Each time once. */
function isAscending(timestamps: readonly number[]): boolean {
  for (let i = 1; i < timestamps.length; i++) if (timestamps[i]! <= timestamps[i - 1]!) return false;
  return true;
}
