import { once } from 'node:events';
import WebSocket from 'ws';
import { readConfiguration } from '../../src/config/configuration';
import { redactText } from '../../src/core/redaction';
import { SqliteAuditRepository } from '../../src/db/audit/sqlite-audit-repository';
import { tokenCommand } from '../../src/commands/token';
import { type Api, startApi } from '../schema/api-fixture';

describe('the token command, beside a running gateway', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.stop());

  async function run(...args: string[]): Promise<string[]> {
    const lines: string[] = [];
    const configuration = readConfiguration({ ROLECALL_DATABASE_URL: `sqlite:${api.databaseFile}` });
    await tokenCommand(configuration, args, (line) => lines.push(line));
    return lines;
  }

  const create = async (...args: string[]) =>
    /^\w+ token of tenant .+ \(shown once\): (rcl_\S+)$/.exec((await run('create', ...args))[0])![1];

  /** Who the gateway takes the token for. */
  const viewerOf = async (secret: string) =>
    (await api.query('{ viewer { actor role tenant { name } } }', {}, secret)).data?.viewer;

  it('makes tokens that are known at once, each with its role and tenant', async () => {
    expect(await viewerOf(await create('grafana', 'VIEWER'))).toEqual({
      actor: 'grafana',
      role: 'VIEWER',
      tenant: { name: 'Acme' },
    });
    expect(await viewerOf(await create('ops', 'OPERATOR', 'Umbrella'))).toMatchObject({
      role: 'OPERATOR',
      tenant: { name: 'Umbrella' },
    });
    expect(await viewerOf(await create('boss', 'ADMIN', 'New Customer'))).toMatchObject({
      tenant: { name: 'New Customer' },
    });
  });

  it('makes tokens that expire', async () => {
    await create('brief', 'VIEWER', '--days', '30');
    const { items } = await api.database.tokens.within({ tenantId: 1 }).list({ first: 1, after: null });
    const { createdAt, expiresAt } = items[0].item;
    expect(Math.round((expiresAt! - createdAt) / 1_000)).toBe(30 * 86_400);
    expect(await run('list')).toEqual([expect.stringMatching(/  good until \d{4}-\d\d-\d\dT\d\d:\d\dZ  /)]);
    await create('briefer', 'VIEWER', '--days', '0.00000001');
    expect((await run('list'))[0]).toMatch(/  expired \d{4}-\d\d-\d\dT\d\d:\d\dZ  /);
  });

  it('lists tokens with their state and never a secret', async () => {
    const [first, second] = [await create('grafana', 'VIEWER'), await create('ops', 'OPERATOR', 'Umbrella')];
    await run('revoke', 'grafana');
    const lines = await run('list');
    expect(lines).toEqual([
      expect.stringMatching(`^${second.slice(0, 16)}  OPERATOR  good +used never  Umbrella  ops$`),
      expect.stringMatching(
        `^${first.slice(0, 16)}  VIEWER    revoked \\S+Z  used never  Acme      grafana$`,
      ),
    ]);
    for (const secret of [first, second]) expect(lines.join()).not.toContain(secret.slice(17, 60));
    expect(await run('list', 'Umbrella')).toEqual(
      [lines[0].replace(/ {2,}/g, '  ')].map(() => expect.anything()),
    );
    expect(await run('list', 'Initech')).toEqual([]);
  });

  it('revokes by name, prefix or the whole token, and closes what is open', async () => {
    const secrets = [await create('a', 'VIEWER'), await create('b', 'VIEWER'), await create('c', 'VIEWER')];
    const socket = new WebSocket(api.server.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    const payload = { Authorization: `Bearer ${secrets[0]}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await once(socket, 'message');
    const closed = once(socket, 'close');
    expect(await run('revoke', 'a')).toEqual([`Revoked: ${secrets[0].slice(0, 16)} (a)`]);
    const revokedAt = performance.now();
    expect((await closed)[0]).toBe(4403);
    expect(performance.now() - revokedAt).toBeLessThan(1_000);
    await run('revoke', secrets[1].slice(0, 16));
    await run('revoke', secrets[2]);
    for (const secret of secrets) expect(await viewerOf(secret)).toBeUndefined();
    // Twice is once.
    expect(await run('revoke', 'a')).toEqual([`Revoked: ${secrets[0].slice(0, 16)} (a)`]);
  });

  it('asks which, when several are called so', async () => {
    const [one, other] = [await create('twin', 'VIEWER'), await create('twin', 'VIEWER')];
    await expect(run('revoke', 'twin')).rejects.toThrow(`give ${other.slice(0, 16)} or ${one.slice(0, 16)}`);
    await run('revoke', one.slice(4, 16));
    expect(await run('revoke', 'twin')).toEqual([`Revoked: ${other.slice(0, 16)} (twin)`]);
  });

  it('is in the audit log of the token’s tenant', async () => {
    const secret = await create('ops', 'OPERATOR', 'Umbrella');
    await run('revoke', 'ops');
    await run('revoke', 'ops');
    const page = await api.database.audit.within({ tenantId: 2 }).list({}, { first: 10, after: null });
    const entries = page.items.map(({ item }) => item);
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ['command.token.revoke', 'command line'],
      ['command.token.create', 'command line'],
    ]);
    expect(entries[1].detail).toEqual({
      name: 'ops',
      role: 'OPERATOR',
      prefix: secret.slice(0, 16),
      expiresAt: null,
    });
  });

  it('tells the root’s log of a tenant before it makes it', async () => {
    const entries = async () => {
      const filter = { actions: ['command.tenant.create'] };
      const page = await api.database.audit.within({ tenantId: 1 }).list(filter, { first: 10, after: null });
      return page.items.map(({ item: { tenantId, actor, target, detail } }) => [
        tenantId,
        actor,
        target,
        detail,
      ]);
    };
    await create('ops', 'OPERATOR', 'Umbrella');
    expect(await entries()).toEqual([]);
    await create('boss', 'ADMIN', 'New Customer');
    expect(await entries()).toEqual([[1, 'command line', 'Tenant:1', { name: 'New Customer' }]]);

    const full = jest.spyOn(SqliteAuditRepository.prototype, 'record').mockRejectedValue(new Error('full'));
    await expect(run('create', 'boss', 'ADMIN', 'Newer Customer')).rejects.toThrow('full');
    full.mockRestore();
    expect((await api.database.tenants.allTenants()).map(({ name }) => name)).not.toContain('Newer Customer');
  });

  it.each([
    [[]],
    [['destroy']],
    [['constructor']],
    [['create']],
    [['create', 'x', 'KING']],
    [['create', 'x', 'VIEWER', 'Acme', 'more']],
    [['create', 'x', 'VIEWER', '--days', '-1']],
    [['create', 'x', 'VIEWER', '--forever']],
    [['create', ' ', 'VIEWER']],
    [['create', 'Gateway', 'VIEWER']],
    [['create', 'bootstrap', 'VIEWER']],
    [['create', 'x', 'VIEWER', 'No/Where']],
    [['list', 'Nobody']],
    [['revoke']],
    [['revoke', 'nobody']],
  ])('tells what it wants: token %j', async (args) => {
    const error: Error = await run(...args).then(
      () => new Error('it did something'),
      (reason) => reason,
    );
    expect(error.name).toBe('UsageError');
    // The command line prints it as the log does: without what looks like a secret.
    expect(redactText(error.message)).toBe(error.message);
    expect(
      (await api.database.tokens.within({ tenantId: 1 }).list({ first: 1, after: null })).totalCount,
    ).toBe(0);
  });

  it('does not repeat a secret that it does not know', async () => {
    const mistyped = `rcl_${'x'.repeat(12)}_${'y'.repeat(49)}`;
    const error: Error = await run('revoke', mistyped).catch((reason) => reason);
    expect(error.message).not.toContain('yyy');
  });
});
