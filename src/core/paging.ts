/** Where a page starts and how long it is. `after` is the `position` of the last item already held. */
export interface PageRequest {
  /** 1 to 500; the caller has checked it. */
  first: number;
  after: Position | null;
}

/**
 * An item's place in a total order: the sort value, then the id that breaks ties. It names a place, not an offset,
 * so a cursor made from it stays valid while rows are added or removed.
 */
export interface Position {
  sort: string | number | null;
  id: number;
}

/** One page of a list in a total order. */
export interface Page<T> {
  items: { item: T; position: Position }[];
  hasNextPage: boolean;
  /** Of the whole filter, not of the page. */
  totalCount: number;
}
