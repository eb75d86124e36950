import { z } from 'zod';
import type { Plugin } from './contract';

/** One thing wrong with a declaration. */
export interface DeclarationDefect {
  plugin: string;
  /** Where in the declaration, such as `resources.ec2:instance.metrics[0].namespace`. */
  field: string;
  found: unknown;
  expected: string;
  suggestion?: string;
}

/** The outer shape, for plugins that no compiler has seen. */
const SHAPE = z.object({
  name: z.string(),
  version: z.string(),
  iamActions: z.array(z.string()),
  probes: z.record(z.string(), z.function()).optional(),
  resources: z.record(
    z.string(),
    z.object({
      graphqlType: z.string(),
      attributes: z.instanceof(z.ZodObject),
      metrics: z.array(
        z.object({
          namespace: z.string(),
          dimensions: z.function(),
          definitions: z.array(z.object({ name: z.string(), statistics: z.array(z.string()) })),
        }),
      ),
    }),
  ),
  discover: z.function(),
});

/** What is missing or of another type; everything else can only be looked at when this is empty. */
export function checkShape(plugin: Plugin): DeclarationDefect[] {
  const { error } = SHAPE.safeParse(plugin);
  return (error?.issues ?? []).map(({ path, message, ...issue }) => ({
    plugin: String((plugin as Plugin | undefined)?.name),
    field: path.join('.'),
    found:
      path.reduce<unknown>(
        (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
        plugin,
      ) ?? null,
    expected: 'expected' in issue ? String(issue.expected) : message,
  }));
}
