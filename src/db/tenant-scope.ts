import { Raw, type FindOperator } from 'typeorm';
import type { TenantScope } from '../core/access/viewer';
import type { SqlRunner } from './sqlite-connection';

/**
 * A caller sees the rows of its tenant and of the tenants below it. This is the one condition that says so: a range of
 * `tenant_scope`, which holds every tenant with each tenant whose scope it is in, its own included.
 */
function inScope(column: string, scopeId: string): string {
  return `${column} IN (SELECT tenant_id FROM tenant_scope WHERE scope_id = ${scopeId})`;
}

/** The condition as SQL with its one parameter, for a column (or `+column`: not by its index) that holds a tenant's id. */
export function withinScope(column: string, { tenantId }: TenantScope): [sql: string, scopeId: number] {
  return [inScope(column, '?'), tenantId];
}

/** The same for TypeORM's finds: `{ tenantId: ofScope(scope) }`. */
export function ofScope({ tenantId }: TenantScope): FindOperator<number> {
  return Raw((column) => inScope(column, ':scopeId'), { scopeId: tenantId });
}

/** A tenant that is new: it is in its own scope and in that of every tenant above. */
export async function addToScopes(
  runner: SqlRunner,
  tenantId: number,
  parentId: number | null,
): Promise<void> {
  await runner.run(
    `INSERT INTO tenant_scope (scope_id, tenant_id)
    SELECT ?1, ?1 UNION ALL SELECT scope_id, ?1 FROM tenant_scope WHERE tenant_id = ?2`,
    [tenantId, parentId],
  );
}

/** A tenant goes below another one, and all that is below it along. */
export async function moveInScopes(runner: SqlRunner, tenantId: number, parentId: number): Promise<void> {
  const moved = 'SELECT tenant_id FROM tenant_scope WHERE scope_id = ?1';
  await runner.run(`DELETE FROM tenant_scope WHERE tenant_id IN (${moved}) AND scope_id NOT IN (${moved})`, [
    tenantId,
  ]);
  await runner.run(
    `INSERT INTO tenant_scope (scope_id, tenant_id)
    SELECT above.scope_id, moved.tenant_id FROM tenant_scope AS above JOIN tenant_scope AS moved
    WHERE above.tenant_id = ?2 AND moved.scope_id = ?1`,
    [tenantId, parentId],
  );
}
