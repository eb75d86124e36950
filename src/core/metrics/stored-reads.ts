import type { HourlyPoints, MetricStore, Points } from './metric-store';
import { valuesIn, type Resolution } from './resolution';
import type { Series } from './series';
import type { StoredValues } from './summary';
import type { TimeRange } from './time-range';

type StoredReads = Pick<MetricStore, 'read' | 'readHourly'>;

/** How many stored values a read holds at once before they are thinned out: 8 to 16 bytes each. */
const VALUES_AT_ONCE = 2_000_000;

const NO_HOURS: HourlyPoints = { hours: [], minimum: [], maximum: [], sum: [], count: [] };
const NO_POINTS: Points = { timestamps: [], values: [] };

/** Calls `visit` for each series, in order, with what is stored of it at its resolution. */
export async function eachStored(
  metrics: StoredReads,
  series: readonly Series[],
  resolution: (series: Series) => Resolution,
  visit: (series: Series, stored: StoredValues) => void,
): Promise<void> {
  for (const part of inParts(series, resolution)) {
    const hours = await readAlike(
      part,
      (one) => resolution(one).hours,
      NO_HOURS,
      (some, { from, to }) => metrics.readHourly(some, from, to),
    );
    const fine = await readAlike(
      part,
      (one) => resolution(one).fine,
      NO_POINTS,
      (some, { from, to }) => metrics.read(some, from, to),
    );
    part.forEach((one, index) => visit(one, { hours: hours[index], fine: fine[index] }));
  }
}

/** In the order of `series`; those whose range is the same are read together, those without one have `nothing`. */
async function readAlike<T>(
  series: readonly Series[],
  rangeOf: (series: Series) => TimeRange | null,
  nothing: T,
  read: (series: readonly Series[], range: TimeRange) => Promise<T[]>,
): Promise<T[]> {
  const result = series.map(() => nothing);
  const groups = new Map<string, { range: TimeRange; indexes: number[] }>();
  series.forEach((one, index) => {
    const range = rangeOf(one);
    if (!range) return;
    const key = `${range.from} ${range.to}`;
    const group = groups.get(key) ?? { range, indexes: [] };
    groups.set(key, group);
    group.indexes.push(index);
  });
  for (const { range, indexes } of groups.values()) {
    const found = await read(
      indexes.map((index) => series[index]),
      range,
    );
    indexes.forEach((index, at) => (result[index] = found[at]));
  }
  return result;
}

/** Runs of series, in order, whose stored values are within VALUES_AT_ONCE (or that are a single one). */
function* inParts(
  series: readonly Series[],
  resolution: (series: Series) => Resolution,
): Generator<readonly Series[]> {
  let start = 0;
  let values = 0;
  for (let end = 0; end < series.length; end++) {
    const more = valuesIn(series[end].period, resolution(series[end]));
    if (end > start && values + more > VALUES_AT_ONCE) {
      yield series.slice(start, end);
      start = end;
      values = 0;
    }
    values += more;
  }
  if (start < series.length) yield series.slice(start);
}
