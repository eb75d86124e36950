import { IsNull } from 'typeorm';
import type { FoundResource, Resource, ResourceChange } from '../../core/inventory/resource';
import type { DiscoveryResult } from '../../core/inventory/resource-repository';
import { ResourceEntity } from '../entities/resource-entity';
import type { EntityTransaction } from '../transactions';
import { changeOf, differenceOf, identityOf } from './resource-changes';
import { insertResources, markGone, markSeen, updateResources } from './resource-writes';

/**
 * Writes what differs from the stored rows of this account, plugin and Region, inside a fenced transaction.
 * @param found normalized.
 * @returns the present resources in the order of `found`, and the changes: APPEARED, CHANGED, GONE.
 */
export async function storeDiscovery(
  transaction: EntityTransaction,
  accountId: number,
  { tenantId, plugin, region, at }: DiscoveryResult,
  found: readonly FoundResource[],
): Promise<{ resources: Resource[]; changes: ResourceChange[] }> {
  const scope = { accountId, plugin, region };
  const stored = await transaction.manager.findBy(ResourceEntity, scope);
  const difference = differenceOf(stored, found);

  await insertResources(transaction, { tenantId, ...scope }, difference.appeared, at);
  await updateResources(transaction, difference.changed, at);
  await markSeen(transaction, difference.unchanged, at);
  await markGone(transaction, difference.gone, at);

  const now =
    difference.appeared.length > 0 ? await transaction.manager.findBy(ResourceEntity, scope) : stored;
  const idOf = new Map(now.map((resource) => [identityOf(resource), resource.id]));
  const newOnes = difference.appeared.map((resource): Resource => ({
    ...resource,
    id: idOf.get(identityOf(resource))!,
    tenantId,
    ...scope,
    firstSeenAt: at,
    lastSeenAt: at,
    goneAt: null,
  }));
  const changed = difference.changed.map(({ before, found: after, changedFields }) =>
    changeOf({ ...before, ...after, lastSeenAt: at, goneAt: null }, changedFields, at),
  );
  const unchanged = difference.unchanged.map((resource): Resource => ({ ...resource, lastSeenAt: at }));

  const present = [...newOnes, ...changed.map(({ resource }) => resource), ...unchanged];
  const byIdentity = new Map(present.map((resource) => [identityOf(resource), resource]));
  return {
    resources: found.map((resource) => byIdentity.get(identityOf(resource))!),
    changes: [
      ...newOnes.map((resource) => changeOf(resource, [], at)),
      ...changed.filter(({ kind }) => kind === 'APPEARED'),
      ...changed.filter(({ kind }) => kind === 'CHANGED'),
      ...difference.gone.map((resource) => goneChange(resource, at)),
    ],
  };
}

/** Marks gone what is present outside the plugins and Regions that are kept, inside a fenced transaction. */
export async function storeDropped(
  transaction: EntityTransaction,
  accountId: number,
  kept: readonly { plugin: string; region: string }[],
  at: number,
): Promise<ResourceChange[]> {
  const placeOf = ({ plugin, region }: { plugin: string; region: string }) => `${plugin} ${region}`;
  const places = new Set(kept.map(placeOf));
  const present = await transaction.manager
    .createQueryBuilder(ResourceEntity, 'resource')
    .where({ accountId, goneAt: IsNull() })
    .andWhere(`plugin || ' ' || region NOT IN (SELECT value FROM json_each(:places))`, {
      places: JSON.stringify([...places]),
    })
    .orderBy('id')
    .getMany();
  await markGone(transaction, present, at);
  return present.map((resource) => goneChange({ ...resource }, at));
}

function goneChange(resource: Resource, at: number): ResourceChange {
  return { kind: 'GONE', resource: { ...resource, goneAt: at }, changedFields: [], at };
}
