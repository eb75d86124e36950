import type { SettleObservation, SettleObservations } from '../../core/collection/settle-times';
import type { SqliteConnection } from '../sqlite-connection';
import type { RawWriter } from '../transactions';

/** The table `settle_observation`. */
export class SqliteSettleObservations implements SettleObservations {
  constructor(
    private readonly writer: RawWriter,
    private readonly reader: SqliteConnection,
  ) {}

  load(since: number): Promise<SettleObservation[]> {
    return this.reader.all(
      `SELECT namespace, name, day, age_ms AS ageMs FROM settle_observation WHERE day >= ?
      ORDER BY namespace, name, day`,
      [since],
    );
  }

  async record(observations: readonly SettleObservation[], since: number): Promise<void> {
    const rows = observations.map(({ namespace, name, day, ageMs }) => [
      namespace,
      name,
      day,
      Math.round(ageMs),
    ]);
    await this.writer.transaction(async (connection) => {
      await connection.run(
        `INSERT INTO settle_observation (namespace, name, day, age_ms)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)
        WHERE TRUE
        ON CONFLICT (namespace, name, day) DO UPDATE SET age_ms = max(age_ms, excluded.age_ms)`,
        [JSON.stringify(rows)],
      );
      await connection.run('DELETE FROM settle_observation WHERE day < ?', [since]);
    });
  }
}
