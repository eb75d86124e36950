import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { AuditRecord } from '../../src/core/audit/audit-trail';
import { ConflictError } from '../../src/core/errors';
import { SqliteConnection } from '../../src/db/sqlite-connection';
import { requestError } from '../../src/schema/errors/request-error';
import { toGlobalId } from '../../src/schema/relay/global-id';
import { addAccount, type Api, AUDIT_KEY, NOW, startApi } from './api-fixture';

const ROOT = 1;
const UMBRELLA = 2;
const INITECH = 3;
const LOG = `query ($filter: AuditFilter, $first: Int! = 50, $after: String) {
  auditLog(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id at actor action target accountId detail } } }`;
const PAUSE = `mutation ($id: ID!) { pauseAccount(input: { accountId: $id }) { account { name } errors { code } } }`;

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

interface Node {
  id: string;
  at: string;
  actor: string;
  action: string;
  target: string | null;
  accountId: string | null;
  detail: Record<string, any>;
}

const record = (tenantId: number, varied: Partial<AuditRecord> = {}) =>
  api.database.audit.record({ tenantId, actor: 'gateway', action: 'trust.verified', ...varied });

/** The oldest first. */
async function log(token = 'ADMIN-1', filter: object | null = null): Promise<Node[]> {
  const { data, errors } = await api.query(LOG, { filter }, token);
  expect(errors).toBeUndefined();
  return (data.auditLog.nodes as Node[]).reverse();
}

