import type { DamagedBlob } from '../../core/metrics/metric-maintenance';
import { DamagedBlobError } from './codec/bytes';
import { decodeChunk, type DayPoints } from './codec/chunk';
import { decodeRollup, ROLLUP_DAYS, type RollupHours } from './codec/rollup';
import type { DamageLog } from './damage';
import type { BlobRow } from './metric-tables';

/** Room for the series in the id of a chunk or rollup. */
const SERIES = 2 ** 32;
const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function chunkId(seriesId: number, day: number): number {
  return day * SERIES + seriesId;
}

export function chunkOfId(id: number): { seriesId: number; day: number } {
  return { seriesId: id % SERIES, day: Math.floor(id / SERIES) };
}

/** The window of ROLLUP_DAYS days, counted from the epoch, that holds a day. */
export function windowOfDay(day: number): number {
  return Math.floor(day / ROLLUP_DAYS);
}

/** When (epoch ms) a window starts; it ends when the next one does. */
export function windowStart(window: number): number {
  return window * ROLLUP_DAYS * DAY;
}

export function rollupId(seriesId: number, window: number): number {
  return window * SERIES + seriesId;
}

export function rollupOfId(id: number): { seriesId: number; window: number } {
  return { seriesId: id % SERIES, window: Math.floor(id / SERIES) };
}

/** Which hour of its rollup's window an instant lies in. */
export function hourOf(instant: number): number {
  return Math.floor(instant / HOUR) % (ROLLUP_DAYS * 24);
}

/** The first period (counted from the epoch) that starts in a day. */
export function firstPeriod(day: number, periodSeconds: number): number {
  return Math.ceil((day * DAY) / (periodSeconds * 1_000));
}

/** Decodes a chunk. @returns false, and tells of it, when it is damaged. */
export function openChunk({ id, data }: BlobRow, into: DayPoints, onDamage: DamageLog): boolean {
  return intact(
    () => decodeChunk(data, into),
    (problem) => {
      const { seriesId, day } = chunkOfId(id);
      onDamage({ kind: 'chunk', seriesIds: [seriesId], from: day * DAY, to: (day + 1) * DAY, problem });
    },
  );
}

/** Decodes a rollup. @returns false, and tells of it, when it is damaged. */
export function openRollup({ id, data }: BlobRow, into: RollupHours, onDamage: DamageLog): boolean {
  return intact(
    () => decodeRollup(data, into),
    (problem) => {
      const { seriesId, window } = rollupOfId(id);
      const range = { from: windowStart(window), to: windowStart(window + 1) };
      onDamage({ kind: 'rollup', seriesIds: [seriesId], ...range, problem });
    },
  );
}

function intact(decode: () => void, tell: (problem: DamagedBlob['problem']) => void): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    if (!(error instanceof DamagedBlobError)) throw error;
    tell(error.message);
    return false;
  }
}
