import type { Account, AccountStatus, Verification } from '../../core/accounts/account';
import type { Standing } from '../../core/accounts/account-transitions';
import type { AuditRecord } from '../../core/audit/audit-trail';
import { appendAudit } from '../audit/append-audit';
import type { EntityTransaction } from '../transactions';

/** What a proof stores. */
export interface Proof {
  verification: Verification;
  nextVerificationAt: number;
  at: number;
  audit: AuditRecord;
}

/**
 * A proof and the status that it leads to, from the one that the account has by now: a kill leaves no proof of an open role
 * on an account that is collected.
 * @returns null, with nothing stored, when the account is connected otherwise than when it was proved.
 */
export async function storeProof(
  transaction: EntityTransaction,
  { id, connection, roleArn, accessKey }: Pick<Account, 'id' | 'connection' | 'roleArn' | 'accessKey'>,
  { verification, nextVerificationAt, at, audit }: Proof,
  standing: (present: Standing) => Pick<Account, 'status' | 'statusReason'> | null,
): Promise<{ from: AccountStatus; to: AccountStatus } | null> {
  const [present] = await transaction.all<Pick<Account, 'status' | 'statusReason'>>(
    `SELECT status, status_reason AS statusReason FROM account
    WHERE id = ? AND connection = ? AND role_arn IS ? AND json_extract(access_key, '$.storedAt') IS ?`,
    [id, connection, roleArn, accessKey?.storedAt ?? null],
  );
  if (!present) return null;
  const { status, statusReason } = standing({ ...present, verification }) ?? present;
  await transaction.run(
    `UPDATE account SET verification = ?, next_verification_at = ?, status = ?, status_reason = ? WHERE id = ?`,
    [JSON.stringify(verification), nextVerificationAt, status, statusReason, id],
  );
  await appendAudit(transaction, audit, at);
  return { from: present.status, to: status };
}
