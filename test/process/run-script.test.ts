import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, killCommands, ROOT } from './command';

const STAMP = join(ROOT, 'dist/.sources');

afterEach(killCommands);

/** `npm run build`, as npm calls it. @returns what it said */
async function build(): Promise<string> {
  const command = new Command(join(ROOT, 'scripts/run.mjs'), ['build']);
  expect(await command.ended).toEqual({ code: 0, signal: null });
  return command.stdout + command.stderr;
}

const stamp = () => ({ content: readFileSync(STAMP, 'utf8'), writtenAt: statSync(STAMP).mtimeMs });

describe('scripts/run.mjs', () => {
  it('installs and builds nothing when nothing has changed', async () => {
    await build();
    const before = stamp();
    expect(await build()).toBe('');
    expect(stamp()).toEqual(before);
  });
});
