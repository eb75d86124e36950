import { IsNull, Not } from 'typeorm';
import type { ExternalId } from '../../core/accounts/account';
import { ExternalIdEntity } from '../entities/external-id-entity';
import type { SqliteConnection } from '../sqlite-connection';
import type { EntityTransaction } from '../transactions';

/**
 * A list that grows with each rotation must have a bound: older ones stay in the table and are not shown, once the role is
 * known to refuse them.
 */
const RETIRED_SHOWN = 50;

/** The external IDs of each account, the newest first. */
export async function externalIdsOf(
  reader: SqliteConnection,
  accountIds: readonly number[],
): Promise<Map<number, ExternalId[]>> {
  const rows = await reader.all<ExternalId & { accountId: number }>(
    `SELECT account_id AS accountId, value, state, created_at AS createdAt, activated_at AS activatedAt,
      retired_at AS retiredAt, accepted_at AS acceptedAt, refused_at AS refusedAt
    FROM external_id WHERE account_id IN (SELECT value FROM json_each(?))
    ORDER BY account_id, created_at DESC, rowid DESC`,
    [JSON.stringify(accountIds)],
  );
  const byAccount = new Map<number, ExternalId[]>(accountIds.map((id) => [id, []]));
  const retired = new Map<number, number>();
  for (const { accountId, ...externalId } of rows) {
    if (externalId.state === 'RETIRED' && externalId.refusedAt !== null) {
      const count = (retired.get(accountId) ?? 0) + 1;
      if (count > RETIRED_SHOWN) continue;
      retired.set(accountId, count);
    }
    byAccount.get(accountId)?.push(externalId);
  }
  return byAccount;
}

/** The first external ID of a new account. @throws when the value was ever used. */
export async function insertActive(
  { manager }: EntityTransaction,
  accountId: number,
  value: string,
  at: number,
): Promise<void> {
  await manager.insert(ExternalIdEntity, {
    value,
    accountId,
    state: 'ACTIVE',
    createdAt: at,
    probeFailures: 0,
  });
}

/** @returns false when the account has a PENDING one. @throws when the value was ever used. */
export async function insertPending(
  transaction: EntityTransaction,
  accountId: number,
  value: string,
  at: number,
): Promise<boolean> {
  const inserted = await transaction.run(
    `INSERT INTO external_id (value, account_id, state, created_at, next_probe_at) VALUES (?, ?, 'PENDING', ?, ?)
    ON CONFLICT (account_id) WHERE state = 'PENDING' DO NOTHING`,
    [value, accountId, at, at],
  );
  return inserted === 1;
}

/** The ACTIVE one was accepted by STS; its first time is kept. */
export async function noteActivation(
  transaction: EntityTransaction,
  accountId: number,
  at: number,
): Promise<void> {
  await transaction.run(
    `UPDATE external_id SET activated_at = ? WHERE account_id = ? AND state = 'ACTIVE' AND activated_at IS NULL`,
    [at, accountId],
  );
}

/**
 * PENDING → ACTIVE, and the ACTIVE one before → RETIRED, to be tried at `retiredProbeAt`.
 * @returns false when `value` is not PENDING, or STS has not accepted it.
 */
export async function promotePending(
  transaction: EntityTransaction,
  accountId: number,
  value: string,
  at: number,
  retiredProbeAt: number,
): Promise<boolean> {
  const { manager } = transaction;
  const pending = { accountId, value, state: 'PENDING' as const };
  if (!(await manager.existsBy(ExternalIdEntity, { ...pending, acceptedAt: Not(IsNull()) }))) return false;
  // First the old one: an account never has two ACTIVE ones, not even inside a transaction.
  await manager.update(
    ExternalIdEntity,
    { accountId, state: 'ACTIVE' },
    { state: 'RETIRED', retiredAt: at, nextProbeAt: retiredProbeAt },
  );
  await manager.update(ExternalIdEntity, pending, { state: 'ACTIVE', activatedAt: at, nextProbeAt: null });
  return true;
}

/** PENDING → RETIRED. @returns false when `value` is not PENDING. */
export async function retirePending(
  { manager }: EntityTransaction,
  accountId: number,
  value: string,
  at: number,
): Promise<boolean> {
  const { affected } = await manager.update(
    ExternalIdEntity,
    { accountId, value, state: 'PENDING' },
    { state: 'RETIRED', retiredAt: at, nextProbeAt: at, probeFailures: 0 },
  );
  return affected === 1;
}

/** The account is removed: whatever it has is RETIRED. */
export async function retireAll(
  transaction: EntityTransaction,
  accountId: number,
  at: number,
): Promise<void> {
  await transaction.run(
    `UPDATE external_id SET state = 'RETIRED', retired_at = ?, next_probe_at = NULL WHERE account_id = ? AND state <> 'RETIRED'`,
    [at, accountId],
  );
}
