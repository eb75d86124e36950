import { attributeType, enumNameOf, type AttributeField } from './attribute-types';
import type { Plugin, ResourceType } from './contract';
import { checkDeclaration } from './declaration-check';
import { checkShape, type DeclarationDefect } from './declaration-shape';

/** All defects of all plugins at once, as a numbered list. */
export class PluginDeclarationError extends Error {
  constructor(readonly defects: DeclarationDefect[]) {
    const lines = defects.map(({ plugin, field, found, expected, suggestion }, index) => {
      const hint = suggestion ? ` (did you mean ${suggestion}?)` : '';
      return `  ${index + 1}. plugin ${plugin}, ${field}: found ${JSON.stringify(found)}, expected ${expected}${hint}`;
    });
    super(`Plugins cannot be used as they are declared:\n${lines.join('\n')}`);
    this.name = 'PluginDeclarationError';
  }
}

/** A GraphQL type that plugins declare, merged over the resource types that share it. */
export interface GraphqlTypeDeclaration {
  name: string;
  description: string;
  /** The resource types that it shows, such as ec2:instance. */
  types: string[];
  fields: AttributeField[];
}

/** The plugins of a gateway: checked when it is made, asked for what they declare. */
export class PluginRegistry {
  private readonly types = new Map<string, { plugin: Plugin; declaration: ResourceType }>();
  private readonly merged = new Map<string, GraphqlTypeDeclaration>();

  /**
   * @param reservedTypes names of the API's own types, which no plugin may take
   * @throws PluginDeclarationError with every defect
   */
  constructor(
    private readonly plugins: readonly Plugin[],
    reservedTypes: readonly string[] = [],
  ) {
    const reserved = new Set(reservedTypes);
    const misshapen = plugins.flatMap(checkShape);
    const shaped = plugins.filter((plugin) => checkShape(plugin).length === 0);
    const defects = [...misshapen, ...shaped.flatMap((plugin) => checkDeclaration(plugin, reserved))];
    defects.push(...this.join(shaped));
    if (defects.length > 0) throw new PluginDeclarationError(defects);
  }

  list(): Plugin[] {
    return [...this.plugins];
  }

  get(name: string): Plugin | null {
    return this.plugins.find((plugin) => plugin.name === name) ?? null;
  }

  names(): string[] {
    return this.plugins.map(({ name }) => name).sort();
  }

  /** `Name` and `Name:Statistic` of every metric that the plugin declares: what a CUSTOM profile may name. */
  metricNames(name: string): ReadonlySet<string> {
    const groups = Object.values(this.get(name)?.resources ?? {}).flatMap(({ metrics }) => metrics);
    const definitions = groups.flatMap((group) => group.definitions);
    return new Set(
      definitions.flatMap((metric) => [
        metric.name,
        ...metric.statistics.map((one) => `${metric.name}:${one}`),
      ]),
    );
  }

  /** The IAM actions of these plugins, of all when none are named; sorted, each once. */
  iamActions(names?: readonly string[]): string[] {
    const chosen = this.plugins.filter(({ name }) => !names || names.includes(name));
    return [...new Set(chosen.flatMap(({ iamActions }) => iamActions))].sort();
  }

  resourceType(type: string): { plugin: Plugin; declaration: ResourceType } | null {
    return this.types.get(type) ?? null;
  }

  /** What the API makes its resource types from. */
  graphqlTypes(): GraphqlTypeDeclaration[] {
    return [...this.merged.values()];
  }

  /** Joins the plugins; what does not fit together is a defect of the later one. */
  private join(plugins: readonly Plugin[]): DeclarationDefect[] {
    const defects: DeclarationDefect[] = [];
    const names = new Set<string>();
    for (const plugin of plugins) {
      if (names.has(plugin.name)) {
        defects.push({
          plugin: plugin.name,
          field: 'name',
          found: plugin.name,
          expected: 'a name that no other plugin has',
        });
      }
      names.add(plugin.name);
      for (const [type, declaration] of Object.entries(plugin.resources)) {
        if (!this.types.has(type)) this.types.set(type, { plugin, declaration });
        defects.push(...this.merge(plugin.name, type, declaration));
      }
    }
    return defects;
  }

  private merge(plugin: string, type: string, declaration: ResourceType): DeclarationDefect[] {
    const { graphqlType, description, attributes } = declaration;
    const fresh: GraphqlTypeDeclaration = { name: graphqlType, description, types: [], fields: [] };
    const merged = this.merged.get(graphqlType) ?? fresh;
    this.merged.set(graphqlType, merged);
    merged.types.push(type);
    const defects: DeclarationDefect[] = [];
    for (const [name, schema] of Object.entries(attributes.shape)) {
      const fieldType = attributeType(schema, enumNameOf(graphqlType, name));
      if (!fieldType) continue;
      const present = merged.fields.find((field) => field.name === name);
      if (!present) merged.fields.push({ name, type: fieldType });
      else if (JSON.stringify(present.type) !== JSON.stringify(fieldType)) {
        const expected = `${JSON.stringify(present.type)}, as ${graphqlType}.${name} is elsewhere`;
        defects.push({ plugin, field: `resources.${type}.attributes.${name}`, found: fieldType, expected });
      }
    }
    return defects;
  }
}
