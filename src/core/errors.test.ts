import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from './errors';

describe('the register of errors', () => {
  const page = readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8');
  const documented = Object.fromEntries(
    [...page.matchAll(/^\| `(RC_\w+)` +\| (.+?) +\|$/gm)].map(([, code, hint]) => [code, hint]),
  );

  it('is what docs/errors.md says', () => expect(documented).toEqual(ERROR_CODES));

  it('has codes of the form RC_<AREA>_<FACT>, each with a hint', () => {
    for (const [code, hint] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^RC_[A-Z]+(_[A-Z]+)+$/);
      expect(hint).toMatch(/^[A-Z].+\.$/);
    }
  });
});
