import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log: a hash chain for each tenant, and the signed checkpoints of it. Both can only be added to. */
export class Audit1764000300000 implements MigrationInterface {
  readonly name = 'Audit1764000300000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  // No reference to account: what was done to it stays when it is gone.
  `CREATE TABLE audit_entry (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    sequence INTEGER NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT,
    account_id INTEGER,
    detail TEXT NOT NULL,
    UNIQUE (tenant_id, sequence)
  ) STRICT`,
  // Each way of asking reads a tenant's log backwards in the order of the index, and counts in it alone.
  `CREATE INDEX audit_entry_at ON audit_entry (tenant_id, at)`,
  `CREATE INDEX audit_entry_of_action ON audit_entry (tenant_id, action, at)`,
  `CREATE INDEX audit_entry_of_account ON audit_entry (tenant_id, account_id, at) WHERE account_id IS NOT NULL`,
  `CREATE TRIGGER audit_entry_not_changed BEFORE UPDATE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END`,
  `CREATE TRIGGER audit_entry_not_deleted BEFORE DELETE ON audit_entry
    BEGIN SELECT RAISE(ABORT, 'the audit log is never shortened'); END`,
  // REPLACE deletes without the trigger above: an entry goes behind all others or nowhere.
  `CREATE TRIGGER audit_entry_only_at_the_end BEFORE INSERT ON audit_entry
    WHEN new.id <= (SELECT max(id) FROM audit_entry)
      OR new.sequence <= (SELECT max(sequence) FROM audit_entry WHERE tenant_id = new.tenant_id)
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows at its end'); END`,

  `CREATE TABLE audit_checkpoint (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id INTEGER NOT NULL REFERENCES tenant,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL,
    at INTEGER NOT NULL,
    previous TEXT,
    key_id TEXT NOT NULL,
    signature TEXT NOT NULL UNIQUE
  ) STRICT`,
  `CREATE INDEX audit_checkpoint_of_tenant ON audit_checkpoint (tenant_id)`,
  `CREATE TRIGGER audit_checkpoint_not_changed BEFORE UPDATE ON audit_checkpoint
    BEGIN SELECT RAISE(ABORT, 'a checkpoint is never changed'); END`,
  `CREATE TRIGGER audit_checkpoint_not_deleted BEFORE DELETE ON audit_checkpoint
    BEGIN SELECT RAISE(ABORT, 'a checkpoint is never deleted'); END`,
];

const DOWN = ['DROP TABLE audit_checkpoint', 'DROP TABLE audit_entry'];
