import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditCommand } from '../../src/commands/audit';
import { readConfiguration } from '../../src/config/configuration';
import { demoAccountIds } from '../../src/simulator';
import { post } from '../schema/api-fixture';
import { ADMIN_TOKEN, MINUTE, startRolecall, type Rolecall } from '../support/rolecall';
import { onboard } from './onboard';

interface Entry {
  action: string;
  actor: string;
  accountId: string | null;
  detail: Record<string, any>;
}

let rolecall: Rolecall;
beforeAll(async () => {
  rolecall = await startRolecall();
});
afterAll(() => rolecall.stop());

async function ask(query: string, token = ADMIN_TOKEN) {
  return post<any>(rolecall.gateway.url, token, { query });
}

/** The oldest first. */
async function log(): Promise<Entry[]> {
  const { data } = await ask('{ auditLog(first: 500) { nodes { action actor accountId detail } } }');
  return data.auditLog.nodes.reverse();
}

async function verify(): Promise<string[]> {
  const lines: string[] = [];
  const configuration = readConfiguration({ ROLECALL_DATA_DIR: rolecall.dataDir });
  await auditCommand(configuration, ['verify'], (line) => lines.push(line));
  return lines;
}

const checkpoints = () => {
  const file = join(rolecall.dataDir, 'audit-checkpoints.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

test('an account’s way into the gateway is in the log, step by step', async () => {
  const accountId = await onboard(rolecall.admin, rolecall.simulator, demoAccountIds.shop);
  await rolecall.collect(5 * MINUTE);
  const entries = await log();
  const actions = entries.map(({ action }) => action);
  expect(actions.slice(0, 3)).toEqual([
    'mutation.registerAccount',
    'mutation.registerAccount.ended',
    'mutation.connectAccount',
  ]);
  const of = (action: string) => entries.filter((entry) => entry.action === action);
  expect(of('mutation.registerAccount.ended')).toMatchObject([{ accountId }]);
  expect(of('trust.probed').map(({ detail }) => detail.probe)).toEqual(
    expect.arrayContaining(['right', 'none', 'random', 'altered', 'decoy']),
  );
  expect(of('mutation.connectAccount.ended')).toMatchObject([{ accountId, detail: { ok: true } }]);
  expect(of('mutation.connectAccount')[0]!.detail.input).toMatchObject({ accountId });
});

test('bad tokens are in the log, by address and reason, and never themselves', async () => {
  const canary = 'a-token-that-nobody-has-0123456789abcdef';
  for (let time = 0; time < 3; time++) expect((await ask('{ viewer { actor } }', canary)).status).toBe(401);
  await rolecall.gateway.idle();
  const failed = (await log()).filter(({ action }) => action === 'signin.failed');
  expect(failed).toMatchObject([{ detail: { address: '127.0.0.1', count: 3, reasons: { UNKNOWN: 3 } } }]);
  expect(JSON.stringify(await log())).not.toContain(canary);
});

test('the log is verified beside the running gateway, which signs it when it starts and stops', async () => {
  expect((await verify()).at(-1)).toMatch(/^The audit log is whole/);
  const { data } = await ask('{ auditIntegrity { ok entries lastCheckpointAt } }');
  const { length: entries } = await log();
  expect(data.auditIntegrity).toEqual({ ok: true, entries, lastCheckpointAt: null });
  expect(checkpoints()).toEqual([]);
  const signedAt = new Date(rolecall.clock.now()).toISOString();
  await rolecall.restart();
  expect(checkpoints()).toHaveLength(1);
  expect(JSON.parse(checkpoints()[0]!)).toMatchObject({ tenantId: 1, sequence: entries, previous: null });
  expect((await ask('{ auditIntegrity { ok entries lastCheckpointAt } }')).data.auditIntegrity).toEqual({
    ok: true,
    entries,
    lastCheckpointAt: signedAt,
  });
  expect((await verify())[0]).toContain(
    `tenant 1 (root): ${entries} entries are whole, signed at ${signedAt}`,
  );
});

test('no secret is in it', async () => {
  const text = JSON.stringify(await log());
  expect(text).not.toContain(ADMIN_TOKEN);
  expect(text).not.toMatch(/secretAccessKey|sessionToken|ASIA[A-Z0-9]{16}/);
});
