import { StaleLeaseError, type Fence } from '../core/collection/leases';
import type { SqlRunner } from './sqlite-connection';

/** Call it inside the write's own transaction: a check before the write is no fence. @throws StaleLeaseError */
export async function requireLease(runner: SqlRunner, fence: Fence): Promise<void> {
  const held = await runner.all(
    'SELECT 1 FROM collect_lease WHERE account_id = ? AND token = ? AND owner IS NOT NULL',
    [fence.accountId, fence.token],
  );
  if (held.length === 0) throw new StaleLeaseError(fence);
}