describe('the audit log', () => {
  it('answers page by page, the newest first', async () => {
    for (let index = 0; index < 5; index++) await record(ROOT, { detail: { index } });
    const indexes: number[] = [];
    let after: string | null = null;
    do {
      const { data }: { data: any } = await api.query(LOG, { first: 2, after });
      expect(data.auditLog.totalCount).toBe(5);
      indexes.push(...data.auditLog.nodes.map(({ detail }: Node) => detail.index));
      after = data.auditLog.pageInfo.hasNextPage ? data.auditLog.pageInfo.endCursor : null;
    } while (after);
    expect(indexes).toEqual([4, 3, 2, 1, 0]);
  });

  it('tells what, when, by whom and to what, by ids that the API knows', async () => {
    const before = Date.now();
    await record(ROOT, { target: { type: 'Account', id: 7 }, accountId: 7, detail: { ok: true } });
    const [entry] = await log();
    expect(entry).toEqual({
      id: expect.any(String),
      at: expect.any(String),
      actor: 'gateway',
      action: 'trust.verified',
      target: toGlobalId('Account', 7),
      accountId: toGlobalId('Account', 7),
      detail: { ok: true },
    });
    expect(Date.parse(entry!.at)).toBeGreaterThanOrEqual(before);
    const node = 'query ($id: ID!) { node(id: $id) { id ... on AuditEntry { action } } }';
    expect((await api.query(node, { id: entry!.id })).data).toEqual({
      node: { id: entry!.id, action: 'trust.verified' },
    });
    expect((await api.query(node, { id: entry!.id }, 'ADMIN-2')).data).toEqual({ node: null });
    expect((await api.query(node, { id: entry!.id }, 'OPERATOR-1')).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  it('is filtered by accounts, actions and time', async () => {
    await record(ROOT, { accountId: 1, action: 'secret.read' });
    await record(ROOT, { accountId: 2 });
    await record(ROOT);
    const found = async (filter: object) => (await log('ADMIN-1', filter)).length;
    expect(await found({ accountIds: [toGlobalId('Account', 1), toGlobalId('Account', 9)] })).toBe(1);
    expect(await found({ actions: ['trust.verified'] })).toBe(2);
    expect(await found({ actions: ['trust'] })).toBe(0);
    const hour = 3_600_000;
    const range = (from: number, to: number) => ({
      range: { from: new Date(Date.now() + from).toISOString(), to: new Date(Date.now() + to).toISOString() },
    });
    expect(await found(range(-hour, hour))).toBe(3);
    expect(await found(range(-2 * hour, -hour))).toBe(0);
    const wrong = await api.query(LOG, { filter: { accountIds: [toGlobalId('Tenant', 1)] } });
    expect(wrong.errors).toMatchObject([{ extensions: { rolecallCode: 'RC_FILTER_INVALID' } }]);
  });

  it('shows an administrator its tenant and those below, and others nothing at all', async () => {
    for (const tenantId of [ROOT, UMBRELLA, INITECH]) await record(tenantId, { detail: { tenantId } });
    const seen = async (token: string) => (await log(token)).map(({ detail }) => detail.tenantId);
    expect(await seen('ADMIN-1')).toEqual([ROOT, UMBRELLA, INITECH]);
    expect(await seen('ADMIN-2')).toEqual([UMBRELLA]);
    const { data } = await api.query(LOG, { first: 1 }, 'ADMIN-1');
    const theirs = await api.query(LOG, { after: data.auditLog.pageInfo.endCursor }, 'ADMIN-2');
    expect(theirs.data.auditLog.nodes.map(({ detail }: Node) => detail.tenantId)).toEqual([UMBRELLA]);
    for (const token of ['OPERATOR-1', 'VIEWER-1']) {
      for (const query of [LOG, '{ auditIntegrity { ok } }']) {
        expect((await api.query(query, {}, token)).errors).toMatchObject([
          { extensions: { code: 'FORBIDDEN' } },
        ]);
      }
    }
  });
});

describe('the integrity of the audit log', () => {
  const INTEGRITY = `query ($id: ID) {
    auditIntegrity(tenantId: $id) { ok entries firstBadEntry problem checkedAt lastCheckpointAt } }`;
  const integrity = async (id: number | null = null, token = 'ADMIN-1') =>
    (await api.query(INTEGRITY, { id: id && toGlobalId('Tenant', id) }, token)).data.auditIntegrity;

  it('is answered for all that the caller sees, or one tenant of that', async () => {
    for (const tenantId of [ROOT, UMBRELLA, UMBRELLA, INITECH]) await record(tenantId);
    await api.database.audit.signHeads((head) => AUDIT_KEY.sign({ ...head, at: NOW - 5_000 }));
    const whole = {
      ok: true,
      firstBadEntry: null,
      problem: null,
      checkedAt: new Date(NOW).toISOString(),
      lastCheckpointAt: new Date(NOW - 5_000).toISOString(),
    };
    expect(await integrity()).toEqual({ ...whole, entries: 4 });
    expect(await integrity(UMBRELLA)).toEqual({ ...whole, entries: 2 });
    expect(await integrity(null, 'ADMIN-2')).toEqual({ ...whole, entries: 2 });
    for (const [id, token] of [
      [INITECH, 'ADMIN-2'],
      [99, 'ADMIN-1'],
    ] as const) {
      const { errors } = await api.query(INTEGRITY, { id: toGlobalId('Tenant', id) }, token);
      expect(errors).toMatchObject([
        { extensions: { code: 'NOT_FOUND', rolecallCode: 'RC_TENANT_NOT_FOUND' } },
      ]);
    }
  });

  it('names the first bad entry', async () => {
    for (let index = 0; index < 3; index++) await record(UMBRELLA);
    const [, second] = await log();
    const attacker = await SqliteConnection.open(api.databaseFile, 'readwrite');
    await attacker.run('DROP TRIGGER audit_entry_not_changed');
    await attacker.run(`UPDATE audit_entry SET actor = 'nobody' WHERE sequence = 2`);
    await attacker.close();
    expect(await integrity()).toMatchObject({ ok: false, entries: 1, firstBadEntry: second!.id });
    expect((await integrity(UMBRELLA)).problem).toContain('Entry 2 was changed or moved');
    expect(await integrity(INITECH)).toMatchObject({ ok: true });
  });
});

describe('a mutation', () => {
  const accountOf = async (tenantId = ROOT) => {
    const account = await addAccount(api, { tenantId });
    return { account, id: toGlobalId('Account', account.id) };
  };

  it('is recorded before it runs and when it has ended', async () => {
    const { account, id } = await accountOf();
    let during: Node[] = [];
    api.services.accounts.pause = async () => {
      during = await log();
      return account;
    };
    expect((await api.query(PAUSE, { id }, 'OPERATOR-1')).errors).toBeUndefined();
    const asked = {
      actor: 'test OPERATOR',
      action: 'mutation.pauseAccount',
      target: id,
      accountId: id,
      detail: {
        mutationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        caller: { role: 'OPERATOR', tenant: toGlobalId('Tenant', ROOT), token: toGlobalId('ApiToken', 0) },
        input: { accountId: id },
      },
    };
    expect(during).toMatchObject([asked]);
    const { mutationId } = during[0]!.detail;
    expect(await log()).toMatchObject([
      asked,
      {
        action: 'mutation.pauseAccount.ended',
        target: id,
        accountId: id,
        detail: { mutationId, ok: true, errors: [] },
      },
    ]);
  });

  it('does not run when it cannot be recorded', async () => {
    const { id } = await accountOf();
    const pause = jest.fn();
    api.services.accounts.pause = pause;
    api.services.audit = {
      ...api.services.audit,
      record: () => Promise.reject(new Error('the disk is full')),
    };
    expect((await api.query(PAUSE, { id })).errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(pause).not.toHaveBeenCalled();
  });

  it('is done all the same when only its end cannot be recorded', async () => {
    const { account, id } = await accountOf();
    const { audit } = api.services;
    api.services.accounts.pause = async () => {
      api.services.audit = {
        within: audit.within,
        record: () => Promise.reject(new Error('the disk is full')),
      };
      return account;
    };
    expect((await api.query(PAUSE, { id })).data.pauseAccount.errors).toEqual([]);
    expect(api.log).toContainEqual(
      expect.objectContaining({ message: 'The end of a mutation could not be audited' }),
    );
  });

  it.each([
    ['a mistake', new ConflictError('RC_ACCOUNT_STATE', 'no'), 'RC_ACCOUNT_STATE'],
    ['an error of the request', requestError('TIMED_OUT', 'late'), 'TIMED_OUT'],
    ['a failure', new Error('password=1'), 'INTERNAL'],
  ])('ends in the log as it ended: %s', async (_what, error, code) => {
    const { id } = await accountOf();
    api.services.accounts.pause = () => Promise.reject(error);
    await api.query(PAUSE, { id });
    expect((await log()).at(-1)).toMatchObject({
      action: 'mutation.pauseAccount.ended',
      detail: { ok: false, errors: [code] },
    });
    expect(JSON.stringify(await log())).not.toContain('password');
  });

  it('is in the log of the tenant that it concerns, and tells who asked', async () => {
    const { account, id } = await accountOf(UMBRELLA);
    api.services.accounts.pause = async () => account;
    await api.query(PAUSE, { id }, 'ADMIN-1');
    const theirs = await log('ADMIN-2');
    expect(theirs.map(({ action }) => action)).toEqual([
      'mutation.pauseAccount',
      'mutation.pauseAccount.ended',
    ]);
    expect(theirs[0]!.detail.caller).toMatchObject({ tenant: toGlobalId('Tenant', ROOT) });
  });

  it('on a foreign or missing id is in the log of the caller alone', async () => {
    const { id } = await accountOf(INITECH);
    api.services.accounts.pause = () => Promise.reject(new ConflictError('RC_ACCOUNT_STATE', 'no'));
    await api.query(PAUSE, { id }, 'ADMIN-2');
    expect(await log('ADMIN-3')).toEqual([]);
    expect(await log('ADMIN-2')).toMatchObject([{ target: id, accountId: null }, { accountId: null }]);
  });

  it('that makes something names it in the end', async () => {
    const { data } = await api.query(
      `mutation { createApiToken(input: { name: "ci", role: VIEWER, tenantId: "${toGlobalId('Tenant', UMBRELLA)}" }) {
        apiToken { id } secret errors { code } } }`,
    );
    const { apiToken, secret } = data.createApiToken;
    const entries = await log('ADMIN-2');
    expect(entries).toMatchObject([
      {
        action: 'mutation.createApiToken',
        target: toGlobalId('Tenant', UMBRELLA),
        detail: { input: { name: 'ci' } },
      },
      { action: 'mutation.createApiToken.ended', target: apiToken.id },
    ]);
    expect(JSON.stringify(entries)).not.toContain(secret.slice(4, 40));
    await api.query(`mutation { revokeApiToken(input: { tokenId: "${apiToken.id}" }) { errors { code } } }`);
    expect((await log('ADMIN-2')).map(({ action, target }) => [action, target]).slice(2)).toEqual([
      ['mutation.revokeApiToken', apiToken.id],
      ['mutation.revokeApiToken.ended', apiToken.id],
    ]);
  });

  it('leaves its secrets out', async () => {
    const { account, id } = await accountOf();
    const verification = { at: NOW, complete: true, ok: true, checks: [] };
    api.services.accounts.connect = async () => ({ account, verification });
    const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    await api.query(
      `mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { errors { code } } }`,
      { input: { accountId: id, accessKey: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey } } },
    );
    const entries = await log();
    expect(entries[0]!.detail.input).toEqual({ accountId: id, key: { idEnding: 'MPLE' }, force: false });
    expect(JSON.stringify(entries)).not.toMatch(/wJalr|AKIA/);
  });

  it('is recorded for each field of an operation, in their order', async () => {
    const { account, id } = await accountOf();
    api.services.accounts.pause = async () => account;
    api.services.accounts.resume = async () => account;
    await api.query(
      `mutation ($id: ID!) { a: pauseAccount(input: { accountId: $id }) { errors { code } } ...F }
      fragment F on Mutation { b: resumeAccount(input: { accountId: $id }) { errors { code } } }`,
      { id },
    );
    const ended = (name: string) => [`mutation.${name}`, `mutation.${name}.ended`];
    expect((await log()).map(({ action }) => action)).toEqual([
      ...ended('pauseAccount'),
      ...ended('resumeAccount'),
    ]);
  });
});

describe('a refused mutation', () => {
  const id = toGlobalId('Account', 1);
  const refused = (name: string, code: string, role = 'ADMIN') => ({
    action: `mutation.${name}.refused`,
    actor: `test ${role}`,
    detail: { caller: { role }, errors: [code] },
  });

  it('is recorded: the role is too low', async () => {
    await api.query(PAUSE, { id }, 'VIEWER-1');
    expect(await log()).toMatchObject([refused('pauseAccount', 'FORBIDDEN', 'VIEWER')]);
  });

  it('is recorded: a variable is wrong, and never what it was', async () => {
    await api.query(PAUSE, { id: { secret: 'canary' } });
    expect(await log()).toMatchObject([refused('pauseAccount', 'BAD_USER_INPUT')]);
    expect(JSON.stringify(await log())).not.toContain('canary');
  });

  it('is recorded: the document is not valid', async () => {
    await api.query(
      'mutation { pauseAccount(input: { accountId: 5.5, canary: 1 }) { nothing } unknownField }',
    );
    expect(await log()).toMatchObject([refused('pauseAccount', 'BAD_USER_INPUT')]);
    expect(JSON.stringify(await log())).not.toMatch(/canary|unknownField/);
  });

  it('is recorded: it came over a WebSocket', async () => {
    const client = createClient({
      url: api.server.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: 'Bearer ADMIN-1' },
      retryAttempts: 0,
    });
    const answer = client.iterate({ query: PAUSE, variables: { id } }).next();
    await expect(answer).rejects.toMatchObject([{ message: expect.stringContaining('subscriptions alone') }]);
    await client.dispose();
    expect(await log()).toMatchObject([refused('pauseAccount', 'BAD_USER_INPUT')]);
  });

  it('is no query, and no text that does not parse', async () => {
    await api.query('{ nothing }');
    await api.query('mutation {');
    await api.query('{ viewer { actor } }');
    expect(await log()).toEqual([]);
  });
});
