import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All tables of the first release. Instants are epoch milliseconds; JSON is text; ids are never used twice. */
export class InitialSchema1763942400000 implements MigrationInterface {
  readonly name = 'InitialSchema1763942400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ACCESS, ...ACCOUNTS, ...INVENTORY, ...METRICS, ...COLLECTION]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}

const ACCESS = [
  `CREATE TABLE stamp (key TEXT PRIMARY KEY, value TEXT) STRICT`,

  `CREATE TABLE tenant (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
  ) STRICT`,

  `CREATE TABLE api_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    lookup_id TEXT NOT NULL UNIQUE,
    secret_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
  ) STRICT`,
];

const ACCOUNTS = [
  `CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    name TEXT NOT NULL,
    aws_account_id TEXT,
    partition TEXT NOT NULL,
    status TEXT NOT NULL,
    status_reason TEXT,
    connection TEXT NOT NULL,
    role_arn TEXT,
    sealed_access_key TEXT,
    verification TEXT,
    regions TEXT NOT NULL,
    plugins TEXT NOT NULL,
    tag_filter TEXT NOT NULL,
    metric_profiles TEXT NOT NULL,
    labels TEXT NOT NULL,
    monthly_budget_usd REAL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    last_collected_at INTEGER
  ) STRICT`,
  `CREATE UNIQUE INDEX account_connected_once ON account (tenant_id, aws_account_id)
    WHERE status NOT IN ('AWAITING_ROLE', 'REMOVED')`,
  `CREATE INDEX account_by_name ON account (tenant_id, name COLLATE NOCASE)`,

  // No reference to account: a value stays taken when its account is gone.
  `CREATE TABLE external_id (
    value TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'ACTIVE', 'RETIRED')),
    created_at INTEGER NOT NULL,
    activated_at INTEGER,
    retired_at INTEGER
  ) STRICT`,
  `CREATE INDEX external_id_of_account ON external_id (account_id)`,
  `CREATE UNIQUE INDEX external_id_one_active ON external_id (account_id) WHERE state = 'ACTIVE'`,
  `CREATE UNIQUE INDEX external_id_one_pending ON external_id (account_id) WHERE state = 'PENDING'`,
  `CREATE TRIGGER external_id_not_deleted BEFORE DELETE ON external_id
    BEGIN SELECT RAISE(ABORT, 'external IDs are kept for all time'); END`,
  `CREATE TRIGGER external_id_not_moved BEFORE UPDATE OF value, account_id ON external_id
    BEGIN SELECT RAISE(ABORT, 'external IDs never change their value or account'); END`,
];

const INVENTORY = [
  `CREATE TABLE resource (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    account_id INTEGER NOT NULL REFERENCES account,
    plugin TEXT NOT NULL,
    type TEXT NOT NULL,
    region TEXT NOT NULL,
    key TEXT NOT NULL,
    arn TEXT,
    name TEXT,
    tags TEXT NOT NULL,
    attributes TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    gone_at INTEGER,
    UNIQUE (account_id, region, type, key)
  ) STRICT`,
  `CREATE INDEX resource_by_discovery ON resource (account_id, plugin, region)`,
  `CREATE INDEX resource_by_name ON resource (tenant_id, name COLLATE NOCASE)`,
];

const METRICS = [
  // 2^20 blocks: the lower part of head.id. `slots` counts those given away, which are never given again.
  `CREATE TABLE block (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id < 1048576),
    account_id INTEGER NOT NULL REFERENCES account,
    region TEXT NOT NULL,
    period INTEGER NOT NULL CHECK (period > 0 AND period % 60 = 0),
    slots INTEGER NOT NULL CHECK (slots <= 1000)
  ) STRICT`,
  `CREATE INDEX block_of_account ON block (account_id, region, period)`,

  `CREATE TABLE series (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    account_id INTEGER NOT NULL REFERENCES account,
    resource_id INTEGER NOT NULL REFERENCES resource,
    region TEXT NOT NULL,
    plugin TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    statistic TEXT NOT NULL,
    unit TEXT,
    period INTEGER NOT NULL,
    dimensions TEXT NOT NULL,
    settle_seconds INTEGER NOT NULL,
    block INTEGER NOT NULL REFERENCES block,
    slot INTEGER NOT NULL,
    UNIQUE (resource_id, namespace, name, statistic, period, dimensions),
    UNIQUE (block, slot)
  ) STRICT`,
  `CREATE INDEX series_of_tenant ON series (tenant_id)`,
  `CREATE INDEX series_of_account ON series (account_id)`,

  // Apart from series: it moves with every collection, and a narrow row makes that a few pages.
  `CREATE TABLE watermark (series_id INTEGER PRIMARY KEY REFERENCES series, at INTEGER NOT NULL) STRICT`,

  `CREATE TABLE head (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT`,
];

const COLLECTION = [
  `CREATE TABLE collect_lease (
    account_id INTEGER PRIMARY KEY REFERENCES account,
    next_due INTEGER,
    planned_at INTEGER,
    owner TEXT,
    token INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    last_done INTEGER
  ) STRICT`,
  `CREATE INDEX collect_lease_due ON collect_lease (next_due) WHERE next_due IS NOT NULL`,

  `CREATE TABLE collection_run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    account_id INTEGER NOT NULL REFERENCES account,
    "trigger" TEXT NOT NULL,
    state TEXT NOT NULL,
    scheduled_for INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    resources_found INTEGER NOT NULL,
    series_collected INTEGER NOT NULL,
    points_stored INTEGER NOT NULL,
    points_backfilled INTEGER NOT NULL,
    aws_calls INTEGER NOT NULL,
    cost_usd REAL NOT NULL,
    steps TEXT NOT NULL
  ) STRICT`,
  `CREATE INDEX collection_run_of_tenant ON collection_run (tenant_id, scheduled_for)`,
  `CREATE INDEX collection_run_of_account ON collection_run (account_id, "trigger")`,
  `CREATE INDEX collection_run_open ON collection_run (id) WHERE state IN ('QUEUED', 'RUNNING')`,
];

/** Those that refer to others first. */
const TABLES = [
  'collection_run',
  'collect_lease',
  'head',
  'watermark',
  'series',
  'block',
  'resource',
  'external_id',
  'account',
  'api_token',
  'tenant',
  'stamp',
];
