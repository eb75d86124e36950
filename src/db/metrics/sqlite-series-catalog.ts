import type { TenantScope } from '../../core/access/viewer';
import type { Fence } from '../../core/collection/leases';
import type { SeriesLocation } from '../../core/metrics/metric-store';
import type {
  Series,
  SeriesCatalog,
  SeriesFilter,
  SeriesReads,
  SeriesSpec,
  SettlingSeries,
} from '../../core/metrics/series';
import type { Page, PageRequest } from '../../core/paging';
import { Conditions } from '../conditions';
import { requireLease } from '../fence';
import { inOrder } from '../in-order';
import { keysetPage, loadPage } from '../keyset-page';
import type { SqliteConnection, SqlRunner } from '../sqlite-connection';
import type { RawWriter } from '../transactions';
import { insertSeries, updateSeries } from './series-writes';
import { seriesSelection } from './series-filter';
import { SELECT_SERIES, dimensionsText, identityOf, seriesOf, type SeriesRow } from './series-row';

/** What series there are. */
export class SqliteSeriesCatalog implements SeriesCatalog {
  constructor(
    private readonly writer: RawWriter,
    private readonly reader: SqliteConnection,
  ) {}

  within(scope: TenantScope): SeriesReads {
    return {
      findMany: (ids) => this.#findMany(scope, ids),
      ofResources: (resourceIds) => this.#ofResources(scope, resourceIds),
      list: (filter, page) => this.#list(scope, filter, page),
      locations: (filter, after, limit) => this.#locations(scope, filter, after, limit),
      accountIds: (filter) => this.#accountIds(scope, filter),
    };
  }

  async ensure(fence: Fence, tenantId: number, specs: readonly SeriesSpec[]): Promise<Series[]> {
    const wanted = new Map<string, SeriesSpec>();
    const identities = specs.map((spec) => {
      const identity = identityOf(spec, dimensionsText(spec.dimensions));
      wanted.set(identity, spec);
      return identity;
    });
    const stored = await this.#storeMissing(fence, tenantId, wanted);
    return identities.map((identity) => seriesOf(stored.get(identity)!));
  }

  async ofAccount(accountId: number): Promise<SettlingSeries[]> {
    // As one text: a row a series would be made an object twice.
    const row = await this.reader.get<{ series: string }>(
      `SELECT json_group_array(json_array(id, block, slot, period, settle_seconds)) AS series FROM (
        SELECT id, block, slot, period, settle_seconds FROM series WHERE account_id = ? ORDER BY id)`,
      [accountId],
    );
    const found = JSON.parse(row!.series) as [number, number, number, number, number][];
    return found.map(([id, block, slot, period, settleSeconds]) => ({
      ...{ id, accountId, block, slot, period, settleSeconds },
    }));
  }

