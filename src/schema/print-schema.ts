import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { builtInPlugins } from '../plugins/built-in';
import { PluginRegistry } from '../plugins/registry';
import { buildSchema, coreTypeNames } from './build-schema';

/** The API with the built-in plugins, sorted, so that a change shows as a change alone: the text of schema.graphql. */
export function printBuiltInSchema(): string {
  const plugins = new PluginRegistry(builtInPlugins, coreTypeNames());
  return `${printSchema(lexicographicSortSchema(buildSchema(plugins.graphqlTypes())))}\n`;
}

if (require.main === module) writeFileSync('schema.graphql', printBuiltInSchema());
