import type { SeriesLocation } from '../../core/metrics/metric-store';
import { cutOf, daysOf, requestsOf, type BlockDay, type BlockRequest } from './block-requests';
import { chunkId, DAY, firstPeriod, openChunk } from './chunk-layout';
import { DayPoints } from './codec/chunk';
import type { DamageLog } from './damage';
import { dayId, headIds, HeadRow, timestampOf } from './head-layout';
import type { MetricTables } from './metric-tables';

/** Whole rows that a statement reads, and rows of which a small part is read: bounds memory and each turn of the loop. */
const ROWS_AT_ONCE = 256;
const CUT_ROWS_AT_ONCE = 2_048;
const CHUNKS_AT_ONCE = 256;

/** Told of each point: which of the series asked for, when (epoch ms), and its value. By time for each series. */
export type PointSink = (index: number, timestamp: number, value: number) => void;

/** Days of one block that lie side by side, all sealed or none. */
interface Segment {
  request: BlockRequest;
  sealed: boolean;
  days: number[];
  rows: number;
}

/** Walks through the points of many series. */
export class PointScan {
  readonly #points = new DayPoints();

  constructor(
    private readonly tables: MetricTables,
    private readonly onDamage: DamageLog,
  ) {}

  /** Points with `from` ≤ timestamp < `to`, or of days that are not sealed alone. A damaged chunk is told of and left out. */
  async scan(
    series: readonly SeriesLocation[],
    from: number,
    to: number,
    sink: PointSink,
    which: 'open' | 'all' = 'all',
  ): Promise<void> {
    const { requests, sparse } = requestsOf(series);
    if (sparse.length > 0) await this.#scanSparse(sparse, from, to, sink);
    if (requests.length === 0) return;
    const days = await daysOf(this.tables, requests, from, to);
    const range = { from, to };
    const wanted = (ofBlock: BlockDay[]) =>
      which === 'all' ? ofBlock : ofBlock.filter(({ sealed }) => !sealed);
    const segments = requests.map((request) => segmentsOf(request, wanted(days.get(request.block)!), range));
    const waves = Math.max(...segments.map(({ length }) => length));
    for (let wave = 0; wave < waves; wave++) {
      const ofWave = segments.flatMap((ofBlock) => ofBlock[wave] ?? []);
      for (const segment of ofWave) {
        if (segment.sealed) await this.#scanChunks(segment.request, segment.days, range, sink);
      }
      for (const group of groupsOf(ofWave.filter(({ sealed }) => !sealed))) {
        await this.#scanHeads(group, range, sink);
      }
    }
  }

  async #scanSparse(
    wanted: readonly { series: SeriesLocation; index: number }[],
    from: number,
    to: number,
    sink: PointSink,
  ): Promise<void> {
    const indices = new Map<number, number[]>();
    for (const { series, index } of wanted) {
      indices.set(series.id, [...(indices.get(series.id) ?? []), index]);
    }
    const limit = Math.min(to, Number.MAX_SAFE_INTEGER);
    for (const { seriesId, at, value } of await this.tables.sparse([...indices.keys()], from, limit)) {
      for (const index of indices.get(seriesId)!) sink(index, at, value);
    }
  }

  /**
   * Heads first, then whether their days are still open: a day that was sealed in between is read from its chunks, so
   * that no point is missed or told of twice.
   */
  async #scanHeads(group: readonly Segment[], range: Range, sink: PointSink): Promise<void> {
    const alone = group.length === 1 ? group[0]! : null;
    const cut = alone ? cutOf(alone.request) : undefined;
    const ids = group.flatMap((segment) => segment.days.flatMap((day) => idsOf(segment.request, day, range)));
    const dayIds = group.flatMap(({ request, days }) => days.map((day) => dayId(request.block, day)));
    const [rows, days] = [await this.tables.blobs('head', ids, cut), await this.tables.days(dayIds)];
    const held = new Map(rows.map((row) => [row.id, row.data]));
    const sealed = new Set(days.filter((day) => day.sealed).map(({ id }) => id));
    for (const { request, days: ofBlock } of group) {
      const first = cut ? request.first : 0;
      for (const day of ofBlock) {
        if (sealed.has(dayId(request.block, day))) await this.#scanChunks(request, [day], range, sink);
        else {
          for (const id of idsOf(request, day, range)) {
            const data = held.get(id);
            if (data) tellRow(request, id, data, first, sink);
          }
        }
      }
    }
  }

  async #scanChunks(
    { series, indices, period }: BlockRequest,
    days: readonly number[],
    { from, to }: Range,
    sink: PointSink,
  ): Promise<void> {
    const chunks = days.flatMap((day) =>
      indices.map((index) => ({ seriesId: series[index]!.id, index, day })),
    );
    const periodMs = period * 1_000;
    const points = this.#points;
    for (let start = 0; start < chunks.length; start += CHUNKS_AT_ONCE) {
      const slice = chunks.slice(start, start + CHUNKS_AT_ONCE);
      const rows = await this.tables.blobs(
        'chunk',
        slice.map(({ seriesId, day }) => chunkId(seriesId, day)),
      );
      const held = new Map(rows.map((row) => [row.id, row]));
      for (const { seriesId, index, day } of slice) {
        const row = held.get(chunkId(seriesId, day));
        if (!row || !openChunk(row, points, this.onDamage)) continue;
        const first = firstPeriod(day, period);
        for (let at = 0; at < points.count; at++) {
          const timestamp = (first + points.places[at]!) * periodMs;
          if (timestamp >= from && timestamp < to) sink(index, timestamp, points.values[at]!);
        }
      }
    }
  }
}

interface Range {
  from: number;
  to: number;
}

function idsOf({ block, period }: BlockRequest, day: number, { from, to }: Range): number[] {
  return headIds(block, period, Math.max(from, day * DAY), Math.min(to, (day + 1) * DAY));
}

function tellRow(
  { slots, indices }: BlockRequest,
  id: number,
  data: Buffer,
  first: number,
  sink: PointSink,
): void {
  const timestamp = timestampOf(id);
  const row = new HeadRow(data);
  for (let at = 0; at < slots.length; at++) {
    const value = row.get(slots[at]! - first);
    if (!Number.isNaN(value)) sink(indices[at]!, timestamp, value);
  }
}

/** The days of a block in order, cut where a statement would read too much. */
function segmentsOf(request: BlockRequest, days: readonly BlockDay[], range: Range): Segment[] {
  const rowsAtOnce = cutOf(request) ? CUT_ROWS_AT_ONCE : ROWS_AT_ONCE;
  const segments: Segment[] = [];
  for (const { day, sealed } of days) {
    const rows = sealed ? 0 : idsOf(request, day, range).length;
    const segment = segments.at(-1);
    if (segment && segment.sealed === sealed && segment.rows + rows <= rowsAtOnce) {
      segment.days.push(day);
      segment.rows += rows;
    } else segments.push({ request, sealed, days: [day], rows });
  }
  return segments;
}

/** Segments that one statement reads: several blocks where few rows of each are wanted. */
function groupsOf(segments: readonly Segment[]): Segment[][] {
  const groups: Segment[][] = [];
  let rows = Infinity;
  for (const segment of segments) {
    const isAlone =
      segments.length > 1 && cutOf(segment.request) !== undefined && segment.rows > ROWS_AT_ONCE / 8;
    if (isAlone || rows + segment.rows > ROWS_AT_ONCE) {
      groups.push([segment]);
      rows = isAlone ? Infinity : segment.rows;
    } else {
      groups.at(-1)!.push(segment);
      rows += segment.rows;
    }
  }
  return groups;
}