  async #findMany(scope: TenantScope, ids: readonly number[]): Promise<(Series | null)[]> {
    const where = new Conditions().within('tenant_id', scope).in('id', ids);
    const rows = await this.reader.all<SeriesRow>(`${SELECT_SERIES} WHERE ${where}`, where.parameters);
    return inOrder(ids, rows.map(seriesOf));
  }

  async #ofResources(scope: TenantScope, resourceIds: readonly number[]): Promise<Series[][]> {
    // By the index of resources: the + keeps SQLite from walking all series of the scope.
    const where = new Conditions().within('+tenant_id', scope).in('resource_id', resourceIds);
    const rows = await this.reader.all<SeriesRow>(
      `${SELECT_SERIES} WHERE ${where} ORDER BY name, statistic, id`,
      where.parameters,
    );
    const byResource = new Map<number, Series[]>(resourceIds.map((id) => [id, []]));
    for (const row of rows) byResource.get(row.resourceId)!.push(seriesOf(row));
    return resourceIds.map((id) => byResource.get(id)!);
  }

  async #list(scope: TenantScope, filter: SeriesFilter, page: PageRequest): Promise<Page<Series>> {
    const query = {
      ...seriesSelection(scope, filter),
      id: 'series.id',
      sort: null,
      direction: 'ASC' as const,
    };
    return loadPage(await keysetPage(this.reader, query, page), (ids) => this.#findMany(scope, ids));
  }

  /** As one text: a row a series would be made an object twice. */
  async #locations(
    scope: TenantScope,
    filter: SeriesFilter,
    after: number,
    limit: number,
  ): Promise<SeriesLocation[]> {
    const { from, where } = seriesSelection(scope, filter);
    where.and('series.id > ?', after);
    const row = await this.reader.get<{ locations: string }>(
      `SELECT json_group_array(json_array(id, block, slot, period)) AS locations FROM (
        SELECT series.id, series.block, series.slot, series.period FROM ${from} WHERE ${where}
        ORDER BY series.id LIMIT ?)`,
      [...where.parameters, limit],
    );
    const found = JSON.parse(row!.locations) as [number, number, number, number][];
    return found
      .map(([id, block, slot, period]) => ({ id, block, slot, period }))
      .sort((a, b) => a.id - b.id);
  }

  async #accountIds(
    scope: TenantScope,
    { accountIds, tenantIds }: Pick<SeriesFilter, 'accountIds' | 'tenantIds'>,
  ): Promise<number[]> {
    const where = new Conditions().within('tenant_id', scope).in('id', accountIds).in('tenant_id', tenantIds);
    const rows = await this.reader.all<{ id: number }>(
      `SELECT id FROM account WHERE ${where} ORDER BY id`,
      where.parameters,
    );
    return rows.map(({ id }) => id);
  }

  /** The usual case, nothing to write, is answered by the reader and takes no turn in the write queue. */
  async #storeMissing(
    fence: Fence,
    tenantId: number,
    wanted: ReadonlyMap<string, SeriesSpec>,
  ): Promise<Map<string, SeriesRow>> {
    const known = await rowsOf(this.reader, fence.accountId, wanted);
    if (differs(known, wanted)) {
      return this.writer.transaction(async (connection) => {
        await requireLease(connection, fence);
        const before = await rowsOf(connection, fence.accountId, wanted);
        await insertSeries(connection, fence.accountId, tenantId, missingOf(before, wanted));
        await updateSeries(connection, revisedOf(before, wanted));
        return rowsOf(connection, fence.accountId, wanted);
      });
    }
    await requireLease(this.reader, fence);
    return known;
  }
}

/** The account's rows of the wanted specs' resources, by identity. */
async function rowsOf(
  runner: SqlRunner,
  accountId: number,
  wanted: ReadonlyMap<string, SeriesSpec>,
): Promise<Map<string, SeriesRow>> {
  const resourceIds = new Set([...wanted.values()].map(({ resourceId }) => resourceId));
  const rows = await runner.all<SeriesRow>(
    `${SELECT_SERIES}
    WHERE account_id = ? AND resource_id IN (SELECT value FROM json_each(?))`,
    [accountId, JSON.stringify([...resourceIds])],
  );
  return new Map(rows.map((row) => [identityOf(row, row.dimensions), row]));
}

function differs(known: ReadonlyMap<string, SeriesRow>, wanted: ReadonlyMap<string, SeriesSpec>): boolean {
  return missingOf(known, wanted).length > 0 || revisedOf(known, wanted).length > 0;
}

function missingOf(
  known: ReadonlyMap<string, SeriesRow>,
  wanted: ReadonlyMap<string, SeriesSpec>,
): SeriesSpec[] {
  return [...wanted].filter(([identity]) => !known.has(identity)).map(([, spec]) => spec);
}

/** A newer plugin may declare another unit or settle time for a series that exists. */
function revisedOf(
  known: ReadonlyMap<string, SeriesRow>,
  wanted: ReadonlyMap<string, SeriesSpec>,
): SeriesRow[] {
  return [...wanted].flatMap(([identity, { plugin, unit, settleSeconds }]) => {
    const row = known.get(identity);
    const same = !row || (row.plugin === plugin && row.unit === unit && row.settleSeconds === settleSeconds);
    return same ? [] : [{ ...row, plugin, unit, settleSeconds }];
  });
}
