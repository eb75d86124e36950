import { limitExceeded } from '../errors/request-error';
import type { OperationLimits } from './limits';

/** Holds the variables of an operation to the size that is allowed. @throws GraphQLError LIMIT_EXCEEDED */
export function checkVariables(
  variables: Readonly<Record<string, unknown>> | null | undefined,
  { variableDepth, variableValues }: Pick<OperationLimits, 'variableDepth' | 'variableValues'>,
): void {
  let count = 0;
  const visit = (value: unknown, depth: number): void => {
    count += 1;
    if (count > variableValues) {
      throw limitExceeded(
        `The variables have more than ${variableValues} values`,
        'Send them with several operations.',
      );
    }
    if (typeof value !== 'object' || value === null) return;
    if (depth > variableDepth) {
      throw limitExceeded(
        `The variables are nested deeper than ${variableDepth} levels`,
        'No input of the schema is so deep.',
      );
    }
    for (const inner of Object.values(value)) visit(inner, depth + 1);
  };
  for (const value of Object.values(variables ?? {})) visit(value, 1);
}
