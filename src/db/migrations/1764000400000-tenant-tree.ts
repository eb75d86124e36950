import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tenants in a tree, and who sees whom in a table of its own. The tenants that were there go below the root. */
export class TenantTree1764000400000 implements MigrationInterface {
  readonly name = 'TenantTree1764000400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  // Rebuilt, for a column's UNIQUE cannot be dropped: a name of one customer must tell nothing of another's.
  `CREATE TABLE tenant_in_tree (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    parent_id INTEGER REFERENCES tenant,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT`,
  `INSERT INTO tenant_in_tree (id, parent_id, name, created_at)
    SELECT id, nullif((SELECT min(id) FROM tenant), id), name, created_at FROM tenant`,
  `DROP TABLE tenant`,
  `ALTER TABLE tenant_in_tree RENAME TO tenant`,
  `CREATE UNIQUE INDEX tenant_name ON tenant (parent_id, name)`,
  `CREATE UNIQUE INDEX tenant_one_root ON tenant (parent_id IS NULL) WHERE parent_id IS NULL`,

  // scope_id sees the rows of tenant_id: the tenant itself and all below it.
  `CREATE TABLE tenant_scope (
    scope_id INTEGER NOT NULL REFERENCES tenant,
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    PRIMARY KEY (scope_id, tenant_id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX tenant_scope_of_tenant ON tenant_scope (tenant_id)`,
  `INSERT INTO tenant_scope (scope_id, tenant_id)
    SELECT id, id FROM tenant UNION ALL SELECT parent_id, id FROM tenant WHERE parent_id IS NOT NULL`,
];

const DOWN = [
  `DROP TABLE tenant_scope`,
  `DROP INDEX tenant_one_root`,
  `DROP INDEX tenant_name`,
  `ALTER TABLE tenant DROP COLUMN parent_id`,
  `CREATE UNIQUE INDEX tenant_name ON tenant (name)`,
];
