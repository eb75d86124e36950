import type { Tenant } from './tenant-repository';
import { isTenantName, tenantPath, tenantsNamed } from './tenant-names';

const tenant = (id: number, parentId: number | null, name: string): Tenant => ({
  id,
  parentId,
  name,
  createdAt: 0,
});

const TENANTS = [
  tenant(1, null, 'root'),
  tenant(2, 1, 'North'),
  tenant(3, 1, 'South'),
  tenant(4, 2, 'Acme'),
  tenant(5, 3, 'Acme'),
  tenant(6, 4, 'Labs'),
  tenant(7, 1, 'Labs'),
  tenant(8, 5, 'Sales'),
];

it.each([
  ['root', [1]],
  ['North', [2]],
  ['Acme', [4, 5]],
  ['South/Acme', [5]],
  ['Labs', [7]],
  ['North/Acme/Labs', [6]],
  ['Acme/Labs', [6]],
  ['Sales', [8]],
  ['cme', []],
  ['acme', []],
  ['', []],
])('%p means %j', (given, ids) => {
  expect(tenantsNamed(TENANTS, given).map(({ id }) => id)).toEqual(ids);
});

it('is found by the path that is shown of it', () => {
  for (const one of TENANTS) expect(tenantsNamed(TENANTS, tenantPath(one, TENANTS))).toContain(one);
});

it('ends where a changed table goes round in a circle', () => {
  const circle = [tenant(1, null, 'root'), tenant(2, 3, 'a'), tenant(3, 2, 'b')];
  expect(tenantPath(circle[1], circle)).toMatch(/^((a|b)\/)+a$/);
  expect(tenantsNamed(circle, 'nobody')).toEqual([]);
});

it.each([
  ['Größe & Söhne', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
  ['', false],
  [' Acme', false],
  ['a/b', false],
  ['a\nb', false],
])('%p is a name: %p', (name, expected) => {
  expect(isTenantName(name)).toBe(expected);
});
