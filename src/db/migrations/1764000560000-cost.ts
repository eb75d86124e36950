import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What calls of AWS cost, and which series somebody reads. */
export class Cost1764000560000 implements MigrationInterface {
  readonly name = 'Cost1764000560000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE series_demand`);
    await runner.query(`DROP TABLE api_usage`);
  }
}

const UP = [
  // One row a UTC day (number since the epoch), account, plugin ('': several at once, or none), Region and API. Money is
  // in billionths of a dollar, whole numbers, so that sums are exact.
  `CREATE TABLE api_usage (
    account_id INTEGER NOT NULL REFERENCES account,
    day INTEGER NOT NULL,
    plugin TEXT NOT NULL,
    region TEXT NOT NULL,
    api TEXT NOT NULL,
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    calls INTEGER NOT NULL,
    throttled INTEGER NOT NULL,
    metrics INTEGER NOT NULL,
    metrics_lower INTEGER NOT NULL,
    nano_usd INTEGER NOT NULL,
    nano_usd_lower INTEGER NOT NULL,
    PRIMARY KEY (account_id, day, plugin, region, api)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX api_usage_of_tenant ON api_usage (tenant_id, day)`,

  // The UTC day on which a series was last read through the API.
  `CREATE TABLE series_demand (
    series_id INTEGER PRIMARY KEY REFERENCES series,
    day INTEGER NOT NULL
  ) STRICT`,
];
