import { Not } from 'typeorm';
import { AccountEntity } from '../entities/account-entity';
import { CollectionRunEntity } from '../entities/collection-run-entity';
import { ResourceEntity } from '../entities/resource-entity';
import { SECURE_DELETE } from '../database-file';
import { deleteSeriesOf } from '../metrics/delete-series';
import { revokeLease } from '../collection/sqlite-leases';
import type { EntityTransaction } from '../transactions';
import { retireAll } from './external-ids';

/** Turns the account into a tombstone without credentials. @returns false when it was one, or is missing. */
export async function buryAccount(
  transaction: EntityTransaction,
  accountId: number,
  at: number,
): Promise<boolean> {
  const { affected } = await transaction.manager.update(
    AccountEntity,
    { id: accountId, status: Not('REMOVED') },
    {
      status: 'REMOVED',
      statusReason: null,
      removedAt: at,
      sealedAccessKey: null,
      accessKey: null,
      waiver: null,
      nextVerificationAt: null,
    },
  );
  if (affected !== 1) return false;
  await retireAll(transaction, accountId, at);
  await revokeLease(transaction, accountId);
  return true;
}

/** Deletes everything of the account but its external IDs. Its id is never used again. */
export async function deleteAccount(transaction: EntityTransaction, accountId: number): Promise<void> {
  const { manager } = transaction;
  await transaction.run(
    'DELETE FROM series_demand WHERE series_id IN (SELECT id FROM series WHERE account_id = ?)',
    [accountId],
  );
  // Points are no secret: to overwrite them too would write every page of theirs into the log once more.
  await transaction.run('PRAGMA secure_delete = FAST');
  await deleteSeriesOf(transaction, accountId).finally(() => transaction.run(SECURE_DELETE));
  await manager.delete(ResourceEntity, { accountId });
  await manager.delete(CollectionRunEntity, { accountId });
  await transaction.run('DELETE FROM api_usage WHERE account_id = ?', [accountId]);
  await transaction.run('DELETE FROM collection_run_day WHERE account_id = ?', [accountId]);
  await transaction.run('DELETE FROM collect_lease WHERE account_id = ?', [accountId]);
  await manager.delete(AccountEntity, { id: accountId });
}
