import type { FoundResource, Resource } from '../../core/inventory/resource';
import type { SqlRunner } from '../sqlite-connection';

/** Whose discovery it is. */
interface DiscoveryScope {
  tenantId: number;
  accountId: number;
  plugin: string;
  region: string;
}

/** One statement for all rows: TypeORM's own insert costs ten times as much. */
export async function insertResources(
  runner: SqlRunner,
  { tenantId, accountId, plugin, region }: DiscoveryScope,
  found: readonly FoundResource[],
  at: number,
): Promise<void> {
  if (found.length === 0) return;
  await runner.run(
    `INSERT INTO resource (tenant_id, account_id, plugin, region, first_seen_at, last_seen_at,
      type, key, arn, name, tags, attributes)
    SELECT ?1, ?2, ?3, ?4, ?5, ?5,
      row.value ->> 'type', row.value ->> 'key', row.value ->> 'arn', row.value ->> 'name',
      row.value -> 'tags', row.value -> 'attributes'
    FROM json_each(?6) AS row`,
    [tenantId, accountId, plugin, region, at, JSON.stringify(found)],
  );
}

/** Writes what was found over rows that changed or returned. */
export async function updateResources(
  runner: SqlRunner,
  changed: readonly { before: Resource; found: FoundResource }[],
  at: number,
): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ before, found }) => ({ ...found, id: before.id }));
  await runner.run(
    `UPDATE resource SET arn = row.value ->> 'arn', name = row.value ->> 'name', tags = row.value -> 'tags',
      attributes = row.value -> 'attributes', last_seen_at = ?1, gone_at = NULL
    FROM json_each(?2) AS row WHERE resource.id = row.value ->> 'id'`,
    [at, JSON.stringify(rows)],
  );
}

/** Unchanged rows: the time alone. */
export async function markSeen(runner: SqlRunner, resources: readonly Resource[], at: number): Promise<void> {
  if (resources.length === 0) return;
  await runner.run('UPDATE resource SET last_seen_at = ? WHERE id IN (SELECT value FROM json_each(?))', [
    at,
    idsOf(resources),
  ]);
}

/** Rows that are no longer found. */
export async function markGone(runner: SqlRunner, resources: readonly Resource[], at: number): Promise<void> {
  if (resources.length === 0) return;
  await runner.run('UPDATE resource SET gone_at = ? WHERE id IN (SELECT value FROM json_each(?))', [
    at,
    idsOf(resources),
  ]);
}

function idsOf(resources: readonly Resource[]): string {
  return JSON.stringify(resources.map(({ id }) => id));
}
