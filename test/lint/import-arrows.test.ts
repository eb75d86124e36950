import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');

/** What the lint says of the rooms in a folder. */
function cruise(folder: string): { status: number | null; output: string } {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(root, '.dependency-cruiser.cjs');
  const { status, stdout } = spawnSync(process.execPath, [cruiser, 'src', '--config', config], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, output: stdout };
}

/** A small house under the same rules, with these files. */
function cruiseHouse(files: Record<string, string>): { status: number | null; output: string } {
  const house = mkdtempSync(join(tmpdir(), 'rolecall-arrows-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(house, file)), { recursive: true });
      writeFileSync(join(house, file), content);
    }
    return cruise(house);
  } finally {
    rmSync(house, { recursive: true });
  }
}

const target = 'export const x = 1;\nexport type X = number;\n';

describe('the import arrows', () => {
  it('hold in the whole house', () => {
    const { status, output } = cruise(root);
    expect(output).toMatch(/no dependency violations found \(\d{3,} modules/);
    expect(status).toBe(0);
  });

  it('let schema import core', () => {
    const files = {
      'src/core/a.ts': target,
      'src/schema/b.ts': `import { x } from '../core/a';\nexport const y = x;\n`,
    };
    expect(cruiseHouse(files).status).toBe(0);
  });

  it.each([
    ['core/a.ts', '../db/b', 'db/b.ts', 'core-knows-no-graphql-and-no-sql'],
    ['core/aws/a.ts', '../credentials/b', 'core/credentials/b.ts', 'aws-knows-no-room-that-calls-it'],
    ['core/audit/a.ts', '../credentials/b', 'core/credentials/b.ts', 'audit-knows-no-room-that-is-audited'],
    [
      'core/trust/a.ts',
      '../collection/b',
      'core/collection/b.ts',
      'trust-and-credentials-know-no-collection',
    ],
    ['db/a.ts', '../schema/b', 'schema/b.ts', 'db-imports-core-alone'],
    ['schema/a.ts', '../db/b', 'db/b.ts', 'schema-imports-core-and-plugin-declarations'],
    ['plugins/ec2/a.ts', '../rds/b', 'plugins/rds/b.ts', 'a-service-imports-the-contract-alone'],
    ['plugins/a.ts', '../core/b', 'core/b.ts', 'plugins-import-no-room'],
    ['simulator/a.ts', '../core/b', 'core/b.ts', 'the-simulator-imports-nothing-of-the-gateway'],
  ])('refuse a type that %s imports from %s', (from, specifier, to, rule) => {
    const planted = `import type { X } from '${specifier}';\nexport type Y = X;\n`;
    const { status, output } = cruiseHouse({ [`src/${from}`]: planted, [`src/${to}`]: target });
    expect(output).toContain(rule);
    expect(status).not.toBe(0);
  });

  it.each([
    ['core', 'typeorm', 'DataSource', 'core-knows-no-graphql-and-no-sql'],
    ['schema', 'typeorm', 'DataSource', 'schema-knows-no-sql'],
    ['gateway', 'pg', 'Pool', 'postgresql-is-spoken-in-db-alone'],
    ['db', 'graphql', 'GraphQLSchema', 'db-knows-no-graphql'],
  ])('refuse in %s what belongs elsewhere: %s', (room, library, type, rule) => {
    const planted = `import type { ${type} } from '${library}';\nexport type Y = ${type};\n`;
    expect(cruiseHouse({ [`src/${room}/a.ts`]: planted }).output).toContain(rule);
  });

  it('refuse a cycle', () => {
    const cycle = {
      'src/core/a.ts': `import { y } from './b';\nexport const x = () => y;\n`,
      'src/core/b.ts': `import { x } from './a';\nexport const y = () => x;\n`,
    };
    expect(cruiseHouse(cycle).output).toContain('no-cycle');
  });
});
