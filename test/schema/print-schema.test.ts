import { readFileSync } from 'node:fs';
import { printBuiltInSchema } from '../../src/schema/print-schema';

it('schema.graphql is what the build prints', () => {
  expect(readFileSync('schema.graphql', 'utf8')).toBe(printBuiltInSchema());
});
