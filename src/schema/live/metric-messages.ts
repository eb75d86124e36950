import type { Points } from '../../core/metrics/metric-store';
import type { Series } from '../../core/metrics/series';

/** The series of one message, at most. */
export const SERIES_A_MESSAGE = 500;
/** The points of one message, about. */
export const POINTS_A_MESSAGE = 50_000;

/** New points of one account, as one message carries them. */
export interface MetricUpdate {
  /** How far the subscriber has come with this message. */
  cursor: string;
  accountId: number;
  /** Epoch ms. */
  collectedAt: number;
  replay: boolean;
  merged: number;
  series: SeriesUpdate[];
}

export interface SeriesUpdate extends Points {
  series: Series;
}

export function hasPoints({ timestamps }: Pick<Points, 'timestamps'>): boolean {
  return timestamps.length > 0;
}

/** In order, in parts that one message can carry. */
export function inMessages<T extends { timestamps: readonly number[] }>(series: readonly T[]): T[][] {
  const parts: T[][] = [];
  let points = Infinity;
  for (const one of series) {
    points += one.timestamps.length;
    if (points > POINTS_A_MESSAGE || parts.at(-1)!.length === SERIES_A_MESSAGE) {
      parts.push([]);
      points = one.timestamps.length;
    }
    parts.at(-1)!.push(one);
  }
  return parts;
}
