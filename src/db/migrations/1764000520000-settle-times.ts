import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How late CloudWatch was seen to revise the points of a metric. */
export class SettleTimes1764000520000 implements MigrationInterface {
  readonly name = 'SettleTimes1764000520000';

  async up(runner: QueryRunner): Promise<void> {
    // One row a metric and UTC day (its start, epoch ms) on which something came late: the largest age.
    await runner.query(
      `CREATE TABLE settle_observation (
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        day INTEGER NOT NULL,
        age_ms INTEGER NOT NULL,
        PRIMARY KEY (namespace, name, day)
      ) STRICT, WITHOUT ROWID`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE settle_observation`);
  }
}
