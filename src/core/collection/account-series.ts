import type { Account } from '../accounts/account';
import type { Position } from '../paging';
import type { Series, SeriesCatalog } from '../metrics/series';

/** Series that are read at once. */
const PAGE = 5_000;

/** Every series that an account ever had, by id ascending. */
export async function* seriesOfAccount(
  catalog: SeriesCatalog,
  { id, tenantId }: Account,
): AsyncGenerator<Series[]> {
  const reads = catalog.within({ tenantId });
  let after: Position | null = null;
  do {
    const page = await reads.list({ accountIds: [id] }, { first: PAGE, after });
    yield page.items.map(({ item }) => item);
    after = page.hasNextPage ? page.items.at(-1)!.position : null;
  } while (after);
}
