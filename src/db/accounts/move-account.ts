import type { Account } from '../../core/accounts/account';
import { revokeLease } from '../collection/sqlite-leases';
import type { EntityTransaction } from '../transactions';

/** Tables whose rows go where their account goes. */
const HISTORY = ['resource', 'series', 'collection_run', 'api_usage'];

/**
 * Gives an account and all of its history to another tenant, and revokes its lease, so that a collection under way for
 * the old one stores nothing more. External IDs are the account's and stay as they are.
 * @param sealedAccessKey the stored key, sealed for the new tenant; null for a role
 */
export async function moveAccount(
  transaction: EntityTransaction,
  { id, tenantId, connection, accessKey }: Pick<Account, 'id' | 'tenantId' | 'connection' | 'accessKey'>,
  toTenantId: number,
  sealedAccessKey: string | null,
): Promise<'MOVED' | 'CONNECTED_THERE' | 'CHANGED'> {
  if (await isConnectedIn(transaction, toTenantId, id)) return 'CONNECTED_THERE';
  const moved = await transaction.run(
    `UPDATE account SET tenant_id = ?, sealed_access_key = ?
    WHERE id = ? AND tenant_id = ? AND connection = ? AND json_extract(access_key, '$.storedAt') IS ?`,
    [toTenantId, sealedAccessKey, id, tenantId, connection, accessKey?.storedAt ?? null],
  );
  if (moved !== 1) return 'CHANGED';
  for (const table of HISTORY) {
    await transaction.run(`UPDATE ${table} SET tenant_id = ? WHERE account_id = ?`, [toTenantId, id]);
  }
  await revokeLease(transaction, id);
  return 'MOVED';
}

/** Whether the account is connected, and the tenant has another one of the same number connected. */
async function isConnectedIn({ all }: EntityTransaction, tenantId: number, id: number): Promise<boolean> {
  const others = await all(
    `SELECT 1 FROM account JOIN account AS other ON other.aws_account_id = account.aws_account_id
    WHERE account.id = ?1 AND other.id <> ?1 AND other.tenant_id = ?2
      AND account.status NOT IN ('AWAITING_ROLE', 'REMOVED')
      AND other.status NOT IN ('AWAITING_ROLE', 'REMOVED')`,
    [id, tenantId],
  );
  return others.length > 0;
}
