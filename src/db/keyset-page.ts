import type { Page, PageRequest, Position } from '../core/paging';
import type { Conditions } from './conditions';
import type { SqliteConnection } from './sqlite-connection';

export interface KeysetQuery {
  /** FROM clause. */
  from: string;
  where: Conditions;
  /** The id column, which breaks ties. */
  id: string;
  /** The expression that orders; null orders by id alone. NULLs come first ascending, last descending. */
  sort: string | null;
  direction: 'ASC' | 'DESC';
}

/** One page of ids in the query's order, read from behind `page.after` whatever was added or removed since. */
export async function keysetPage(
  reader: SqliteConnection,
  query: KeysetQuery,
  page: PageRequest,
): Promise<Page<number>> {
  const { from, where, id, sort, direction } = query;
  const behind = where.copy();
  if (page.after) addBehind(behind, query, page.after);
  const order = sort === null ? `${id} ${direction}` : `${sort} ${direction}, ${id} ${direction}`;
  const [rows, count] = await Promise.all([
    reader.all<Position>(
      `SELECT ${id} AS id, ${sort ?? 'NULL'} AS sort FROM ${from} WHERE ${behind} ORDER BY ${order} LIMIT ?`,
      [...behind.parameters, page.first + 1],
    ),
    reader.get<{ count: number }>(`SELECT count(*) AS count FROM ${from} WHERE ${where}`, where.parameters),
  ]);
  return pageOf(rows, page, count?.count ?? 0);
}

/** The page of ids that was read with one row more than it has place for. */
export function pageOf(rows: readonly Position[], { first }: PageRequest, totalCount: number): Page<number> {
  return {
    items: rows.slice(0, first).map((position) => ({ item: position.id, position })),
    hasNextPage: rows.length > first,
    totalCount,
  };
}

/** The page with its ids replaced by what `find` answers; what went in between is left out. */
export async function loadPage<T>(
  page: Page<number>,
  find: (ids: number[]) => Promise<(T | null)[]>,
): Promise<Page<T>> {
  const found = await find(page.items.map(({ item }) => item));
  const items = page.items.flatMap(({ position }, index) => {
    const item = found[index];
    return item ? [{ item, position }] : [];
  });
  return { ...page, items };
}

function addBehind(where: Conditions, { id, sort, direction }: KeysetQuery, after: Position): void {
  const beyond = direction === 'ASC' ? '>' : '<';
  if (sort === null) {
    where.and(`${id} ${beyond} ?`, after.id);
  } else if (after.sort === null) {
    const others = direction === 'ASC' ? ` OR ${sort} IS NOT NULL` : '';
    where.and(`(${sort} IS NULL AND ${id} ${beyond} ?)${others}`, after.id);
  } else {
    const others = direction === 'DESC' ? ` OR ${sort} IS NULL` : '';
    where.and(
      `${sort} ${beyond} ? OR (${sort} = ? AND ${id} ${beyond} ?)${others}`,
      after.sort,
      after.sort,
      after.id,
    );
  }
}
