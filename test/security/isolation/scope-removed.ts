import type { TenantScope } from '../../../src/core/access/viewer';
import type { Database } from '../../../src/db';

/** What is read for a caller has this shape. */
interface Scoped {
  within(scope: TenantScope): object;
}

function isScoped(part: unknown): part is Scoped {
  return typeof part === 'object' && part !== null && 'within' in part;
}

/** The parts of the database that are read for a caller. */
export function scopedRepositories(database: Database): string[] {
  return Object.entries(database).flatMap(([name, part]) => (isScoped(part) ? [name] : []));
}

/** The database with one repository that reads as the root, whoever asks. */
export function withoutScope(database: Database, name: string, rootId: number): Database {
  const repository = database[name as keyof Database] as unknown as Scoped;
  const within = () => repository.within({ tenantId: rootId });
  return { ...database, [name]: overridden(repository, { within }) };
}

/** The database with a tree in which one tenant stands above all others. */
export function withoutTree(database: Database, topId: number): Database {
  const { tenants } = database;
  const allTenants = async () =>
    (await tenants.allTenants()).map((tenant) => ({
      ...tenant,
      parentId: tenant.id === topId ? null : topId,
    }));
  return { ...database, tenants: overridden(tenants, { allTenants }) };
}

function overridden<T extends object>(target: T, members: object): T {
  return new Proxy(target, {
    get: (original, name) => {
      if (name in members) return members[name as keyof typeof members];
      const member: unknown = Reflect.get(original, name);
      // A private member is the original's alone.
      return typeof member === 'function' ? (member.bind(original) as unknown) : member;
    },
  });
}
