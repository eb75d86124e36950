import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Proofs that are due, waivers, the age of access keys, and rotations as a state machine. */
export class Trust1764000200000 implements MigrationInterface {
  readonly name = 'Trust1764000200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `ALTER TABLE account ADD COLUMN next_verification_at INTEGER`,
  `ALTER TABLE account ADD COLUMN waiver TEXT`,
  `ALTER TABLE account ADD COLUMN access_key TEXT`,
  // What was connected before this release is proved at once.
  `UPDATE account SET next_verification_at = 0 WHERE status NOT IN ('AWAITING_ROLE', 'REMOVED')`,
  // The checks of a stored proof get the field that came with waivers.
  `UPDATE account SET verification = replace(verification, '"missingActions":', '"waived":false,"missingActions":')`,
  // When a key was given was not kept: its age counts from the account's.
  `UPDATE account SET access_key = json_object('idEnding', '', 'storedAt', created_at)
    WHERE connection = 'ACCESS_KEY' AND sealed_access_key IS NOT NULL`,
  `CREATE INDEX account_to_be_proved ON account (next_verification_at)
    WHERE status IN ('CONNECTED', 'DEGRADED', 'BROKEN', 'INSECURE')`,
  `ALTER TABLE external_id ADD COLUMN accepted_at INTEGER`,
  `ALTER TABLE external_id ADD COLUMN refused_at INTEGER`,
  `ALTER TABLE external_id ADD COLUMN next_probe_at INTEGER`,
  `ALTER TABLE external_id ADD COLUMN probe_failures INTEGER NOT NULL DEFAULT 0`,
  // The refusal of those that were replaced or cancelled was never proved.
  `UPDATE external_id SET next_probe_at = 0 WHERE state IN ('PENDING', 'RETIRED')
    AND account_id IN (SELECT id FROM account WHERE status <> 'REMOVED')`,
  `CREATE INDEX external_id_to_be_tried ON external_id (next_probe_at) WHERE next_probe_at IS NOT NULL`,
  `CREATE TRIGGER external_id_only_onward BEFORE UPDATE OF state ON external_id
    WHEN NOT (old.state = new.state
      OR (old.state = 'PENDING' AND new.state IN ('ACTIVE', 'RETIRED'))
      OR (old.state = 'ACTIVE' AND new.state = 'RETIRED'))
    BEGIN SELECT RAISE(ABORT, 'an external ID goes from PENDING to ACTIVE to RETIRED and never back'); END`,
  // A primary key does not stop INSERT OR REPLACE, which would give somebody's ID to somebody else.
  `CREATE TRIGGER external_id_not_replaced BEFORE INSERT ON external_id
    WHEN EXISTS (SELECT 1 FROM external_id WHERE value = new.value)
    BEGIN SELECT RAISE(ABORT, 'external_id.value is used once, for ever'); END`,
];

const DOWN = [
  `DROP TRIGGER external_id_not_replaced`,
  `DROP TRIGGER external_id_only_onward`,
  `DROP INDEX external_id_to_be_tried`,
  ...['probe_failures', 'next_probe_at', 'refused_at', 'accepted_at'].map(
    (column) => `ALTER TABLE external_id DROP COLUMN ${column}`,
  ),
  `DROP INDEX account_to_be_proved`,
  ...['access_key', 'waiver', 'next_verification_at'].map(
    (column) => `ALTER TABLE account DROP COLUMN ${column}`,
  ),
];
