import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../src/config/settings';

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

/** The cells of the README's table of settings. */
function documentedSettings(): string[][] {
  return [...readme.matchAll(/^\| (`ROLECALL_\w+`) +\| (.+?) +\| (.+?) +\|$/gm)].map(([, ...cells]) => cells);
}

describe('the README', () => {
  it('has every setting, as the code has it', () => {
    const declared = Object.values(SETTINGS).map(({ name, default: fallback, description }) => [
      `\`${name}\``,
      fallback === null ? 'unset' : `\`${fallback}\``,
      description,
    ]);
    expect(documentedSettings()).toEqual(declared);
  });

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm run (\w+)/g)].map(([, script]) => script!);
    expect(named.length).toBeGreaterThan(3);
    for (const script of named) expect(Object.keys(scripts)).toContain(script);
  });
});
