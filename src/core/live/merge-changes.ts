import type { ChangedPoints } from './bus';

/** Each series once, by id; its points by time, the last value wins. @param changes oldest first; they are not changed. */
export function mergeChanges(changes: readonly ChangedPoints[]): ChangedPoints[] {
  const bySeries = new Map<number, Map<number, number>>();
  for (const { seriesId, timestamps, values } of changes) {
    const points = bySeries.get(seriesId) ?? new Map<number, number>();
    bySeries.set(seriesId, points);
    timestamps.forEach((timestamp, index) => points.set(timestamp, values[index]));
  }
  return [...bySeries]
    .sort(([a], [b]) => a - b)
    .map(([seriesId, points]) => {
      const timestamps = [...points.keys()].sort((a, b) => a - b);
      return { seriesId, timestamps, values: timestamps.map((timestamp) => points.get(timestamp)!) };
    });
}
