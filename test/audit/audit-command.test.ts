import { randomBytes } from 'node:crypto';
import { auditCommand } from '../../src/commands/audit';
import { readConfiguration } from '../../src/config/configuration';
import { redactText } from '../../src/core/redaction';
import { type Api, startApi } from '../schema/api-fixture';

let api: Api;
let northId: number;
beforeEach(async () => {
  api = await startApi();
  const { tenants } = api.database;
  const below = async (parentId: number, name: string) =>
    (await tenants.createTenant({ parentId, name, createdAt: 0 })).id;
  northId = await below(await below(1, 'North'), 'Shared');
  await below(await below(1, 'South'), 'Shared');
});
afterEach(() => api.stop());

async function run(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  const configuration = readConfiguration({
    ROLECALL_DATABASE_URL: `sqlite:${api.databaseFile}`,
    ROLECALL_AUDIT_KEY: randomBytes(32).toString('hex'),
  });
  await auditCommand(configuration, args, (line) => lines.push(line));
  return lines;
}

it('takes tenants by name or path, as the token command does', async () => {
  await api.database.tenants.updateTenant(northId, { name: 'Sales' });
  await api.database.audit.record({ tenantId: northId, actor: 'gateway', action: 'trust.verified' });
  const line = `tenant ${northId} (North/Sales): 1 entries are whole, none is signed yet`;
  for (const given of ['Sales', 'North/Sales']) {
    expect((await run('verify', '--tenant', given))[0]).toBe(line);
  }
  expect((await run('verify'))[0]).toBe(line);
});

it.each([
  [['verify', '--tenant', 'Shared'], 'give North/Shared or South/Shared'],
  [['verify', '--tenant', 'Nobody'], 'there are Acme, Umbrella, Initech, North, North/Shared, South'],
  [['verify', '--public-key', 'short'], 'no public key: 43 characters'],
  [['verify', '--nonsense'], 'Unknown option'],
  [['destroy'], 'wanted is verify'],
])('tells what it wants: audit %j', async (args, message) => {
  const error: Error = await run(...args).then(
    () => new Error('it did something'),
    (reason) => reason,
  );
  expect(error.name).toBe('UsageError');
  expect(error.message).toContain(message);
  // The command line prints it as the log does: without what looks like a secret.
  expect(redactText(error.message)).toBe(error.message);
});
