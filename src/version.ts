import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of this gateway, as package.json beside the sources, or beside their build, has it. */
export const version: string = (
  JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }
).version;
