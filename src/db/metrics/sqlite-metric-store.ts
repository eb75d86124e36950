import type { Fence } from '../../core/collection/leases';
import { addPoint, hourlyOf, noAggregates } from '../../core/metrics/aggregates';
import type {
  AppendOptions,
  AppendResult,
  HourlyPoints,
  MetricStore,
  Points,
  SeriesAggregates,
  SeriesLocation,
  SeriesPoints,
} from '../../core/metrics/metric-store';
import { requireLease } from '../fence';
import type { SqliteConnection } from '../sqlite-connection';
import type { RawWriter } from '../transactions';
import { ChangeLog, columnsOf, merge, type HeadColumn } from './head-columns';
import { HeadRow } from './head-layout';
import { readLatest, readPoints } from './head-reads';

/** Head rows that are read, merged and written together: at most 2 MB. */
const ROWS_AT_ONCE = 256;

/** Points in the table `head`, laid out as `head-layout.ts` says. */
export class SqliteMetricStore implements MetricStore {
  constructor(
    private readonly writer: RawWriter,
    private readonly reader: SqliteConnection,
  ) {}

  async append(
    fence: Fence,
    batch: readonly SeriesPoints[],
    { isRecovered }: AppendOptions = {},
  ): Promise<AppendResult> {
    const columns = columnsOf(batch);
    const blocks = [...new Set(batch.map(({ series }) => series.block))];
    return this.writer.transaction(async (connection) => {
      await requireLease(connection, fence);
      await requireBlocks(connection, fence.accountId, blocks);
      const result = await writeColumns(connection, columns, new ChangeLog(isRecovered));
      await moveWatermarks(connection, batch);
      return result;
    });
  }

  read(series: readonly SeriesLocation[], from: number, to: number): Promise<Points[]> {
    return readPoints(this.reader, series, from, to);
  }

  async readHourly(series: readonly SeriesLocation[], from: number, to: number): Promise<HourlyPoints[]> {
    return (await this.read(series, from, to)).map(hourlyOf);
  }

  async aggregate(series: readonly SeriesLocation[], from: number, to: number): Promise<SeriesAggregates> {
    const aggregates = noAggregates(series.length);
    const points = await this.read(series, from, to);
    points.forEach(({ timestamps, values }, index) =>
      timestamps.forEach((timestamp, at) => addPoint(aggregates, index, timestamp, values[at]!)),
    );
    return aggregates;
  }

  latest(
    series: readonly SeriesLocation[],
    since: number,
  ): Promise<({ timestamp: number; value: number } | null)[]> {
    return readLatest(this.reader, series, since);
  }
}

/** A location from another account would write into its rows. */
async function requireBlocks(
  connection: SqliteConnection,
  accountId: number,
  blocks: readonly number[],
): Promise<void> {
  const own = await connection.all(
    'SELECT 1 FROM block WHERE account_id = ? AND id IN (SELECT value FROM json_each(?))',
    [accountId, JSON.stringify(blocks)],
  );
  if (own.length !== blocks.length)
    throw new Error(`Points of series that account ${accountId} does not have`);
}

async function writeColumns(
  connection: SqliteConnection,
  columns: readonly HeadColumn[],
  log: ChangeLog,
): Promise<AppendResult> {
  for (let start = 0; start < columns.length; start += ROWS_AT_ONCE) {
    const slice = columns.slice(start, start + ROWS_AT_ONCE);
    const stored = await readRows(connection, slice);
    const changed: StoredRow[] = [];
    for (const column of slice) {
      const merged = merge(column, new HeadRow(stored.get(column.id) ?? Buffer.alloc(0)), log);
      if (merged) changed.push({ id: column.id, data: merged.data });
    }
    await writeRows(connection, changed);
  }
  const { added, revised, recovered, changes } = log;
  return { added, revised, recovered, changes };
}

interface StoredRow {
  id: number;
  data: Buffer;
}

async function readRows(
  connection: SqliteConnection,
  columns: readonly HeadColumn[],
): Promise<Map<number, Buffer>> {
  const rows = await connection.all<StoredRow>(
    'SELECT id, data FROM head WHERE id IN (SELECT value FROM json_each(?))',
    [JSON.stringify(columns.map(({ id }) => id))],
  );
  return new Map(rows.map(({ id, data }) => [id, data]));
}

/** All rows in one statement: their data end to end, cut by SQLite. */
async function writeRows(connection: SqliteConnection, rows: readonly StoredRow[]): Promise<void> {
  if (rows.length === 0) return;
  let end = 1;
  const pieces = rows.map(({ id, data }) => {
    const start = end;
    end += data.length;
    return [id, start, data.length];
  });
  await connection.run(
    `INSERT OR REPLACE INTO head (id, data)
    SELECT value ->> 0, substr(?1, value ->> 1, value ->> 2) FROM json_each(?2)`,
    [Buffer.concat(rows.map(({ data }) => data)), JSON.stringify(pieces)],
  );
}

async function moveWatermarks(connection: SqliteConnection, batch: readonly SeriesPoints[]): Promise<void> {
  const latest = new Map<number, number>();
  for (const { series, watermark } of batch) {
    if (watermark !== null) latest.set(series.id, Math.max(watermark, latest.get(series.id) ?? watermark));
  }
  if (latest.size === 0) return;
  await connection.run(
    `INSERT INTO watermark (series_id, at) SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE TRUE
    ON CONFLICT (series_id) DO UPDATE SET at = excluded.at WHERE excluded.at > watermark.at`,
    [JSON.stringify([...latest])],
  );
}
