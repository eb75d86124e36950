import type { Points, SeriesLocation } from '../../core/metrics/metric-store';
import type { DamageLog } from './damage';
import { dayId, dayOf, dayOfId, gridCeil, headIds, HeadRow, slotsCut, timestampOf } from './head-layout';
import type { MetricTables } from './metric-tables';

/** Rows of one block that a statement reads: bounds memory and the time that the event loop is held. */
const ROWS_AT_ONCE = 1_024;
/** Timestamps that `latest` tries first; each further try takes twice as many. */
const NEWEST_TIMESTAMPS = 4;
const DAY = 86_400_000;

/** What is wanted of one block: the position of each wanted series in the caller's list, by slot. */
interface BlockRequest {
  block: number;
  /** Seconds. */
  period: number;
  wanted: { slot: number; index: number }[];
}

type LatestPoint = { timestamp: number; value: number } | null;

/** Reads points of the head. */
export class MetricReads {
  constructor(
    private readonly tables: MetricTables,
    private readonly onDamage: DamageLog,
  ) {
    void this.onDamage;
  }

  async points(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]> {
    const result = series.map((): Points => ({ timestamps: [], values: [] }));
    const bounds = await this.tables.bounds();
    if (bounds?.newestHead == null) return result;
    const end = Math.min(to, timestampOf(bounds.newestHead) + 1);
    for (const request of requestsOf(series)) {
      const { block, period } = request;
      const days = await this.#days(block, Math.max(from, dayOfId(bounds.firstDay).day * DAY), end);
      const ids = days.flatMap((day) =>
        headIds(block, period, Math.max(from, day * DAY), gridCeil(Math.min(end, (day + 1) * DAY), period)),
      );
      for (let start = 0; start < ids.length; start += ROWS_AT_ONCE) {
        await this.#eachPoint(request, ids.slice(start, start + ROWS_AT_ONCE), (index, timestamp, value) => {
          result[index]!.timestamps.push(timestamp);
          result[index]!.values.push(value);
        });
      }
    }
    return result;
  }

  /** Searched backwards from the newest row of all. */
  async latest(series: readonly SeriesLocation[], since: number): Promise<LatestPoint[]> {
    const result = series.map((): LatestPoint => null);
    const bounds = await this.tables.bounds();
    if (bounds?.newestHead == null) return result;
    const newest = bounds.newestHead;
    for (const request of requestsOf(series)) {
      const step = request.period * 1_000;
      const first = gridCeil(Math.max(since, dayOfId(bounds.firstDay).day * DAY), request.period);
      let { wanted } = request;
      let end = gridCeil(timestampOf(newest) + 1, request.period);
      for (let count = NEWEST_TIMESTAMPS; wanted.length > 0 && end > first; count *= 2) {
        const start = Math.max(end - Math.min(count, ROWS_AT_ONCE) * step, first);
        const ids = headIds(request.block, request.period, start, end);
        // Ascending, so the last one told of is the newest.
        await this.#eachPoint({ ...request, wanted }, ids, (index, timestamp, value) => {
          result[index] = { timestamp, value };
        });
        wanted = wanted.filter(({ index }) => result[index] === null);
        end = start;
      }
    }
    return result;
  }

  async #days(block: number, from: number, to: number): Promise<number[]> {
    const ids: number[] = [];
    for (let day = dayOf(from); day * DAY < to; day++) ids.push(dayId(block, day));
    const days = await this.tables.days(ids);
    return days.map(({ id }) => dayOfId(id).day).sort((a, b) => a - b);
  }

  /** Tells of each point of the rows; by time, ascending. */
  async #eachPoint(
    { wanted }: BlockRequest,
    ids: readonly number[],
    tell: (index: number, timestamp: number, value: number) => void,
  ): Promise<void> {
    const slots = wanted.map(({ slot }) => slot);
    const first = slots.reduce((a, b) => Math.min(a, b));
    const last = slots.reduce((a, b) => Math.max(a, b));
    const rows = await this.tables.blobs('head', ids, slotsCut(first, last));
    rows.sort((a, b) => a.id - b.id);
    for (const { id, data } of rows) {
      const timestamp = timestampOf(id);
      const row = new HeadRow(data);
      for (const { slot, index } of wanted) {
        const value = row.get(slot - first);
        if (!Number.isNaN(value)) tell(index, timestamp, value);
      }
    }
  }
}

function requestsOf(series: readonly SeriesLocation[]): BlockRequest[] {
  const requests = new Map<number, BlockRequest>();
  for (const [index, { block, period, slot }] of series.entries()) {
    let request = requests.get(block);
    if (!request) requests.set(block, (request = { block, period, wanted: [] }));
    request.wanted.push({ slot, index });
  }
  return [...requests.values()];
}
