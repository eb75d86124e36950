import type { Points, SeriesLocation } from '../../core/metrics/metric-store';
import type { SqliteConnection } from '../sqlite-connection';
import { HEAD_IDS_PER_MINUTE, HeadRow, gridCeil, headId, slotsExpression, timestampOf } from './head-layout';

/** Timestamps of one block that a statement reads: bounds memory and the time that the event loop is held. */
const TIMESTAMPS_AT_ONCE = 1_024;
/** Timestamps that `readLatest` tries first; each further try takes twice as many. */
const NEWEST_TIMESTAMPS = 4;

/** What is wanted of one block: the position of each wanted series in the caller's list, by slot. */
interface BlockRequest {
  block: number;
  /** Seconds. */
  period: number;
  wanted: { slot: number; index: number }[];
}

/** The points of each series with `from` ≤ timestamp < `to`. */
export async function readPoints(
  reader: SqliteConnection,
  series: readonly SeriesLocation[],
  from: number,
  to: number,
): Promise<Points[]> {
  const result = series.map((): Points => ({ timestamps: [], values: [] }));
  const held = await heldRange(reader);
  if (!held) return result;
  const end = Math.min(to, held.newest + 1);
  for (const request of requestsOf(series)) {
    const slice = TIMESTAMPS_AT_ONCE * request.period * 1_000;
    const first = gridCeil(Math.max(from, held.oldest), request.period);
    for (let start = first; start < end; start += slice) {
      await eachPoint(reader, request, start, Math.min(start + slice, end), (index, timestamp, value) => {
        result[index].timestamps.push(timestamp);
        result[index].values.push(value);
      });
    }
  }
  return result;
}

/** The newest point of each series that is not older than `since`: searched backwards from the newest row of all. */
export async function readLatest(
  reader: SqliteConnection,
  series: readonly SeriesLocation[],
  since: number,
): Promise<({ timestamp: number; value: number } | null)[]> {
  const result = series.map((): { timestamp: number; value: number } | null => null);
  const held = await heldRange(reader);
  if (!held) return result;
  const oldest = Math.max(since, held.oldest);
  for (const request of requestsOf(series)) {
    const step = request.period * 1_000;
    const first = gridCeil(oldest, request.period);
    let { wanted } = request;
    let end = gridCeil(held.newest + 1, request.period);
    for (let count = NEWEST_TIMESTAMPS; wanted.length > 0 && end > first; count *= 2) {
      const start = Math.max(end - Math.min(count, TIMESTAMPS_AT_ONCE) * step, first);
      // Ascending, so the last one told of is the newest.
      await eachPoint(reader, { ...request, wanted }, start, end, (index, timestamp, value) => {
        result[index] = { timestamp, value };
      });
      wanted = wanted.filter(({ index }) => result[index] === null);
      end = start;
    }
  }
  return result;
}

/** The first and the last timestamp of all points; null when there is none. */
async function heldRange(reader: SqliteConnection): Promise<{ oldest: number; newest: number } | null> {
  const held = await reader.get<{ first: number | null; last: number | null }>(
    'SELECT (SELECT min(id) FROM head) AS first, (SELECT max(id) FROM head) AS last',
  );
  if (!held || held.first === null || held.last === null) return null;
  return { oldest: timestampOf(held.first), newest: timestampOf(held.last) };
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

/** Tells of each point on the grid from `start`, which lies on it, to before `end`; by time, ascending. */
async function eachPoint(
  reader: SqliteConnection,
  { block, period, wanted }: BlockRequest,
  start: number,
  end: number,
  tell: (index: number, timestamp: number, value: number) => void,
): Promise<void> {
  if (start >= end) return;
  const slots = wanted.map(({ slot }) => slot);
  const first = slots.reduce((a, b) => Math.min(a, b));
  const last = slots.reduce((a, b) => Math.max(a, b));
  // Looking up every id on the grid reads only this block; a range of ids would pass all blocks (ten times slower).
  const rows = await reader.all<{ id: number; data: Buffer }>(
    `WITH RECURSIVE grid(id) AS (
      VALUES (?1) UNION ALL SELECT id + ?2 FROM grid WHERE id + ?2 < ?3
    )
    SELECT head.id AS id, ${slotsExpression('head.data', first, last)} AS data
    FROM grid CROSS JOIN head ON head.id = grid.id`,
    [headId(block, start), (period / 60) * HEAD_IDS_PER_MINUTE, headId(block, gridCeil(end, period))],
  );
  for (const { id, data } of rows) {
    const timestamp = timestampOf(id);
    const row = new HeadRow(data);
    for (const { slot, index } of wanted) {
      const value = row.get(slot - first);
      if (!Number.isNaN(value)) tell(index, timestamp, value);
    }
  }
}
