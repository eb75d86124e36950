import type { HourlyPoints, Points } from '../metrics/metric-store';

const HOUR_MS = 3_600_000;
/** Statistics that add up over time. */
const TOTALS = new Set(['Sum', 'SampleCount']);

/**
 * Points that came coarser than the series' own period, as hours: each stands for the fine points that CloudWatch made it of.
 * A total is theirs together; of any other statistic each of them counts as this value.
 * @param finePoints how many points of the series one of these stands for
 */
export function coarseHours(
  { timestamps, values }: Points,
  statistic: string,
  finePoints: number,
): HourlyPoints {
  const isTotal = TOTALS.has(statistic);
  const hourly: HourlyPoints = { hours: [], minimum: [], maximum: [], sum: [], count: [] };
  timestamps.forEach((timestamp, index) => {
    const value = values[index]!;
    const each = isTotal ? value / finePoints : value;
    const together = isTotal ? value : value * finePoints;
    const hour = Math.floor(timestamp / HOUR_MS) * HOUR_MS;
    const at = hourly.hours.length - 1;
    if (hourly.hours[at] !== hour) {
      hourly.hours.push(hour);
      hourly.minimum.push(each);
      hourly.maximum.push(each);
      hourly.sum.push(together);
      hourly.count.push(finePoints);
      return;
    }
    hourly.minimum[at] = Math.min(hourly.minimum[at]!, each);
    hourly.maximum[at] = Math.max(hourly.maximum[at]!, each);
    hourly.sum[at]! += together;
    hourly.count[at]! += finePoints;
  });
  return hourly;
}
