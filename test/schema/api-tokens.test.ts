import type { Role } from '../../src/core/access/viewer';
import { toGlobalId } from '../../src/schema/relay/global-id';
import { type Api, NOW, startApi } from './api-fixture';

const TOKEN = 'id name role tenant { name } prefix createdAt expiresAt lastUsedAt revokedAt';
const CREATE = `mutation ($input: CreateApiTokenInput!) {
  createApiToken(input: $input) { secret apiToken { ${TOKEN} } errors { __typename code path hint } } }`;
const REVOKE = `mutation ($id: ID!) {
  revokeApiToken(input: { tokenId: $id }) { apiToken { ${TOKEN} } errors { __typename code path ... on NotFound { id } } } }`;
const LIST = `query ($first: Int! = 50, $after: String) {
  apiTokens(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { ${TOKEN} } } }`;
const tenants = {
  acme: toGlobalId('Tenant', 1),
  umbrella: toGlobalId('Tenant', 2),
  initech: toGlobalId('Tenant', 3),
};

describe('API tokens', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.stop());

  async function create(input: object, by = 'ADMIN-1') {
    const { data, errors } = await api.query(
      CREATE,
      { input: { name: 'grafana', role: 'VIEWER', ...input } },
      by,
    );
    expect(errors).toBeUndefined();
    return data.createApiToken;
  }

  it('are made, listed without their secret, and revoked for good', async () => {
    const expiresAt = '2027-01-01T00:00:00.000Z';
    const { secret, apiToken, errors } = await create({ name: ' grafana ', role: 'OPERATOR', expiresAt });
    expect(errors).toEqual([]);
    expect(secret).toMatch(/^rcl_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    expect(apiToken).toEqual({
      id: expect.any(String),
      name: 'grafana',
      role: 'OPERATOR',
      tenant: { name: 'Acme' },
      prefix: secret.slice(0, 16),
      createdAt: new Date(NOW).toISOString(),
      expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    });
    expect((await api.query('{ viewer { actor role } }', {}, secret)).data.viewer).toEqual({
      actor: 'grafana',
      role: 'OPERATOR',
    });
    const { id } = apiToken;
    const revoked = { ...apiToken, lastUsedAt: expect.anything(), revokedAt: new Date(NOW).toISOString() };
    expect((await api.query(REVOKE, { id })).data.revokeApiToken).toEqual({ apiToken: revoked, errors: [] });
    jest.spyOn(api.services.clock, 'now').mockReturnValue(NOW + 1_000);
    expect((await api.query(REVOKE, { id })).data.revokeApiToken).toEqual({ apiToken: revoked, errors: [] });
    const { status, errors: refused } = await api.query('{ viewer { actor } }', {}, secret);
    expect({ status, code: refused![0].extensions.code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    const { data } = await api.query(LIST);
    expect(data.apiTokens).toMatchObject({ totalCount: 1, nodes: [revoked] });
    expect(JSON.stringify(data)).not.toContain(secret.slice(17, 60));
  });

  it('come in pages, the newest first, each once', async () => {
    for (const name of ['a', 'b', 'c']) await create({ name });
    const first = (await api.query(LIST, { first: 2 })).data.apiTokens;
    await create({ name: 'd' });
    const second = (await api.query(LIST, { first: 2, after: first.pageInfo.endCursor })).data.apiTokens;
    const names = [...first.nodes, ...second.nodes].map(({ name }: { name: string }) => name);
    expect(names).toEqual(['c', 'b', 'a']);
    expect(second).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: false } });
  });

  it('are seen, made and revoked by administrators of their tenant or of one above it', async () => {
    const { apiToken: ours } = await create({});
    const { apiToken: theirs } = await create({ tenantId: tenants.umbrella, role: 'ADMIN' });
    expect(theirs.tenant).toEqual({ name: 'Umbrella' });
    const idsSeen = async (by: string) =>
      (await api.query(LIST, {}, by)).data.apiTokens.nodes.map(({ id }: { id: string }) => id);
    expect(await idsSeen('ADMIN-1')).toEqual([theirs.id, ours.id]);
    expect(await idsSeen('ADMIN-2')).toEqual([theirs.id]);
    expect(await idsSeen('ADMIN-3')).toEqual([]);
    const node = async (id: string, by: string) =>
      (await api.query('query ($id: ID!) { node(id: $id) { id } }', { id }, by)).data.node;
    expect(await node(theirs.id, 'ADMIN-2')).toEqual({ id: theirs.id });
    expect(await node(ours.id, 'ADMIN-2')).toBeNull();
    expect((await api.query(REVOKE, { id: theirs.id }, 'ADMIN-1')).data.revokeApiToken.errors).toEqual([]);
  });

  it('of another tenant answer as missing ones', async () => {
    const { secret, apiToken } = await create({ tenantId: tenants.umbrella });
    const missing = toGlobalId('ApiToken', 987_654);
    for (const id of [apiToken.id, missing, tenants.initech, 'nonsense', '']) {
      const { data } = await api.query(REVOKE, { id }, 'ADMIN-3');
      const error = { __typename: 'NotFound', code: 'RC_TOKEN_NOT_FOUND', path: ['input', 'tokenId'], id };
      expect(data.revokeApiToken).toEqual({ apiToken: null, errors: [error] });
    }
    expect((await api.query('{ viewer { actor } }', {}, secret)).status).toBe(200);
  });

  it.each([
    [{ name: '' }, 'RC_TOKEN_NAME_INVALID', 'name'],
    [{ name: 'x'.repeat(129) }, 'RC_TOKEN_NAME_INVALID', 'name'],
    [{ name: 'two\nlines' }, 'RC_TOKEN_NAME_INVALID', 'name'],
    [{ name: 'gateway' }, 'RC_TOKEN_NAME_RESERVED', 'name'],
    [{ name: ' Command  Line' }, 'RC_TOKEN_NAME_RESERVED', 'name'],
    [{ name: 'BOOTSTRAP' }, 'RC_TOKEN_NAME_RESERVED', 'name'],
    [{ name: 'unknown' }, 'RC_TOKEN_NAME_RESERVED', 'name'],
    [{ name: 'gate\u200bway' }, 'RC_TOKEN_NAME_RESERVED', 'name'],
    [{ name: 'HTTPS://login.example.com ada' }, 'RC_TOKEN_NAME_RESERVED', 'name'],
    [{ expiresAt: new Date(NOW).toISOString() }, 'RC_TOKEN_EXPIRY_INVALID', 'expiresAt'],
    [{ tenantId: tenants.acme }, 'RC_TOKEN_TENANT_INVALID', 'tenantId'],
    [{ tenantId: tenants.initech }, 'RC_TOKEN_TENANT_INVALID', 'tenantId'],
    [{ tenantId: toGlobalId('Tenant', 987_654) }, 'RC_TOKEN_TENANT_INVALID', 'tenantId'],
    [{ tenantId: toGlobalId('Account', 1) }, 'RC_TOKEN_TENANT_INVALID', 'tenantId'],
  ])('are not made of %j', async (input, code, field) => {
    expect(await create(input, 'ADMIN-2')).toEqual({
      secret: null,
      apiToken: null,
      errors: [{ __typename: 'InvalidInput', code, path: ['input', field], hint: expect.any(String) }],
    });
    expect((await api.query(LIST)).data.apiTokens.totalCount).toBe(0);
  });

  it('are no more than their maker', async () => {
    const viewer = (role: Role) => ({ tenantId: 1, role, actor: 'x', tokenId: null, expiresAt: null });
    const refused = { code: 'RC_TOKEN_ROLE_FORBIDDEN', path: ['input', 'role'] };
    await expect(
      api.services.tokens.create(viewer('OPERATOR'), { name: 'x', role: 'ADMIN' }),
    ).rejects.toMatchObject(refused);
    await expect(
      api.services.tokens.create(viewer('VIEWER'), { name: 'x', role: 'OPERATOR' }),
    ).rejects.toMatchObject(refused);
    expect(
      await api.services.tokens.create(viewer('OPERATOR'), { name: 'x', role: 'OPERATOR' }),
    ).toHaveProperty('secret');
  });

  it.each(['VIEWER-1', 'OPERATOR-1'])('are nothing to %s, whether they are there or not', async (by) => {
    const { apiToken } = await create({});
    const forbidden = [{ extensions: { code: 'FORBIDDEN' } }];
    const input = { name: 'x', role: 'VIEWER' };
    for (const [query, variables] of [
      [LIST, {}],
      [CREATE, { input }],
      [REVOKE, { id: apiToken.id }],
      ['query ($id: ID!) { node(id: $id) { id } }', { id: apiToken.id }],
      ['query ($id: ID!) { node(id: $id) { id } }', { id: toGlobalId('ApiToken', 987_654) }],
    ] as const) {
      expect((await api.query(query, variables, by)).errors).toMatchObject(forbidden);
    }
    const nodes = await api.query(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: [tenants.acme, apiToken.id] },
      by,
    );
    expect(nodes).toMatchObject({
      data: { nodes: [{ id: tenants.acme }, null] },
      errors: [{ path: ['nodes', 1], extensions: { code: 'FORBIDDEN' } }],
    });
  });
});
