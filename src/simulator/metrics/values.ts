import type { DailyIncident, QuietTime } from '../world/types';
import type { NativePeriod } from './metric-source';
import { sortDimensions, type Dimension } from './dimensions';
import { shapeOf, type MetricShape, type MinuteInput } from './shapes';
import { percentileOf, type Statistic } from './statistics';

/** What identifies a series of values. */
export interface SeriesIdentity {
  accountId: string;
  region: string;
  namespace: string;
  metricName: string;
  dimensions: readonly Dimension[];
}

/** One period of a series. */
interface PeriodInput {
  statistic: Statistic;
  /** Seconds, a multiple of 60. */
  period: number;
  /** Start of the period in milliseconds since the epoch, on a full minute. */
  timestamp: number;
  /** Only what was published by then (milliseconds since the epoch) counts. */
  asOf: number;
}

// Called for every minute of every series; looking up the global Math each time is slow in Jest's own context.
const { ceil, floor, imul, min } = Math;

const minutesPerDay = 24 * 60;

/** Response times spread around their minute's value like this: most are faster, a few much slower. */
const spread = [0.55, 0.7, 0.8, 0.9, 1.0, 1.15, 1.5, 2.4];
const spreadSum = spread.reduce((sum, factor) => sum + factor, 0);

/** Demand by minute of the day: lowest at 02:00, highest at 14:00. */
const rhythm = Float64Array.from(
  { length: minutesPerDay },
  (_, minute) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (minute - 120)) / minutesPerDay),
);

/**
 * The values of one series: a pure function of its identity and time. Each minute has a value; a period's statistic is
 * computed from the samples of its minutes.
 */
export class MetricSeries {
  private readonly shape: MetricShape;
  private readonly seed: number;
  private readonly size: number;
  /** Minutes by which this resource's day runs late. */
  private readonly phase: number;
  private readonly input: MinuteInput = { load: 0, noise: 0, size: 1, stress: 0, minute: 0 };

  constructor(
    { accountId, region, namespace, metricName, dimensions }: SeriesIdentity,
    private readonly nativePeriod: NativePeriod,
    private readonly incident?: DailyIncident,
    private readonly quietTimes: readonly QuietTime[] = [],
  ) {
    const sorted = sortDimensions(dimensions);
    // Metrics of one resource share size and rhythm, so they rise and fall together.
    const resource = hashText(`${accountId}/${region}/${sorted[0]?.Value}`);
    this.size = 0.5 + 1.5 * (mix(resource, 1) / 2 ** 32);
    this.phase = mix(resource, 2) % 180;
    this.seed = hashText(
      `${resource}/${namespace}/${metricName}/${sorted.map(({ Name, Value }) => `${Name}=${Value}`).join()}`,
    );
    this.shape = shapeOf(metricName);
  }

  /** The statistic of a period; null when nothing was published in it (as yet). */
  value({ statistic, period, timestamp, asOf }: PeriodInput): number | null {
    const native = this.nativePeriod / 60;
    const start = ceil(timestamp / 60_000 / native) * native;
    // A datum is published when its native period has ended, and carries the start of it.
    const published = floor(asOf / 60_000 / native) * native;
    const lastStart = timestamp / 60_000 + period / 60 - 1;
    const end = min(floor(lastStart / native) * native + native, published);
    return end <= start ? null : this.aggregate(statistic, start, end);
  }

  private aggregate(statistic: Statistic, start: number, end: number): number | null {
    if (typeof statistic === 'object') return this.percentile(statistic.percentile, start, end);
    const { sampling, isSparse } = this.shape;
    let count = 0;
    let sum = 0;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (let minute = start; minute < end; minute++) {
      if (this.isQuiet(minute)) continue;
      const value = this.minuteValue(minute);
      if (isSparse && value === 0) continue;
      const isSpread = sampling === 'spread';
      count += isSpread ? spread.length : sampling === 'perRequest' ? value : 1;
      sum += isSpread ? value * spreadSum : value;
      const lowest = sampling === 'perRequest' ? 1 : isSpread ? value * spread[0] : value;
      const highest = sampling === 'perRequest' ? 1 : isSpread ? value * spread[spread.length - 1] : value;
      if (lowest < minimum) minimum = lowest;
      if (highest > maximum) maximum = highest;
    }
    if (count === 0) return null;
    switch (statistic) {
      case 'SampleCount':
        return count;
      case 'Sum':
        return sum;
      case 'Average':
        return sum / count;
      case 'Minimum':
        return minimum;
      case 'Maximum':
        return maximum;
    }
  }

  private percentile(percent: number, start: number, end: number): number | null {
    const { sampling, isSparse } = this.shape;
    const samples: number[] = [];
    for (let minute = start; minute < end; minute++) {
      if (this.isQuiet(minute)) continue;
      const value = this.minuteValue(minute);
      if (isSparse && value === 0) continue;
      if (sampling === 'spread') for (const factor of spread) samples.push(value * factor);
      // Every request is a sample of 1, so one stands for all.
      else samples.push(sampling === 'perRequest' ? 1 : value);
    }
    return samples.length === 0 ? null : percentileOf(Float64Array.from(samples), percent);
  }

  private isQuiet(minute: number): boolean {
    const { quietTimes } = this;
    if (quietTimes.length === 0) return false;
    return quietTimes.some(({ from, to }) => from <= minute * 60_000 && minute * 60_000 < to);
  }

  private minuteValue(minute: number): number {
    const { input, incident } = this;
    const day = floor(minute / minutesPerDay);
    const minuteOfDay = minute - day * minutesPerDay;
    // The epoch was a Thursday: days 2 and 3 of each week from it are the weekend.
    const isWeekend = day % 7 === 2 || day % 7 === 3;
    input.load =
      0.12 +
      0.88 * rhythm[(minuteOfDay - this.phase + minutesPerDay) % minutesPerDay] * (isWeekend ? 0.5 : 1);
    input.noise = (0.6 * mix(this.seed, minute) + 0.4 * mix(this.seed, -1 - floor(minute / 15))) / 2 ** 32;
    input.size = this.size;
    input.minute = minute;
    input.stress =
      incident && minuteOfDay >= incident.startMinute && minuteOfDay < incident.startMinute + incident.minutes
        ? 1
        : 0;
    return this.shape.valueAt(input);
  }
}

/** FNV-1a over the text's UTF-16 units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Mixes two 32-bit integers into an evenly spread unsigned one. */
function mix(a: number, b: number): number {
  let hash = imul(a ^ imul(b | 0, 0x9e3779b1), 0x85ebca6b);
  hash = imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = imul(hash ^ (hash >>> 16), 0x27d4eb2f);
  return (hash ^ (hash >>> 15)) >>> 0;
}
