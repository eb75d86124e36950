import type { TenantScope } from '../../core/access/viewer';
import type { AccountStatus } from '../../core/accounts/account';
import type { AccountFilter, AccountOrder } from '../../core/accounts/account-repository';
import { Conditions } from '../conditions';

/** The statuses from the one that needs an operator most to the one that needs none. */
export const STATUSES_BY_SEVERITY: readonly AccountStatus[] = [
  'INSECURE',
  'BROKEN',
  'DEGRADED',
  'AWAITING_ROLE',
  'PAUSED',
  'CONNECTED',
  'REMOVED',
];

/** What orders a list of accounts. */
export const ACCOUNT_SORT: Record<AccountOrder['field'], string> = {
  NAME: 'account.name COLLATE NOCASE',
  CREATED_AT: 'account.created_at',
  LAST_COLLECTED_AT: 'account.last_collected_at',
  STATUS_SEVERITY: severityExpression(),
};

/** The WHERE clause of a caller's list of accounts. */
export function accountConditions(scope: TenantScope, filter: AccountFilter): Conditions {
  const labels = Object.entries(filter.labels ?? {}).map(([key, value]) => ({ key, values: [value] }));
  const conditions = new Conditions()
    .within('account.tenant_id', scope)
    .in('account.id', filter.ids)
    .in('account.tenant_id', filter.tenantIds)
    .in('account.aws_account_id', filter.awsAccountIds)
    .in('account.status', filter.statuses)
    .tags('account.labels', labels)
    .contains(['account.name', 'account.aws_account_id'], filter.search);
  return filter.includeRemoved ? conditions : conditions.and(`account.status <> 'REMOVED'`);
}

function severityExpression(): string {
  const cases = STATUSES_BY_SEVERITY.map((status, rank) => `WHEN '${status}' THEN ${rank}`);
  return `CASE account.status ${cases.join(' ')} END`;
}
