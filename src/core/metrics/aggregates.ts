import type { HourlyPoints, Points, SeriesAggregates } from './metric-store';

const HOUR_MS = 3_600_000;

/** Empty aggregates of `size` series. */
export function noAggregates(size: number): SeriesAggregates {
  const missing = () => new Float64Array(size).fill(NaN);
  return {
    count: new Float64Array(size),
    sum: missing(),
    minimum: missing(),
    maximum: missing(),
    last: missing(),
    lastTimestamp: missing(),
  };
}

/** Adds a point that is newer than all before it to the aggregates of the series at `index`. */
export function addPoint(into: SeriesAggregates, index: number, timestamp: number, value: number): void {
  if (into.count[index] === 0) {
    into.sum[index] = value;
    into.minimum[index] = value;
    into.maximum[index] = value;
  } else {
    into.sum[index]! += value;
    if (value < into.minimum[index]!) into.minimum[index] = value;
    if (value > into.maximum[index]!) into.maximum[index] = value;
  }
  into.count[index]! += 1;
  into.last[index] = value;
  into.lastTimestamp[index] = timestamp;
}

/** Points by the hour. */
export function hourlyOf({ timestamps, values }: Points): HourlyPoints {
  const hourly: HourlyPoints = { hours: [], minimum: [], maximum: [], sum: [], count: [] };
  timestamps.forEach((timestamp, index) => {
    const hour = Math.floor(timestamp / HOUR_MS) * HOUR_MS;
    const value = values[index]!;
    const at = hourly.hours.length - 1;
    if (hourly.hours[at] !== hour) {
      hourly.hours.push(hour);
      for (const column of [hourly.minimum, hourly.maximum, hourly.sum]) column.push(value);
      hourly.count.push(1);
      return;
    }
    hourly.minimum[at] = Math.min(hourly.minimum[at]!, value);
    hourly.maximum[at] = Math.max(hourly.maximum[at]!, value);
    hourly.sum[at]! += value;
    hourly.count[at]! += 1;
  });
  return hourly;
}
