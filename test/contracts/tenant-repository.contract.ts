import fc from 'fast-check';
import { MAX_TENANT_DEPTH, type TenantRepository } from '../../src/core/access/tenant-repository';
import { ConflictError } from '../../src/core/errors';
import { allPages } from './pages';

export interface TenantRepositoryFixture {
  tenants: TenantRepository;
  close(): Promise<void>;
}

/** What every TenantRepository keeps to. */
export function describeTenantRepository(name: string, make: () => Promise<TenantRepositoryFixture>): void {
  describe(`TenantRepository: ${name}`, () => {
    let fixture: TenantRepositoryFixture;
    let tenants: TenantRepository;
    let rootId: number;
    let names = 0;
    const below = async (parentId: number, tenantName = `tenant ${++names}`) =>
      (await tenants.createTenant({ parentId, name: tenantName, createdAt: 1 })).id;
    /** Ids of all that a tenant sees, by name. */
    const seenBy = async (tenantId: number) =>
      (await allPages((page) => tenants.within({ tenantId }).list(page), 2)).map(({ id }) => id);

    beforeEach(async () => {
      fixture = await make();
      tenants = fixture.tenants;
      expect(await tenants.rootTenant()).toBeNull();
      rootId = (await tenants.ensureRoot({ name: 'root', createdAt: 5 })).id;
    });
    afterEach(() => fixture.close());

    test('there is one root, whoever makes it', async () => {
      const made = await Promise.all(
        ['a', 'b'].map((other) => tenants.ensureRoot({ name: other, createdAt: 6 })),
      );
      const root = { id: rootId, parentId: null, name: 'root', createdAt: 5 };
      expect(made).toEqual([root, root]);
      expect(await tenants.rootTenant()).toEqual(root);
      expect(await tenants.allTenants()).toEqual([root]);
    });

    test('a tenant sees itself and what is below it, nothing beside and nothing above', async () => {
      const [a, b] = [await below(rootId, 'A'), await below(rootId, 'b')];
      const [c, d] = [await below(a, 'c'), await below(a, 'B')];
      const e = await below(d, 'a');
      expect(await seenBy(rootId)).toEqual([a, e, b, d, c, rootId]);
      expect(await seenBy(a)).toEqual([a, e, d, c]);
      expect(await seenBy(b)).toEqual([b]);
      expect(await seenBy(d)).toEqual([e, d]);
      expect(await seenBy(0)).toEqual([]);
      const reads = tenants.within({ tenantId: d });
      expect(await reads.findMany([a, e, 0, b, d])).toEqual([
        null,
        { id: e, parentId: d, name: 'a', createdAt: 1 },
        null,
        null,
        { id: d, parentId: a, name: 'B', createdAt: 1 },
      ]);
      expect(await reads.find(rootId)).toBeNull();
    });

    test('a name is unique among the tenants of one parent', async () => {
      const [a, b] = [await below(rootId, 'A'), await below(rootId, 'B')];
      await expect(below(rootId, 'A')).rejects.toThrow(ConflictError);
      const inner = await below(a, 'A');
      await expect(tenants.updateTenant(b, { name: 'A' })).rejects.toMatchObject({
        code: 'RC_TENANT_NAME_TAKEN',
      });
      await expect(tenants.updateTenant(inner, { parentId: rootId })).rejects.toMatchObject({
        code: 'RC_TENANT_NAME_TAKEN',
      });
      expect(await tenants.updateTenant(inner, { name: 'B', parentId: b })).toEqual({
        id: inner,
        parentId: b,
        name: 'B',
        createdAt: 1,
      });
      expect(await tenants.updateTenant(inner, { name: 'B' })).toMatchObject({ name: 'B' });
      expect(await tenants.updateTenant(rootId, { name: 'Gateway' })).toMatchObject({ parentId: null });
    });

    test('a tenant is found by the names from below the root down to it', async () => {
      const inner = await below(await below(rootId, 'MSP'), 'Acme');
      expect(await tenants.findByPath([])).toMatchObject({ id: rootId });
      expect(await tenants.findByPath(['MSP', 'Acme'])).toMatchObject({ id: inner, name: 'Acme' });
      for (const path of [['Acme'], ['root'], ['MSP', 'acme'], ['MSP', 'Acme', 'MSP']]) {
        expect(await tenants.findByPath(path)).toBeNull();
      }
    });

    test('goes nowhere below itself, and no deeper than the bound', async () => {
      const chain = [rootId];
      while (chain.length < MAX_TENANT_DEPTH) chain.push(await below(chain.at(-1)!));
      await expect(below(chain.at(-1)!)).rejects.toMatchObject({ code: 'RC_TENANT_TOO_DEEP' });
      for (const parentId of [chain[1], chain[2], chain.at(-1)!]) {
        await expect(tenants.updateTenant(chain[1], { parentId })).rejects.toMatchObject({
          code: 'RC_TENANT_CYCLE',
        });
      }
      const branch = await below(rootId);
      const leaf = await below(branch);
      await expect(tenants.updateTenant(branch, { parentId: chain.at(-2)! })).rejects.toMatchObject({
        code: 'RC_TENANT_TOO_DEEP',
      });
      expect(await seenBy(branch)).toEqual([branch, leaf]);
      await tenants.updateTenant(branch, { parentId: chain.at(-3)! });
      expect(await seenBy(chain.at(-3)!)).toEqual(
        expect.arrayContaining([chain.at(-3), branch, leaf, ...chain.slice(-2)]),
      );
    });

    test('sees what its tree says after any moves', async () => {
      const move = fc.record({ tenant: fc.nat(9), to: fc.nat(9) });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.nat(9), { minLength: 10, maxLength: 10 }),
          fc.array(move),
          async (parents, moves) => {
            const ids: number[] = [];
            for (const parent of parents) ids.push(await below(ids[parent] ?? rootId));
            for (const { tenant, to } of moves) {
              await tenants.updateTenant(ids[tenant], { parentId: ids[to] }).catch((error: unknown) => {
                if (!(error instanceof ConflictError)) throw error;
              });
            }
            const parentOf = new Map((await tenants.allTenants()).map(({ id, parentId }) => [id, parentId]));
            const isBelow = (id: number | null, top: number): boolean =>
              id !== null && (id === top || isBelow(parentOf.get(id)!, top));
            for (const top of ids) {
              const expected = ids.filter((id) => isBelow(id, top));
              expect((await seenBy(top)).sort((a, b) => a - b)).toEqual(expected);
            }
          },
        ),
        { numRuns: 10 },
      );
    });
  });
}
