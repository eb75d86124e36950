import type { SeriesDemandStore } from '../../core/cost/series-demand';
import { DAY_MS } from '../../core/cost/utc-days';
import type { SqliteConnection } from '../sqlite-connection';
import type { RawWriter } from '../transactions';

/** The table `series_demand`. */
export class SqliteSeriesDemand implements SeriesDemandStore {
  constructor(
    private readonly writer: RawWriter,
    private readonly reader: SqliteConnection,
  ) {}

  async note(days: ReadonlyMap<number, number>): Promise<void> {
    if (days.size === 0) return;
    const rows = [...days].map(([id, day]) => [id, day / DAY_MS]);
    await this.writer.transaction((connection) =>
      connection.run(
        `INSERT INTO series_demand (series_id, day)
        SELECT series.id, row.value ->> 1 FROM json_each(?) AS row JOIN series ON series.id = row.value ->> 0
        WHERE TRUE
        ON CONFLICT (series_id) DO UPDATE SET day = excluded.day WHERE excluded.day > day`,
        [JSON.stringify(rows)],
      ),
    );
  }

  async lastRead(seriesIds: readonly number[]): Promise<Map<number, number>> {
    const rows = await this.reader.all<{ id: number; day: number }>(
      `SELECT series_id AS id, day FROM series_demand
      WHERE series_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(seriesIds)],
    );
    return new Map(rows.map(({ id, day }) => [id, day * DAY_MS]));
  }
}
