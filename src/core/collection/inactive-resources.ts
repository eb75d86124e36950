import type { ResourceType } from '../../plugins/contract';
import type { Account } from '../accounts/account';
import type { Resource } from '../inventory/resource';
import type { Trouble } from '../metrics/no-data';
import type { Series, SeriesCatalog } from '../metrics/series';

/** Alike for all, so that the states of a block stay short. */
const INACTIVE: Trouble = {
  reason: 'RESOURCE_INACTIVE',
  evidence: 'The resource is in a state in which it publishes nothing, such as stopped, and is not asked for',
};

/** Series of resources that are there and publish nothing in the state that they are in: they say so. */
export async function seriesOfInactive(
  catalog: SeriesCatalog,
  { tenantId }: Pick<Account, 'tenantId'>,
  resources: readonly Resource[],
  declarations: { resourceType(type: string): { declaration: ResourceType } | null },
): Promise<{ series: Series; trouble: Trouble }[]> {
  const inactive = resources.filter(
    (resource) => declarations.resourceType(resource.type)?.declaration.collects?.(resource) === false,
  );
  if (inactive.length === 0) return [];
  const series = await catalog.within({ tenantId }).ofResources(inactive.map(({ id }) => id));
  return series.flat().map((one) => ({ series: one, trouble: INACTIVE }));
}
