import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a token was used last. */
export class TokenUse1764000450000 implements MigrationInterface {
  readonly name = 'TokenUse1764000450000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE api_token ADD COLUMN last_used_at INTEGER`);
    await runner.query(`CREATE INDEX api_token_of_tenant ON api_token (tenant_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX api_token_of_tenant`);
    await runner.query(`ALTER TABLE api_token DROP COLUMN last_used_at`);
  }
}
