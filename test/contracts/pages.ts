import type { Page, PageRequest } from '../../src/core/paging';

/** Every item of a list, read page by page; `between` runs after each page. */
export async function allPages<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  first: number,
  between: () => Promise<void> = async () => {},
): Promise<T[]> {
  const items: T[] = [];
  let request: PageRequest = { first, after: null };
  for (;;) {
    const page = await list(request);
    items.push(...page.items.map(({ item }) => item));
    if (!page.hasNextPage) return items;
    request = { first, after: page.items.at(-1)!.position };
    await between();
  }
}
