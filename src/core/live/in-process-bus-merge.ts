import type { MetricsStored } from './bus';

/**
 * One event with the points of all: by series and timestamp, ascending, the last value wins. `merged`
 * counts the older ones, and `collectedAt` is the newest's.
 * @param events of one account, oldest first; at least one. They are not changed.
 */
export function mergeMetrics(events: readonly MetricsStored[]): MetricsStored {
  const bySeries = new Map<number, Map<number, number>>();
  for (const { series } of events) {
    for (const { seriesId, timestamps, values } of series) {
      const points = bySeries.get(seriesId) ?? new Map<number, number>();
      bySeries.set(seriesId, points);
      timestamps.forEach((timestamp, index) => points.set(timestamp, values[index]));
    }
  }
  return {
    ...events[events.length - 1],
    merged: events.reduce((total, { merged }) => total + merged, events.length - 1),
    series: [...bySeries].map(([seriesId, points]) => {
      const timestamps = [...points.keys()].sort((a, b) => a - b);
      return { seriesId, timestamps, values: timestamps.map((timestamp) => points.get(timestamp)!) };
    }),
  };
}
