import type { Tenant } from './tenant-repository';
import { TenantTree } from './tenant-tree';

const tenant = (id: number, parentId: number | null): Tenant => ({
  id,
  parentId,
  name: `${id}`,
  createdAt: 0,
});

it('knows who stands above whom as last read', async () => {
  const rows = [tenant(1, null), tenant(2, 1), tenant(3, 2)];
  const tree = new TenantTree({ allTenants: async () => [...rows] });
  expect(tree.pathOf(1)).toBeNull();
  await tree.refresh();
  expect(tree.pathOf(3)).toEqual([3, 2, 1]);
  expect(tree.pathOf(1)).toEqual([1]);
  rows.splice(2, 1, tenant(3, 1), tenant(4, 3));
  expect(tree.pathOf(4)).toBeNull();
  await tree.refresh();
  expect(tree.pathOf(4)).toEqual([4, 3, 1]);
});

it('takes no older read over a newer one', async () => {
  const answers: ((rows: Tenant[]) => void)[] = [];
  const tree = new TenantTree({ allTenants: () => new Promise((resolve) => answers.push(resolve)) });
  const [older, newer] = [tree.refresh(), tree.refresh()];
  answers[1]([tenant(1, null), tenant(2, 1)]);
  await newer;
  answers[0]([tenant(1, null)]);
  await older;
  expect(tree.pathOf(2)).toEqual([2, 1]);
});
