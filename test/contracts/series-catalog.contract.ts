import { StaleLeaseError, type Lease } from '../../src/core/collection/leases';
import type { Resource } from '../../src/core/inventory/resource';
import type { Series, SeriesCatalog, SeriesFilter } from '../../src/core/metrics/series';
import type { PageRequest } from '../../src/core/paging';
import { allPages } from './pages';
import { seriesSpec } from './samples';

export interface SeriesCatalogFixture {
  catalog: SeriesCatalog;
  tenantId: number;
  /** The one above it, and one beside it. */
  parentId: number;
  otherTenantId: number;
  fence: Lease;
  /** At least 1,200 of the fence's account, named and tagged as `foundResource` makes them. */
  resources: Resource[];
  /** Ends the lease. */
  revoke(): Promise<void>;
  close(): Promise<void>;
}

/** What every SeriesCatalog keeps to. */
export function describeSeriesCatalog(name: string, make: () => Promise<SeriesCatalogFixture>): void {
  describe(`SeriesCatalog: ${name}`, () => {
    let fixture: SeriesCatalogFixture;
    let catalog: SeriesCatalog;
    const ensure = (...specs: Parameters<SeriesCatalog['ensure']>[2]) =>
      catalog.ensure(fixture.fence, fixture.tenantId, specs);

    beforeEach(async () => {
      fixture = await make();
      catalog = fixture.catalog;
    });
    afterEach(() => fixture.close());

    test('makes a series once, whatever the order of its dimensions and of the specs', async () => {
      const [{ id: resourceId }] = fixture.resources as [Resource];
      const a = seriesSpec(resourceId, { dimensions: { B: '1', A: '2' } });
      const b = seriesSpec(resourceId, { statistic: 'Maximum' });
      const [first, second, third] = await ensure(a, b, a);
      expect(first).toMatchObject({ ...a, tenantId: fixture.tenantId, accountId: fixture.fence.accountId });
      expect(third).toEqual(first);
      expect(second!.id).not.toBe(first!.id);
      expect(await ensure(b, { ...a, dimensions: { A: '2', B: '1' } })).toEqual([second, first]);
    });

    test.each([
      { namespace: 'Other' },
      { name: 'Other' },
      { statistic: 'p99' },
      { period: 60 },
      { dimensions: { InstanceId: 'other' } },
    ])('another %p is another series', async (varied) => {
      const spec = seriesSpec(fixture.resources[0]!.id);
      const [first, second] = await ensure(spec, { ...spec, ...varied });
      expect(second!.id).not.toBe(first!.id);
    });

    test('follows a newer declaration of unit and settle time', async () => {
      const spec = seriesSpec(fixture.resources[0]!.id);
      const [before] = await ensure(spec);
      const [after] = await ensure({ ...spec, unit: null, settleSeconds: 60 });
      expect(after).toEqual({ ...before, unit: null, settleSeconds: 60 });
      expect(await catalog.within(fixture).findMany([before!.id])).toEqual([after]);
    });

    test('gives each a place of its own: at most 1,000 to a block, one Region and period to a block', async () => {
      const of = (from: number, varied: Parameters<typeof seriesSpec>[1]) =>
        fixture.resources.slice(from, from + 600).map(({ id }) => seriesSpec(id, varied));
      const batches = [
        of(0, {}),
        of(0, { name: 'NetworkIn' }),
        of(0, { period: 60 }),
        of(600, { region: 'us-east-1' }),
      ];
      const all: Series[] = [];
      for (const batch of batches) all.push(...(await ensure(...batch)));
      const places = new Map(all.map((series) => [`${series.block} ${series.slot}`, series]));
      expect(places.size).toBe(2_400);
      expect(Math.max(...all.map(({ slot }) => slot))).toBe(999);
      const kinds = new Map<number, Set<string>>();
      for (const { block, region, period } of all) {
        kinds.set(block, (kinds.get(block) ?? new Set()).add(`${region} ${period}`));
      }
      expect([...kinds.values()].every((kind) => kind.size === 1)).toBe(true);
      expect(kinds.size).toBe(4);
    });

    test('refuses a period that is no whole number of minutes: its points would have no place', async () => {
      await expect(ensure(seriesSpec(fixture.resources[0]!.id, { period: 30 }))).rejects.toThrow();
      expect(await list({})).toEqual([]);
    });

    test('refuses a stale fence, whether something is missing or not', async () => {
      const specs = fixture.resources.slice(0, 2).map(({ id }) => seriesSpec(id));
      await ensure(specs[0]!);
      await fixture.revoke();
      await expect(ensure(specs[0]!)).rejects.toThrow(StaleLeaseError);
      await expect(ensure(...specs)).rejects.toThrow(StaleLeaseError);
      expect((await list({})).length).toBe(1);
    });

    test('makes a series once when two ask at once', async () => {
      const specs = fixture.resources.slice(0, 50).map(({ id }) => seriesSpec(id));
      const [a, b] = await Promise.all([ensure(...specs), ensure(...specs)]);
      expect(a).toEqual(b);
    });

    const list = async (filter: SeriesFilter, tenantId = fixture.tenantId) => {
      const read = (page: PageRequest) => catalog.within({ tenantId }).list(filter, page);
      const items = await allPages(read, 2);
      expect((await read({ first: 1, after: null })).totalCount).toBe(items.length);
      return items.map(({ id }) => id);
    };

    test('filters by series and by resource, and shows another tenant nothing', async () => {
      const [one, two] = fixture.resources as [Resource, Resource];
      const made = await ensure(
        seriesSpec(one.id),
        seriesSpec(one.id, { name: 'NetworkIn', statistic: 'Sum', namespace: 'AWS/Other' }),
        seriesSpec(two.id),
      );
      const [cpu, network, other] = made.map(({ id }) => id) as [number, number, number];
      expect(await list({})).toEqual([cpu, network, other]);
      expect(await list({ resourceIds: [two.id] })).toEqual([other]);
      expect(await list({ names: ['NetworkIn'], statistics: ['Sum'] })).toEqual([network]);
      expect(await list({ namespaces: ['AWS/EC2'], regions: [one.region] })).toEqual([cpu, other]);
      expect(await list({ types: [one.type] })).toEqual([cpu, network, other]);
      expect(await list({ types: ['none'] })).toEqual([]);
      expect(await list({ accountIds: [fixture.fence.accountId], ids: [other] })).toEqual([other]);
      expect(await list({ tags: [{ key: 'Name', values: [two.name!] }] })).toEqual([other]);
      expect(await list({ search: 'NETWORK' })).toEqual([network]);
      expect(await list({ search: two.name! })).toEqual([other]);
      expect(await list({ tenantIds: [fixture.tenantId] })).toEqual([cpu, network, other]);
      expect(await list({ tenantIds: [fixture.otherTenantId] })).toEqual([]);
      expect(await list({ tenantIds: [fixture.parentId] }, fixture.parentId)).toEqual([]);
      expect(await list({}, fixture.otherTenantId)).toEqual([]);
      const accountIds = [fixture.fence.accountId];
      const foreign = catalog.within({ tenantId: fixture.otherTenantId });
      expect(await foreign.locations({}, 0, 10)).toEqual([]);
      expect(await foreign.accountIds({ accountIds })).toEqual([]);
      expect(await foreign.findMany([cpu])).toEqual([null]);
      expect(await foreign.ofResources([one.id])).toEqual([[]]);
      for (const tenantId of [fixture.tenantId, fixture.parentId]) {
        const own = catalog.within({ tenantId });
        expect(await list({}, tenantId)).toEqual([cpu, network, other]);
        expect(await own.accountIds({})).toEqual(accountIds);
        expect(await own.accountIds({ tenantIds: [fixture.parentId] })).toEqual([]);
        expect(await own.accountIds({ accountIds: [0, ...accountIds] })).toEqual(accountIds);
        expect(await own.findMany([other, 0, cpu])).toEqual([made[2], null, made[0]]);
        expect(await own.ofResources([two.id, 0, one.id])).toEqual([[made[2]], [], [made[0], made[1]]]);
      }
    });

    test('tells where points lie, a part at a time', async () => {
      const specs = fixture.resources.slice(0, 5).map(({ id }) => seriesSpec(id));
      const made = await ensure(...specs, seriesSpec(fixture.resources[0]!.id, { name: 'NetworkIn' }));
      const places = made.map(({ id, block, slot, period }) => ({ id, block, slot, period }));
      const reads = catalog.within(fixture);
      expect(await reads.locations({}, 0, 100)).toEqual(places);
      expect(await reads.locations({ search: 'cpu' }, places[1]!.id, 2)).toEqual(places.slice(2, 4));
      expect(await reads.locations({ names: ['none'] }, 0, 100)).toEqual([]);
      expect(await reads.locations({}, places[5]!.id, 100)).toEqual([]);
    });
  });
}
