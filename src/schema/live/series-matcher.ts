import type { Series, SeriesFilter, SeriesReads } from '../../core/metrics/series';
import type { PageRequest } from '../../core/paging';
import { MAX_PAGE } from '../relay/cursor';

/**
 * Tells which of the series in an event match a filter. A series that was made after the subscription began is looked
 * up when it first appears. What cannot change about a series is remembered; tags and names of its resource can, and
 * whose it is, so a filter on them is asked each time.
 */
export class SeriesMatcher {
  private readonly known = new Map<number, Series | null>();
  private readonly remembers: boolean;

  constructor(
    private readonly catalog: Pick<SeriesReads, 'list'>,
    private readonly filter: SeriesFilter,
  ) {
    this.remembers = !filter.tags?.length && !filter.search && !filter.tenantIds;
  }

  /** The matching ones of `ids`, by id. */
  async match(ids: readonly number[]): Promise<Map<number, Series>> {
    const wanted = this.filter.ids && new Set(this.filter.ids);
    const candidates = wanted ? ids.filter((id) => wanted.has(id)) : ids;
    if (!this.remembers) this.known.clear();
    await this.lookUp(candidates.filter((id) => !this.known.has(id)));
    const matching = new Map<number, Series>();
    for (const id of candidates) {
      const series = this.known.get(id);
      if (series) matching.set(id, series);
    }
    return matching;
  }

  /** Every series that matches now and whose id is beyond `seriesId`, by id, a page at a time. */
  async *all(seriesId = 0): AsyncGenerator<Series[]> {
    let after: PageRequest['after'] = { sort: null, id: seriesId };
    for (;;) {
      const page = await this.catalog.list(this.filter, { first: MAX_PAGE, after });
      if (page.items.length > 0) yield page.items.map(({ item }) => item);
      if (!page.hasNextPage) return;
      after = page.items.at(-1)!.position;
    }
  }

  private async lookUp(ids: readonly number[]): Promise<void> {
    for (let start = 0; start < ids.length; start += MAX_PAGE) {
      const part = ids.slice(start, start + MAX_PAGE);
      const page = await this.catalog.list({ ...this.filter, ids: part }, { first: MAX_PAGE, after: null });
      part.forEach((id) => this.known.set(id, null));
      page.items.forEach(({ item }) => this.known.set(item.id, item));
    }
  }
}
