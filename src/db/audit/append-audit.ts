import type { AuditRecord } from '../../core/audit/audit-trail';
import { entryHash, GENESIS_HASH } from '../../core/audit/chain';
import { canonicalJson } from '../../core/canonical-json';
import type { SqlRunner } from '../sqlite-connection';

/**
 * Puts an entry at the end of its tenant's chain, in the write transaction of whatever it tells of: both are stored or
 * neither. Writes come one after the other, so that the end stays where it was found.
 * @param at epoch ms. @throws SqliteError
 */
export async function appendAudit(
  transaction: SqlRunner,
  { tenantId, actor, action, target, accountId, detail }: AuditRecord,
  at: number,
): Promise<void> {
  const [end] = await transaction.all<{ lastId: number; sequence: number; hash: string }>(
    `SELECT coalesce((SELECT max(id) FROM audit_entry), 0) AS lastId,
      coalesce(max(sequence), 0) AS sequence, coalesce(hash, ?) AS hash
    FROM audit_entry WHERE tenant_id = ?`,
    [GENESIS_HASH, tenantId],
  );
  const entry = {
    id: end.lastId + 1,
    tenantId,
    sequence: end.sequence + 1,
    at,
    // Half a surrogate pair would come back as another character, and the hash would not be its own.
    actor: Buffer.from(actor).toString(),
    action,
    target: target ? `${target.type}:${target.id}` : null,
    accountId: accountId ?? null,
    detail: canonicalJson(detail ?? {}),
  };
  await transaction.run(
    `INSERT INTO audit_entry
      (id, tenant_id, sequence, previous_hash, hash, at, actor, action, target, account_id, detail)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      entry.id,
      tenantId,
      entry.sequence,
      end.hash,
      entryHash(end.hash, entry),
      at,
      entry.actor,
      action,
      entry.target,
      entry.accountId,
      entry.detail,
    ],
  );
}
