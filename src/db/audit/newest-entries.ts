import type { TenantScope } from '../../core/access/viewer';
import type { AuditFilter } from '../../core/audit/audit-repository';
import type { Page, PageRequest, Position } from '../../core/paging';
import { Conditions } from '../conditions';
import { pageOf } from '../keyset-page';
import type { SqliteConnection, SqlValue } from '../sqlite-connection';

/** Ids by the instant, the newest first. Every tenant's log is read from its end by an index, however long it is. */
export async function newestEntries(
  reader: SqliteConnection,
  scope: TenantScope,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<number>> {
  const [rows, totalCount] = await Promise.all([
    newest(reader, scope, filter, page),
    count(reader, scope, filter),
  ]);
  return pageOf(rows, page, totalCount);
}

/**
 * As many of each tenant, action and account as may be on the page, and of these the newest: asked for all at once,
 * SQLite would sort whatever the scope holds.
 */
function newest(
  reader: SqliteConnection,
  { tenantId }: TenantScope,
  { accountIds, actions, ...range }: AuditFilter,
  { first, after }: PageRequest,
): Promise<Position[]> {
  const logs = ['tenant_scope AS scope'];
  const lists: SqlValue[] = [];
  const inLog = new Conditions().and('tenant_id = scope.tenant_id');
  const each = (column: string, values: readonly (string | number)[] | undefined) => {
    if (!values) return;
    logs.push(`json_each(?) AS wanted_${column}`);
    lists.push(JSON.stringify([...new Set(values)]));
    inLog.and(`${column} = wanted_${column}.value`);
  };
  each('action', actions);
  each('account_id', accountIds);
  addRange(inLog, range);
  if (after) inLog.and('(at, id) < (?, ?)', after.sort, after.id);
  const ofLog = `SELECT json_group_array(id) FROM (
    SELECT id FROM audit_entry WHERE ${inLog} ORDER BY at DESC, id DESC LIMIT ?
  )`;
  return reader.all<Position>(
    `SELECT entry.id, entry.at AS sort
    FROM ${logs.join(' CROSS JOIN ')} CROSS JOIN json_each((${ofLog})) AS newest
    CROSS JOIN audit_entry AS entry ON entry.id = newest.value
    WHERE scope.scope_id = ? ORDER BY entry.at DESC, entry.id DESC LIMIT ?`,
    [...lists, ...inLog.parameters, first + 1, tenantId, first + 1],
  );
}

async function count(
  reader: SqliteConnection,
  scope: TenantScope,
  { accountIds, actions, ...range }: AuditFilter,
): Promise<number> {
  const isAll = [accountIds, actions, range.from, range.to].every((part) => part === undefined);
  const where = new Conditions()
    .within('tenant_id', scope)
    .in('account_id', accountIds)
    .in('action', actions);
  addRange(where, range);
  const found = await (isAll
    ? reader.get<{ count: number | null }>(SUM_OF_LAST_NUMBERS, [scope.tenantId])
    : reader.get<{ count: number }>(
        `SELECT count(*) AS count FROM audit_entry WHERE ${where}`,
        where.parameters,
      ));
  return found?.count ?? 0;
}

/** A tenant's entries are numbered 1, 2, 3, …: nobody needs to count them. */
const SUM_OF_LAST_NUMBERS = `SELECT sum((SELECT max(sequence) FROM audit_entry WHERE tenant_id = scope.tenant_id)) AS count
  FROM tenant_scope AS scope WHERE scope_id = ?`;

function addRange(where: Conditions, { from, to }: Pick<AuditFilter, 'from' | 'to'>): void {
  if (from !== undefined) where.and('at >= ?', from);
  if (to !== undefined) where.and('at < ?', to);
}
