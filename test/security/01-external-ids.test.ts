import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { isInputObjectType, isObjectType } from 'graphql';
import { PluginRegistry } from '../../src/plugins/registry';
import { builtInPlugins } from '../../src/plugins/built-in';
import { buildSchema } from '../../src/schema/build-schema';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { register } from '../e2e/onboard';
import { RegisterAccount } from '../e2e/operations.graphql';
import { ADMIN_TOKEN, startRolecall, type Rolecall } from '../support/rolecall';
import { TrustOf } from './operations.graphql';
import { join } from 'node:path';

/** External IDs come from the server alone: random GUIDs, bound to one account for all time, immutable. */

let rolecall: Rolecall;
beforeAll(async () => (rolecall = await startRolecall()));
afterAll(() => rolecall.stop());

it('no input has a field for one, and no argument is one', async () => {
  const schema = await buildSchema(new PluginRegistry(builtInPlugins).graphqlTypes());
  const named: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInputObjectType(type))
      named.push(...Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      named.push(...field.args.map(({ name }) => `${type.name}.${field.name}.${name}`));
    }
  }
  expect(named.length).toBeGreaterThan(50);
  expect(named.filter((name) => /external.?id/i.test(name.split('.').slice(1).join('.')))).toEqual([
    // The mutation that asks for a new one is named for it; its input names an account.
    ...named.filter((name) => /^Mutation\.\w*ExternalId\w*\.input$/.test(name)),
  ]);
});

it('a million are random GUIDs of version 4, and no two alike', () => {
  const made = new Set<string>();
  for (let count = 0; count < 1_000_000; count++) made.add(randomUUID());
  expect(made.size).toBe(1_000_000);
  for (const value of [...made].slice(0, 1_000)) {
    expect(value).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // What STS allows: 2 to 1,224 of these.
    expect(value).toMatch(/^[\w+=,.@:/-]{2,1224}$/);
  }
});

it('each account has one of its own, whatever is asked for', async () => {
  const names = fc.string({ minLength: 1, maxLength: 40 }).filter((name) => name.trim().length > 0);
  const values = new Set<string>();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(names, fc.string(), async (name, wished) => {
      const input = { name, labels: { externalId: wished.slice(0, 20) } };
      const { registerAccount } = await rolecall.admin.execute(RegisterAccount, { input });
      if (!registerAccount.account) return;
      runs++;
      values.add(registerAccount.account.externalIds[0]!.value);
      expect(registerAccount.account.externalIds).toHaveLength(1);
      expect(registerAccount.account.externalIds[0]!.value).not.toBe(wished);
    }),
    { numRuns: 30 },
  );
  expect(runs).toBeGreaterThan(10);
  expect(values.size).toBe(runs);
});

it.each(['registerAccount', 'connectAccount', 'updateAccount', 'rotateExternalId'])(
  '%s refuses one that a caller brings along, and changes nothing',
  async (mutation) => {
    const { id } = await register(rolecall.admin, 'Fuzzed');
    const before = await rolecall.admin.execute(TrustOf, { id });
    for (const field of ['externalId', 'externalIds', 'external_id', 'ExternalId']) {
      const text = mutation === 'registerAccount' ? 'name: "x"' : `accountId: "${id}"`;
      const response = await fetch(rolecall.gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
        body: JSON.stringify({
          query: `mutation { ${mutation}(input: { ${text}, ${field}: "mine" }) { errors { code } } }`,
        }),
      });
      const answer = (await response.json()) as { data?: unknown; errors: { message: string }[] };
      expect(answer.data ?? null).toBeNull();
      expect(answer.errors[0]!.message).toContain(field);
    }
    expect(await rolecall.admin.execute(TrustOf, { id })).toEqual(before);
  },
);

it('the database keeps them as they are, whatever statement comes', async () => {
  await register(rolecall.admin, 'Kept');
  const raw = await SqliteConnection.open(join(rolecall.dataDir, 'rolecall.sqlite'), 'readwrite');
  const all = () => raw.all('SELECT * FROM external_id ORDER BY value');
  const before = await all();
  for (const statement of [
    'DELETE FROM external_id',
    `UPDATE external_id SET value = '${randomUUID()}'`,
    'UPDATE external_id SET account_id = account_id + 1',
    `UPDATE external_id SET state = 'PENDING'`,
    `INSERT OR REPLACE INTO external_id (value, account_id, state, created_at)
      SELECT value, 99, 'RETIRED', 0 FROM external_id`,
  ]) {
    await expect(raw.run(statement)).rejects.toThrow();
    expect(await all()).toEqual(before);
  }
  await raw.close();
});
