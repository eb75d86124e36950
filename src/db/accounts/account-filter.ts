import type { TenantScope } from '../../core/access/viewer';
import type { AccountStatus } from '../../core/accounts/account';
import type { AccountFilter, AccountOrder } from '../../core/accounts/account-repository';
import { DAY_MS, monthOf } from '../../core/cost/utc-days';
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

const ACCOUNT_SORT: Record<Exclude<AccountOrder['field'], 'COST'>, string> = {
  NAME: 'account.name COLLATE NOCASE',
  CREATED_AT: 'account.created_at',
  LAST_COLLECTED_AT: 'account.last_collected_at',
  STATUS_SEVERITY: severityExpression(),
  // Nobody looks among the worst for what has none.
  COMPLETENESS: 'ifnull(account.completeness, 2)',
};

/** What orders a list of accounts at an instant (epoch ms). */
export function accountSort(field: AccountOrder['field'], now: number): string {
  if (field !== 'COST') return ACCOUNT_SORT[field];
  const firstDay = monthOf(now).from / DAY_MS;
  return `(SELECT ifnull(sum(nano_usd_lower), 0) FROM api_usage WHERE account_id = account.id AND day >= ${firstDay})`;
}

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
