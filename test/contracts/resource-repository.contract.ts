import { StaleLeaseError, type Lease } from '../../src/core/collection/leases';
import type { FoundResource, ResourceFilter } from '../../src/core/inventory/resource';
import type { ResourceRepository } from '../../src/core/inventory/resource-repository';
import type { PageRequest } from '../../src/core/paging';
import { allPages } from './pages';
import { foundResource } from './samples';

export interface ResourceRepositoryFixture {
  resources: ResourceRepository;
  tenantId: number;
  /** The one above it, and one beside it. */
  parentId: number;
  otherTenantId: number;
  /** Held leases of two accounts of the tenant. */
  fence: Lease;
  otherFence: Lease;
  close(): Promise<void>;
}

const REGION = 'eu-central-1';

/** What every ResourceRepository keeps to. */
export function describeResourceRepository(
  name: string,
  make: () => Promise<ResourceRepositoryFixture>,
): void {
  describe(`ResourceRepository: ${name}`, () => {
    let fixture: ResourceRepositoryFixture;
    let resources: ResourceRepository;
    const sync = (at: number, found: FoundResource[], varied: { region?: string; plugin?: string } = {}) => {
      const result = { tenantId: fixture.tenantId, plugin: 'ec2', region: REGION, found, at, ...varied };
      return resources.sync(fixture.fence, result);
    };
    const kinds = ({ changes }: Awaited<ReturnType<ResourceRepository['sync']>>) =>
      changes.map(({ kind, resource, changedFields }) => [kind, resource.key, ...changedFields]);

    beforeEach(async () => {
      fixture = await make();
      resources = fixture.resources;
    });
    afterEach(() => fixture.close());

    test('stores what appeared and tells of it; the same again only moves lastSeenAt', async () => {
      const odd = foundResource('b"\\', {
        arn: null,
        name: null,
        tags: {},
        attributes: { n: 1.5, o: { l: [null] } },
      });
      const first = await sync(10, [foundResource('a'), odd]);
      expect(kinds(first)).toEqual([
        ['APPEARED', 'a'],
        ['APPEARED', 'b"\\'],
      ]);
      expect(first.resources[1]).toMatchObject({
        ...odd,
        firstSeenAt: 10,
        lastSeenAt: 10,
        goneAt: null,
        region: REGION,
      });
      const again = await sync(20, [
        odd,
        { ...foundResource('a'), tags: { env: 'prod', Name: 'Name of a' } },
      ]);
      expect(again.changes).toEqual([]);
      expect(again.resources.map(({ id }) => id)).toEqual([first.resources[1]!.id, first.resources[0]!.id]);
      const stored = await resources.within(fixture).findMany([again.resources[0]!.id]);
      expect(stored).toEqual([{ ...first.resources[1], lastSeenAt: 20 }]);
    });

    test('names the fields that changed, sorted', async () => {
      const before = await sync(10, [foundResource('a', { attributes: { state: 'running', old: 1 } })]);
      const changed = foundResource('a', {
        name: 'New',
        tags: {},
        attributes: { state: 'stopped', fresh: null },
      });
      const after = await sync(20, [changed]);
      expect(kinds(after)).toEqual([
        ['CHANGED', 'a', 'attributes.fresh', 'attributes.old', 'attributes.state', 'name', 'tags'],
      ]);
      const [stored] = await resources.present(fixture.fence.accountId, 'ec2', REGION);
      expect(stored).toEqual({ ...before.resources[0], ...changed, lastSeenAt: 20 });
      expect(after.changes[0]!.resource).toEqual(stored);
    });

    test('tells nothing of another order, of keys or in a list', async () => {
      const attributes = { state: 'running', groups: ['a', 'b', 'b'], nested: { x: 1, y: [2, 1] } };
      await sync(10, [foundResource('a', { attributes })]);
      const reordered = { nested: { y: [1, 2], x: 1 }, groups: ['b', 'a', 'b'], state: 'running' };
      expect(kinds(await sync(20, [foundResource('a', { attributes: reordered })]))).toEqual([]);
      const fewer = { ...attributes, groups: ['a', 'b'] };
      expect(kinds(await sync(30, [foundResource('a', { attributes: fewer })]))).toEqual([
        ['CHANGED', 'a', 'attributes.groups'],
      ]);
    });

    test.each([
      ['another value', { Name: 'Name of a', env: 'test' }],
      ['one more', { Name: 'Name of a', env: 'prod', team: '' }],
      ['one less', { env: 'prod' }],
      ['none', {}],
    ])('tells of tags: %s', async (_, tags) => {
      await sync(10, [foundResource('a')]);
      expect(kinds(await sync(20, [foundResource('a', { tags: { ...tags } })]))).toEqual([
        ['CHANGED', 'a', 'tags'],
      ]);
    });

    test('marks what went, and one that returns is the same row', async () => {
      const { resources: stored } = await sync(10, [foundResource('a'), foundResource('b')]);
      const went = await sync(20, [foundResource('a')]);
      expect(kinds(went)).toEqual([['GONE', 'b']]);
      expect(went.changes[0]!.resource).toMatchObject({ goneAt: 20, lastSeenAt: 10 });
      expect((await sync(30, [foundResource('a')])).changes).toEqual([]);
      expect(await resources.present(fixture.fence.accountId, 'ec2', REGION)).toHaveLength(1);
      const back = await sync(40, [foundResource('a'), foundResource('b', { name: 'Renamed' })]);
      expect(kinds(back)).toEqual([['APPEARED', 'b']]);
      expect(back.resources[1]).toMatchObject({
        id: stored[1]!.id,
        name: 'Renamed',
        firstSeenAt: 10,
        goneAt: null,
      });
    });

    test('touches no other plugin, Region or account', async () => {
      await sync(10, [foundResource('a')]);
      await sync(10, [foundResource('a', { type: 'rds:instance' })], { plugin: 'rds' });
      await sync(10, [foundResource('a')], { region: 'us-east-1' });
      const result = {
        tenantId: fixture.tenantId,
        plugin: 'ec2',
        region: REGION,
        found: [foundResource('a')],
        at: 10,
      };
      await resources.sync(fixture.otherFence, result);
      expect(kinds(await sync(20, []))).toEqual([['GONE', 'a']]);
      expect(await listed({})).toHaveLength(3);
    });

    test('drops what lies outside the plugins and Regions that are kept', async () => {
      await sync(10, [foundResource('a')]);
      await sync(10, [foundResource('b')], { region: 'us-east-1' });
      const kept = [{ plugin: 'ec2', region: REGION }];
      const changes = await resources.dropOutside(fixture.fence, kept, 20);
      expect(changes.map(({ kind, resource }) => [kind, resource.key, resource.goneAt])).toEqual([
        ['GONE', 'b', 20],
      ]);
      expect(await resources.dropOutside(fixture.fence, kept, 30)).toEqual([]);
      expect(await resources.present(fixture.fence.accountId, 'ec2', REGION)).toHaveLength(1);
      await expect(resources.dropOutside({ ...fixture.fence, token: -1 }, [], 40)).rejects.toThrow(
        StaleLeaseError,
      );
    });

    test('takes a resource that was found twice once', async () => {
      const { resources: stored } = await sync(10, [
        foundResource('a'),
        foundResource('a', { name: 'Last' }),
      ]);
      expect(stored).toMatchObject([{ key: 'a', name: 'Last' }]);
    });

    test('refuses a stale fence and stores nothing', async () => {
      await sync(10, [foundResource('a')]);
      const stale = { ...fixture.fence, token: fixture.fence.token - 1 };
      const result = { tenantId: fixture.tenantId, plugin: 'ec2', region: REGION, found: [], at: 20 };
      await expect(resources.sync(stale, result)).rejects.toThrow(StaleLeaseError);
      expect(await resources.present(fixture.fence.accountId, 'ec2', REGION)).toHaveLength(1);
    });

    const listed = async (filter: ResourceFilter, tenantId = fixture.tenantId) => {
      const list = (page: PageRequest) =>
        resources.within({ tenantId }).list(filter, { field: 'NAME', direction: 'ASC' }, page);
      const items = await allPages(list, 2);
      expect((await list({ first: 1, after: null })).totalCount).toBe(items.length);
      return items.map(({ key }) => key);
    };

    test('filters, and shows another tenant nothing', async () => {
      const { resources: stored } = await sync(10, [
        foundResource('a', { tags: { env: 'prod', 'odd.key"$': 'x' } }),
        foundResource('b', { tags: { env: 'test' }, name: 'ZEBRA_1' }),
        foundResource('c', { tags: {}, name: null, arn: null, type: 'ec2:other' }),
      ]);
      await sync(10, [foundResource('d', { name: 'zz' })], { region: 'us-east-1' });
      await sync(20, [foundResource('e')], { plugin: 'gone' });
      await sync(30, [], { plugin: 'gone' });
      expect(await listed({})).toEqual(['c', 'a', 'b', 'd']);
      expect(await listed({ includeGone: true })).toEqual(['c', 'a', 'e', 'b', 'd']);
      expect(await listed({ regions: ['us-east-1'] })).toEqual(['d']);
      expect(await listed({ types: ['ec2:other', 'none'] })).toEqual(['c']);
      expect(await listed({ plugins: ['rds'] })).toEqual([]);
      expect(await listed({ accountIds: [fixture.otherFence.accountId] })).toEqual([]);
      expect(await listed({ ids: [stored[0]!.id] })).toEqual(['a']);
      expect(await listed({ tenantIds: [fixture.tenantId, fixture.otherTenantId] })).toHaveLength(4);
      expect(await listed({ tenantIds: [fixture.otherTenantId] })).toEqual([]);
      expect(await listed({ tags: [{ key: 'env', values: ['prod', 'test'] }] })).toEqual(['a', 'b', 'd']);
      expect(
        await listed({
          tags: [
            { key: 'env', values: null },
            { key: 'odd.key"$', values: ['x'] },
          ],
        }),
      ).toEqual(['a']);
      expect(await listed({ tags: [{ key: 'ENV', values: [] }] })).toEqual([]);
      expect(await listed({ search: 'zebra_' })).toEqual(['b']);
      expect(await listed({ search: 'instance/A' })).toEqual(['a']);
      expect(await listed({}, fixture.parentId)).toEqual(['c', 'a', 'b', 'd']);
      expect(await listed({ tenantIds: [fixture.parentId] }, fixture.parentId)).toEqual([]);
      expect(await listed({ includeGone: true }, fixture.otherTenantId)).toEqual([]);
      const ids = stored.map(({ id }) => id);
      const foreign = resources.within({ tenantId: fixture.otherTenantId });
      expect(await foreign.findMany(ids)).toEqual([null, null, null]);
    });
  });
}
