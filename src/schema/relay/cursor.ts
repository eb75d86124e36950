import { InvalidInputError } from '../../core/errors';
import type { PageRequest, Position } from '../../core/paging';

/** The bound of a page. */
export const MAX_PAGE = 500;

/** Opaque: the list and its order, and a place in it. */
export function toCursor(list: string, position: Position): string {
  return Buffer.from(JSON.stringify([list, position.sort, position.id])).toString('base64url');
}

/** @throws InvalidInputError RC_PAGE_INVALID for a cursor of another list or order, or none of ours. */
export function parseCursor(list: string, cursor: string): Position {
  try {
    const [from, sort, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (from === list && isSort(sort) && Number.isSafeInteger(id)) return { sort, id: id as number };
  } catch {
    // Falls through: whatever does not parse is not ours.
  }
  throw new InvalidInputError('RC_PAGE_INVALID', 'This cursor is not one of this list and order', {
    path: ['after'],
  });
}

/** What the repositories take. @throws InvalidInputError RC_PAGE_INVALID */
export function pageRequest(list: string, first: number, after: string | null | undefined): PageRequest {
  if (first < 1 || first > MAX_PAGE) {
    throw new InvalidInputError('RC_PAGE_INVALID', `first is ${first}`, { path: ['first'] });
  }
  return { first, after: after == null ? null : parseCursor(list, after) };
}

function isSort(value: unknown): value is Position['sort'] {
  return value === null || typeof value === 'string' || typeof value === 'number';
}
