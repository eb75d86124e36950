import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How complete the last day of an account is, counted now and then: accounts are ordered by it. */
export class Completeness1764000580000 implements MigrationInterface {
  readonly name = 'Completeness1764000580000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE account ADD COLUMN completeness REAL`);
    await runner.query(`ALTER TABLE account ADD COLUMN completeness_at INTEGER`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE account DROP COLUMN completeness_at`);
    await runner.query(`ALTER TABLE account DROP COLUMN completeness`);
  }
}
