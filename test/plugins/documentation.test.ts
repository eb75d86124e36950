import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const unindented = (text: string) => text.replaceAll(/^ +/gm, '').trim();
const page = read('docs/plugins.md');

describe('docs/plugins.md', () => {
  const examples = [...page.matchAll(/```ts\n\/\/ (\S+)\n([^]*?)```/g)].map(([, path, code]) => [
    path!,
    code!,
  ]);

  it('has an example of each step', () => {
    expect(examples).toHaveLength(5);
    expect(page.match(/```ts/g)).toHaveLength(examples.length);
  });

  it.each(examples)('shows %s as it is', (path, code) => {
    expect(unindented(read(path))).toContain(unindented(code));
  });

  it('has the table of attribute types that the contract has', () => {
    const rows = (text: string) =>
      [...text.matchAll(/^(?: \* )?\| (`?[z.][^|]+?) +\| ([^|]+?) +\|$/gm)].map(([, zod, graphql]) =>
        [zod!, graphql!].map((cell) => cell.replaceAll('`', '')),
      );
    const declared = rows(read('src/plugins/contract.ts'));
    expect(declared[1]).toEqual(['z.string()', 'String']);
    expect(rows(page)).toEqual(declared);
  });
});
