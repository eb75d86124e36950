import { z } from 'zod';

/** What an attribute becomes in GraphQL; `list` makes it [T!]. */
export interface AttributeType {
  kind: 'String' | 'Int' | 'Float' | 'Boolean' | 'DateTime' | 'Enum';
  enumName?: string;
  values?: string[];
  list: boolean;
}

/** A field of a GraphQL type that a plugin declares. */
export interface AttributeField {
  name: string;
  type: AttributeType;
}

/**
 * The GraphQL type of an attribute's zod type, by the table in contract.ts.
 * @param enumName what an enum here is called: graphqlType + Field
 * @returns null for a zod type that the table does not have
 */
export function attributeType(schema: z.core.$ZodType, enumName: string): AttributeType | null {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return attributeType(schema.unwrap(), enumName);
  }
  if (schema instanceof z.ZodArray) {
    const element = attributeType(schema.element, enumName);
    return element && !element.list ? { ...element, list: true } : null;
  }
  if (schema instanceof z.ZodEnum) {
    return { kind: 'Enum', enumName, values: schema.options.map(String), list: false };
  }
  const kind = scalarKind(schema);
  return kind && { kind, list: false };
}

function scalarKind(schema: z.core.$ZodType): AttributeType['kind'] | null {
  if (schema instanceof z.ZodISODateTime) return 'DateTime';
  if (schema instanceof z.ZodString) return 'String';
  if (schema instanceof z.ZodBoolean) return 'Boolean';
  if (schema instanceof z.ZodNumber) return schema.isInt ? 'Int' : 'Float';
  return null;
}

/** `LoadBalancer`, `kind` → `LoadBalancerKind`. */
export function enumNameOf(graphqlType: string, field: string): string {
  return `${graphqlType}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}
