import type { SealedAccessKey, SealedKeyRepository } from '../../core/accounts/sealed-key-repository';
import type { AuditRecord } from '../../core/audit/audit-trail';
import { appendAudit } from '../audit/append-audit';
import type { SqliteConnection } from '../sqlite-connection';
import type { EntityWriter } from '../transactions';

/** The column `sealed_access_key` of accounts. */
export class SqliteSealedKeyRepository implements SealedKeyRepository {
  constructor(
    private readonly writer: EntityWriter,
    private readonly reader: SqliteConnection,
  ) {}

  page(afterAccountId: number, limit: number): Promise<SealedAccessKey[]> {
    return this.reader.all<SealedAccessKey>(
      `SELECT id AS accountId, tenant_id AS tenantId, sealed_access_key AS sealed FROM account
      WHERE id > ? AND sealed_access_key IS NOT NULL ORDER BY id LIMIT ?`,
      [afterAccountId, limit],
    );
  }

  replace(accountId: number, from: string, to: string, audit: AuditRecord, at: number): Promise<boolean> {
    return this.writer.transaction(async (transaction) => {
      const replaced = await transaction.run(
        'UPDATE account SET sealed_access_key = ? WHERE id = ? AND sealed_access_key = ?',
        [to, accountId, from],
      );
      if (replaced !== 1) return false;
      await appendAudit(transaction, audit, at);
      return true;
    });
  }
}
