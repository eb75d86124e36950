import { StaleLeaseError, type Fence } from '../../core/collection/leases';
import type { PostgresRunner } from './postgres-pool';

/**
 * Call it inside the write's own transaction: the share lock keeps the token as it is until the commit, so that whoever
 * claims the account next waits for this write, and a write that comes after the claim is refused. @throws StaleLeaseError
 */
export async function requireLease(transaction: PostgresRunner, fence: Fence): Promise<void> {
  const held = await transaction.all(
    'SELECT 1 FROM collect_lease WHERE account_id = $1 AND token = $2 AND owner IS NOT NULL FOR SHARE',
    [fence.accountId, fence.token],
    'require-lease',
  );
  if (held.length === 0) throw new StaleLeaseError(fence);
}
