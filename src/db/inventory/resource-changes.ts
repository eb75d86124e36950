import type { FoundResource, Resource, ResourceChange } from '../../core/inventory/resource';
import { canonicalJson } from '../../core/canonical-json';

/** How what was found differs from what is stored. */
export interface ResourceDifference {
  /** Not stored yet. */
  appeared: FoundResource[];
  /** Stored and to be written again; `changedFields` is empty for one that was gone and returned. */
  changed: { before: Resource; found: FoundResource; changedFields: string[] }[];
  /** Stored and the same. */
  unchanged: Resource[];
  /** Stored, present before and no longer found. */
  gone: Resource[];
}

/** The identity of a resource within one account and Region. */
export function identityOf({ type, key }: Pick<Resource, 'type' | 'key'>): string {
  return JSON.stringify([type, key]);
}

/** The found resources as the database gives them back: plain JSON, each once (the last wins). */
export function normalize(found: readonly FoundResource[]): FoundResource[] {
  const byIdentity = new Map<string, FoundResource>();
  for (const { type, key, arn, name, tags, attributes } of found) {
    const resource = { type, key, arn, name, tags, attributes };
    byIdentity.set(identityOf(resource), JSON.parse(JSON.stringify(resource)) as FoundResource);
  }
  return [...byIdentity.values()];
}

/** Compares the normalized findings with every stored row of the same plugin and Region, gone ones included. */
export function differenceOf(
  stored: readonly Resource[],
  found: readonly FoundResource[],
): ResourceDifference {
  const difference: ResourceDifference = { appeared: [], changed: [], unchanged: [], gone: [] };
  const missing = new Map(stored.map((resource) => [identityOf(resource), resource]));
  for (const resource of found) {
    const identity = identityOf(resource);
    const before = missing.get(identity);
    missing.delete(identity);
    if (!before) {
      difference.appeared.push(resource);
      continue;
    }
    const changedFields = before.goneAt === null ? changedFieldsOf(before, resource) : [];
    if (before.goneAt !== null || changedFields.length > 0) {
      difference.changed.push({ before, found: resource, changedFields });
    } else {
      difference.unchanged.push(before);
    }
  }
  difference.gone = [...missing.values()].filter(({ goneAt }) => goneAt === null);
  return difference;
}

/** The change of a resource that is present: APPEARED when no field of it changed. */
export function changeOf(resource: Resource, changedFields: string[], at: number): ResourceChange {
  const kind = changedFields.length > 0 ? 'CHANGED' : 'APPEARED';
  return { kind, resource, changedFields, at };
}

function changedFieldsOf(before: Resource, found: FoundResource): string[] {
  const fields = (['arn', 'name'] as const).filter((field) => before[field] !== found[field]);
  const tags = isSame(before.tags, found.tags) ? [] : ['tags'];
  return [...fields, ...tags, ...changedAttributes(before.attributes, found.attributes)].sort();
}

function changedAttributes(before: Resource['attributes'], found: Resource['attributes']): string[] {
  if (isSame(before, found)) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(found)])]
    .filter((name) => !isSame(before[name], found[name]))
    .map((name) => `attributes.${name}`);
}

/** Order has no meaning, of keys nor in AWS's lists, but is mostly the same: the cheap comparison comes first. */
function isSame(a: unknown, b: unknown): boolean {
  return (
    JSON.stringify(a) === JSON.stringify(b) || canonicalJson(unordered(a)) === canonicalJson(unordered(b))
  );
}

/** With every list in the order of its items' texts. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(unordered).map((item) => ({ item, text: canonicalJson(item) }));
    return items.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ item }) => item);
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unordered(inner)]));
}
