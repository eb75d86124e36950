import type { Resource, ResourceFilter } from '../../core/inventory/resource';

/** Whether a resource is one of the filter's. `includeGone` does not matter here: that one has gone is news. */
export function matchesResource(filter: ResourceFilter, resource: Resource): boolean {
  return (
    isIn(filter.ids, resource.id) &&
    isIn(filter.accountIds, resource.accountId) &&
    isIn(filter.tenantIds, resource.tenantId) &&
    isIn(filter.plugins, resource.plugin) &&
    isIn(filter.types, resource.type) &&
    isIn(filter.regions, resource.region) &&
    matchesTags(filter, resource) &&
    matchesSearch(filter, resource)
  );
}

function isIn<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return !wanted || wanted.includes(value);
}

function matchesTags({ tags = [] }: ResourceFilter, resource: Resource): boolean {
  return tags.every(({ key, values }) => {
    if (!Object.hasOwn(resource.tags, key)) return false;
    return !values?.length || values.includes(resource.tags[key]);
  });
}

function matchesSearch({ search }: ResourceFilter, { name, arn, key }: Resource): boolean {
  if (!search) return true;
  const wanted = search.toLowerCase();
  return [name, arn, key].some((text) => text?.toLowerCase().includes(wanted));
}
