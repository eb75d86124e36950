import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Metric profiles say how far apart the points are, and runs that are kept no longer are summed by day. */
export class CollectionPace1764000540000 implements MigrationInterface {
  readonly name = 'CollectionPace1764000540000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(profiles(`json_set(value, '$.periodSeconds', 300)`));
    await runner.query(RUN_DAY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(profiles(`json_remove(value, '$.periodSeconds')`));
    await runner.query(`DROP TABLE collection_run_day`);
  }
}

/** Each profile of each account made anew, in its place. */
function profiles(profile: string): string {
  return `UPDATE account SET metric_profiles =
    (SELECT json_group_array(json(profile)) FROM (SELECT ${profile} AS profile FROM json_each(metric_profiles) ORDER BY key))
    WHERE metric_profiles <> '[]'`;
}

/** `day` is the start of the UTC day (epoch ms) that the runs were due on. */
const RUN_DAY = `CREATE TABLE collection_run_day (
  account_id INTEGER NOT NULL REFERENCES account,
  day INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  partial INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  resources_found INTEGER NOT NULL,
  series_collected INTEGER NOT NULL,
  points_stored INTEGER NOT NULL,
  points_backfilled INTEGER NOT NULL,
  aws_calls INTEGER NOT NULL,
  cost_usd REAL NOT NULL,
  duration_ms INTEGER NOT NULL,
  PRIMARY KEY (account_id, day)
) STRICT, WITHOUT ROWID`;
