/** What a collection covers; an empty list means all. */
export interface CollectionScope {
  plugins: readonly string[];
  regions: readonly string[];
}

export const WHOLE: CollectionScope = { plugins: [], regions: [] };

export function isWhole({ plugins, regions }: CollectionScope): boolean {
  return plugins.length === 0 && regions.length === 0;
}

/** Whether everything that `wanted` covers is covered by `scope`. */
export function covers(scope: CollectionScope, wanted: CollectionScope): boolean {
  const includes = (all: readonly string[], some: readonly string[]) =>
    all.length === 0 || (some.length > 0 && some.every((one) => all.includes(one)));
  return includes(scope.plugins, wanted.plugins) && includes(scope.regions, wanted.regions);
}
