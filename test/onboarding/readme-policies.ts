import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The policy that the README shows whole, by an action of it. */
export function readmePolicy(action: string): { Version: string; Statement: { Action: unknown }[] } {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```json\n([^]*?)```/g)].map(([, json]) => json!);
  return JSON.parse(blocks.find((json) => json.includes(`"${action}"`))!) as ReturnType<typeof readmePolicy>;
}
