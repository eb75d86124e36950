import type { DiscoveredResource, Plugin } from '../../plugins/contract';
import type { TagFilter } from '../accounts/account';
import type { FoundResource } from '../inventory/resource';
import { CollectionFailure } from './collection-failure';

/**
 * Every resource that a discovery yields, once, checked against its declaration. AWS's pages shift while things are made
 * and deleted, so one that comes twice is no fault: the last word counts.
 * @throws CollectionFailure PLUGIN_FAILED for one that is not as declared
 */
export async function readResources(
  plugin: Plugin,
  resources: AsyncIterable<DiscoveredResource>,
): Promise<FoundResource[]> {
  const found = new Map<string, FoundResource>();
  for await (const resource of resources) {
    const checked = checkResource(plugin, resource);
    found.set(`${checked.type}|${checked.key}`, checked);
  }
  return [...found.values()];
}

/** Whether every filter finds its tag; one without values is content with any. */
export function matchesTags({ tags }: FoundResource, filters: readonly TagFilter[]): boolean {
  return filters.every(({ key, values }) => {
    const value = tags[key];
    return value !== undefined && (!values?.length || values.includes(value));
  });
}

function checkResource(plugin: Plugin, resource: DiscoveredResource): FoundResource {
  const { type, arn, name, tags } = resource;
  const declaration = Object.hasOwn(plugin.resources, type) ? plugin.resources[type] : undefined;
  const key = resource.id ?? arn;
  const refuse = (why: string) =>
    new CollectionFailure(
      'PLUGIN_FAILED',
      `Plugin ${plugin.name} yielded ${type} ${key ?? '(without id)'}: ${why}`,
    );
  if (!declaration) throw refuse('the type is not declared');
  if (!key) throw refuse('it has neither an ARN nor an id');
  const attributes = declaration.attributes.safeParse(resource.attributes);
  if (!attributes.success) {
    const issues: { path: PropertyKey[]; message: string }[] = attributes.error.issues;
    throw refuse(issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  return { type, key, arn, name, tags, attributes: attributes.data };
}
