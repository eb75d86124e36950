import type { SeriesLocation } from '../../core/metrics/metric-store';
import { dayId, dayOf, dayOfId, slotsCut } from './head-layout';
import { isSparse } from './sparse';
import type { Cut, MetricTableReads, TableBounds } from './metric-tables';

/** What is wanted of one block, in columns: the slot of each series, and its position in the caller's list. */
export interface BlockRequest {
  block: number;
  /** Seconds. */
  period: number;
  /** The caller's list. */
  series: readonly SeriesLocation[];
  slots: number[];
  indices: number[];
  /** The lowest and the highest wanted slot. */
  first: number;
  last: number;
}

/** A UTC day of a block that has points. */
export interface BlockDay {
  day: number;
  sealed: boolean;
}

/** With fewer slots than this between the first and the last, they alone are cut out of each row. */
const WORTH_A_CUT = 100;

/** The series by block; sparse ones, which are in none, apart. */
export function requestsOf(series: readonly SeriesLocation[]): {
  requests: BlockRequest[];
  sparse: { series: SeriesLocation; index: number }[];
} {
  const requests = new Map<number, BlockRequest>();
  const sparse: { series: SeriesLocation; index: number }[] = [];
  let request: BlockRequest | undefined;
  for (let index = 0; index < series.length; index++) {
    const one = series[index]!;
    const { block, period, slot } = one;
    if (isSparse(one)) {
      sparse.push({ series: one, index });
      continue;
    }
    if (request?.block !== block) request = requests.get(block);
    if (!request) {
      request = { block, period, series, slots: [], indices: [], first: slot, last: slot };
      requests.set(block, request);
    }
    request.slots.push(slot);
    request.indices.push(index);
    if (slot < request.first) request.first = slot;
    if (slot > request.last) request.last = slot;
  }
  return { requests: [...requests.values()], sparse };
}

/** Which part of the block's rows is worth reading; undefined for all of it. */
export function cutOf({ first, last }: BlockRequest): Cut | undefined {
  return last - first < WORTH_A_CUT ? slotsCut(first, last) : undefined;
}

/** So many days are asked for whether there are any or not: that costs less than to ask which there are. */
const DAYS_NOT_BOUNDED = 256;

/** The days of each block that have points in [from, to), ascending. */
export async function daysOf(
  tables: MetricTableReads,
  requests: readonly BlockRequest[],
  from: number,
  to: number,
  known?: TableBounds,
): Promise<Map<number, BlockDay[]>> {
  const days = new Map<number, BlockDay[]>(requests.map(({ block }) => [block, []]));
  let [first, last] = [dayOf(from), dayOf(to - 1)];
  if (known || (last - first) * requests.length > DAYS_NOT_BOUNDED) {
    const bounds = known ?? (await tables.bounds());
    if (bounds.firstDay === null || bounds.lastDay === null) return days;
    first = Math.max(first, dayOfId(bounds.firstDay).day);
    last = Math.min(last, dayOfId(bounds.lastDay).day);
  }
  const ids: number[] = [];
  for (let day = first; day <= last; day++) {
    for (const { block } of requests) ids.push(dayId(block, day));
  }
  const rows = await tables.days(ids);
  rows.sort((a, b) => a.id - b.id);
  for (const { id, sealed } of rows) {
    const { block, day } = dayOfId(id);
    days.get(block)!.push({ day, sealed });
  }
  return days;
}
