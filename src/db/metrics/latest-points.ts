import type { NewestPoints, SeriesLocation } from '../../core/metrics/metric-store';
import { cutOf, daysOf, requestsOf, type BlockDay, type BlockRequest } from './block-requests';
import { chunkId, DAY, firstPeriod, openChunk } from './chunk-layout';
import { DayPoints } from './codec/chunk';
import type { DamageLog } from './damage';
import { blockOf, headIds, HeadRow, timestampOf } from './head-layout';
import type { MetricTables } from './metric-tables';

/** Timestamps of each block that are tried first; each further try takes twice as many. One mostly has all series. */
const NEWEST_TIMESTAMPS = 1;
/** Whole rows that a statement reads. */
const ROWS_AT_ONCE = 256;
const CHUNKS_AT_ONCE = 256;

/** What is still looked for in the rows of a block; `ids` are those not tried, the oldest first. */
interface Search {
  request: BlockRequest;
  ids: number[];
  /** Positions in the request; null before the first row, for all of them. */
  left: number[] | null;
}

/** Finds the newest point of many series: backwards through the rows, then through the chunks of those without any. */
export class LatestPoints {
  readonly #points = new DayPoints();

  constructor(
    private readonly tables: MetricTables,
    private readonly onDamage: DamageLog,
  ) {}

  async find(series: readonly SeriesLocation[], since: number): Promise<NewestPoints> {
    const result = {
      timestamps: new Float64Array(series.length).fill(NaN),
      values: new Float64Array(series.length).fill(NaN),
    };
    const { requests, sparse } = requestsOf(series);
    if (sparse.length > 0) await this.#findSparse(sparse, since, result);
    if (requests.length === 0) return result;
    const bounds = await this.tables.bounds();
    const days = await daysOf(this.tables, requests, since, Infinity, bounds);
    if (bounds.newestHead !== null) {
      await this.#findInHeads(requests, days, since, timestampOf(bounds.newestHead) + 1, result);
    }
    for (const request of requests) {
      // Rows of a day that was sealed meanwhile may have been missed, so its chunks are asked too.
      await this.#findInChunks(request, days.get(request.block)!, since, result);
    }
    return result;
  }

  async #findSparse(
    wanted: readonly { series: SeriesLocation; index: number }[],
    since: number,
    result: NewestPoints,
  ): Promise<void> {
    const ids = new Set(wanted.map(({ series }) => series.id));
    const rows = await this.tables.newestSparse([...ids], since);
    const found = new Map(rows.map((row) => [row.seriesId, row]));
    for (const { series, index } of wanted) {
      const row = found.get(series.id);
      if (row) put(result, index, row.at, row.value);
    }
  }

  async #findInHeads(
    requests: readonly BlockRequest[],
    days: ReadonlyMap<number, BlockDay[]>,
    since: number,
    end: number,
    result: NewestPoints,
  ): Promise<void> {
    let searches = requests.map((request): Search => {
      const open = days.get(request.block)!.filter(({ sealed }) => !sealed);
      const ids = open.flatMap(({ day }) => idsOf(request, day, since, end));
      return { request, ids, left: null };
    });
    for (let count = NEWEST_TIMESTAMPS; ; count = Math.min(count * 2, ROWS_AT_ONCE)) {
      searches = searches.filter(({ ids, left }) => ids.length > 0 && left?.length !== 0);
      if (searches.length === 0) return;
      const blocksAtOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / count));
      for (let start = 0; start < searches.length; start += blocksAtOnce) {
        await this.#tryNewest(searches.slice(start, start + blocksAtOnce), count, result);
      }
    }
  }

  /** Looks at the newest `count` rows of each that were not tried. */
  async #tryNewest(searches: readonly Search[], count: number, result: NewestPoints): Promise<void> {
    const cut = searches.length === 1 ? cutOf(searches[0]!.request) : undefined;
    const ids = searches.flatMap((search) => search.ids.splice(-count));
    const rows = await this.tables.blobs('head', ids, cut);
    rows.sort((a, b) => b.id - a.id);
    const byBlock = new Map(searches.map((search) => [search.request.block, search]));
    for (const { id, data } of rows) {
      const search = byBlock.get(blockOf(id))!;
      if (search.left?.length === 0) continue;
      const { slots, indices } = search.request;
      const first = cut ? search.request.first : 0;
      const timestamp = timestampOf(id);
      const row = new HeadRow(data);
      const left: number[] = [];
      const count = search.left ? search.left.length : slots.length;
      for (let index = 0; index < count; index++) {
        const at = search.left ? search.left[index]! : index;
        const value = row.get(slots[at]! - first);
        if (Number.isNaN(value)) left.push(at);
        else put(result, indices[at]!, timestamp, value);
      }
      search.left = left;
    }
  }

  /** For series without a point in a row, and those whose newest one is older than a day with chunks. */
  async #findInChunks(
    { series, indices, period }: BlockRequest,
    days: readonly BlockDay[],
    since: number,
    result: NewestPoints,
  ): Promise<void> {
    let left: number[] = [];
    const newest = (days.at(-1)?.day ?? 0) * DAY;
    for (let at = 0; at < indices.length; at++) {
      // NaN, for none, is not less than anything either.
      if (!(result.timestamps[indices[at]!]! >= newest)) left.push(at);
    }
    for (const { day } of [...days].reverse()) {
      if (left.length === 0) return;
      left = left.filter((at) => !(result.timestamps[indices[at]!]! >= day * DAY));
      for (let start = 0; start < left.length; start += CHUNKS_AT_ONCE) {
        const slice = left.slice(start, start + CHUNKS_AT_ONCE);
        const rows = await this.tables.blobs(
          'chunk',
          slice.map((at) => chunkId(series[indices[at]!]!.id, day)),
        );
        const held = new Map(rows.map((row) => [row.id, row]));
        for (const at of slice) {
          const row = held.get(chunkId(series[indices[at]!]!.id, day));
          if (!row || !openChunk(row, this.#points, this.onDamage) || this.#points.count === 0) continue;
          const { count, places, values } = this.#points;
          const timestamp = (firstPeriod(day, period) + places[count - 1]!) * period * 1_000;
          if (timestamp >= since) put(result, indices[at]!, timestamp, values[count - 1]!);
        }
      }
    }
  }
}

function put({ timestamps, values }: NewestPoints, index: number, timestamp: number, value: number): void {
  timestamps[index] = timestamp;
  values[index] = value;
}

function idsOf({ block, period }: BlockRequest, day: number, from: number, to: number): number[] {
  return headIds(block, period, Math.max(from, day * DAY), Math.min(to, (day + 1) * DAY));
}
