import { InvalidInputError } from '../../core/errors';
import { keyOf, type NodeType } from './global-id';

/** The bound of every list in a filter. */
const MAX_VALUES = 500;

/** What every filter says of its `tenantIds`. */
export const OF_TENANTS = 'Of these tenants alone, not of those below them.';

/** The list as it was given, undefined for none. @throws InvalidInputError RC_FILTER_INVALID when it is too long. */
export function filterValues<T>(field: string, values: T[] | null | undefined): T[] | undefined {
  if (!values) return undefined;
  if (values.length > MAX_VALUES) {
    throw new InvalidInputError('RC_FILTER_INVALID', `${field} has ${values.length} values`, {
      path: ['filter', field],
    });
  }
  return values;
}

/** The keys of a filter's ids. @throws InvalidInputError RC_FILTER_INVALID for an id of another type. */
export function filterKeys(
  field: string,
  type: NodeType,
  ids: string[] | null | undefined,
): number[] | undefined {
  return filterValues(field, ids)?.map((id) => {
    const key = keyOf(type, id);
    if (key !== null) return key;
    throw new InvalidInputError('RC_FILTER_INVALID', `${field} has a value that is no id of a ${type}`, {
      path: ['filter', field],
    });
  });
}
