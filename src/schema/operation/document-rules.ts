import { NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql';
import { documentLimits } from './document-limits';
import type { Execution } from './execute-operation';

/** What a document is held to beyond the specification, whatever door it comes through. */
export function documentRules({
  limits,
  introspection,
}: Pick<Execution, 'limits' | 'introspection'>): ValidationRule[] {
  return [documentLimits(limits), ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
}
