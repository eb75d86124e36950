import { InvalidInputError } from '../errors';

/** The longest range that one read may span: as long as hourly points are kept. */
export const MAX_RANGE_SECONDS = 455 * 86_400;

/** The most points of one series that one read may answer. */
export const MAX_POINTS = 10_000;

/**
 * What a caller asks for: `from` and `to` (epoch ms; `to` left out is now), or `last` seconds up to now.
 * Null is left out.
 */
export interface TimeRangeInput {
  from?: number | null;
  to?: number | null;
  last?: number | null;
}

/** From `from` up to, not including, `to`. Epoch ms. */
export interface TimeRange {
  from: number;
  to: number;
}

/**
 * A range cut into buckets of `step` seconds. Buckets stand on one grid for every caller, counted from the
 * epoch (UTC), so that a bucket means the same points whoever asks: bucket i begins at `from` + i × step.
 */
export interface Grid extends TimeRange {
  step: number;
}

/** How fine a grid is wanted. */
export interface GridOptions {
  /**
   * Seconds of a bucket; null chooses the smallest multiple of the coarsest period that is within `maxPoints`, and beyond
   * an hour one of whole hours, which the hourly values answer.
   */
  step: number | null;
  /** Seconds between the points of each series to be read, in any order; none when there is no series. */
  periods: readonly number[];
  /** 1 to MAX_POINTS. Bounds the chosen step only: a step that the caller names may give up to MAX_POINTS. */
  maxPoints: number;
  /** How many points a bucket may give: 1, or 2 where each gives its minimum and its maximum. */
  pointsPerBucket: 1 | 2;
}

/** The period of a grid for no series at all. */
const DEFAULT_PERIOD = 300;

const HOUR_SECONDS = 3_600;

/** @throws InvalidInputError RC_RANGE_INVALID unless exactly one form is given and 0 < span ≤ 455 days. */
export function resolveTimeRange(input: TimeRangeInput, now: number): TimeRange {
  const from = input.from ?? null;
  const to = input.to ?? null;
  const last = input.last ?? null;
  if (last !== null) {
    if (from !== null || to !== null) throw invalidRange('Both `last` and `from` or `to` were given', []);
    if (!Number.isSafeInteger(last) || last < 1) throw invalidRange(`\`last\` is ${last}`, ['last']);
    return checkedSpan({ from: now - last * 1000, to: now });
  }
  if (from === null) {
    throw invalidRange(
      to === null ? 'Neither `from` nor `last` was given' : '`to` was given without `from`',
      [],
    );
  }
  if (!isInstant(from)) throw invalidRange('`from` is not a time', ['from']);
  if (to !== null && !isInstant(to)) throw invalidRange('`to` is not a time', ['to']);
  return checkedSpan({ from, to: to ?? now });
}

/**
 * Cuts a range into buckets; its ends move outwards to the grid. @throws InvalidInputError RC_STEP_INVALID
 * when the step is not a whole number of seconds, is finer than every series, or gives more than
 * MAX_POINTS; when maxPoints is out of bounds.
 */
export function resolveGrid(range: TimeRange, options: GridOptions): Grid {
  return align(
    range,
    options.step === null ? chooseStep(range, options) : checkedStep(range, options.step, options),
  );
}

/** How many buckets a grid has. */
export function bucketCount(grid: Grid): number {
  return (grid.to - grid.from) / (grid.step * 1000);
}

function chooseStep(range: TimeRange, { periods, maxPoints, pointsPerBucket }: GridOptions): number {
  if (!Number.isInteger(maxPoints) || maxPoints < 1 || maxPoints > MAX_POINTS) {
    throw invalidStep(`maxPoints is ${maxPoints}; it must be 1 to ${MAX_POINTS}`, ['maxPoints']);
  }
  const period = periods.length === 0 ? DEFAULT_PERIOD : Math.max(...periods);
  const maxBuckets = Math.max(1, Math.floor(maxPoints / pointsPerBucket));
  const step = smallestMultiple(period, range, maxBuckets);
  return step <= HOUR_SECONDS ? step : smallestMultiple(leastCommonMultiple(period), range, maxBuckets);
}

function smallestMultiple(unit: number, range: TimeRange, maxBuckets: number): number {
  let step = unit * Math.max(1, Math.ceil((range.to - range.from) / (unit * 1000 * maxBuckets)));
  // The range may lie across more edges than its length alone asks for.
  while (bucketCount(align(range, step)) > maxBuckets) step += unit;
  return step;
}

/** Of a period and an hour: an hour for every period that divides one. */
function leastCommonMultiple(period: number): number {
  let multiple = HOUR_SECONDS;
  while (multiple % period !== 0) multiple += HOUR_SECONDS;
  return multiple;
}

function checkedStep(range: TimeRange, step: number, { periods, pointsPerBucket }: GridOptions): number {
  if (!Number.isSafeInteger(step) || step < 1)
    throw invalidStep(`The step is ${step}, not a whole number of seconds`);
  const finest = periods.length === 0 ? 1 : Math.min(...periods);
  if (step < finest) throw invalidStep(`The step of ${step} s is shorter than the period of ${finest} s`);
  const points = bucketCount(align(range, step)) * pointsPerBucket;
  if (points > MAX_POINTS) throw invalidStep(`A step of ${step} s gives ${points} points a series`);
  return step;
}

function align(range: TimeRange, step: number): Grid {
  const width = step * 1000;
  return { from: Math.floor(range.from / width) * width, to: Math.ceil(range.to / width) * width, step };
}

function checkedSpan(range: TimeRange): TimeRange {
  if (range.from >= range.to) throw invalidRange('The range ends before it begins', []);
  if (range.to - range.from > MAX_RANGE_SECONDS * 1000)
    throw invalidRange('The range is longer than 455 days', []);
  return range;
}

/** Whole milliseconds from 1970 to 9999, which RFC 3339 can write. */
function isInstant(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < 253_402_300_800_000;
}

function invalidRange(message: string, field: string[]): InvalidInputError {
  return new InvalidInputError('RC_RANGE_INVALID', `${message}.`, { path: ['range', ...field] });
}

function invalidStep(message: string, path: string[] = ['step']): InvalidInputError {
  return new InvalidInputError('RC_STEP_INVALID', `${message}.`, { path });
}
