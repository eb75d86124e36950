import { toGlobalId } from '../../src/schema/relay/global-id';
import { subscriptionClient } from '../support/graphql-client';
import { until } from '../support/until';
import { addAccount, addResources, addSeries, type Api, startApi } from './api-fixture';

const [ROOT, UMBRELLA, INITECH] = [1, 2, 3].map((id) => toGlobalId('Tenant', id));
const MISSING = toGlobalId('Tenant', 987_654);

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

const PAYLOAD = 'tenant { id name parent { id } } errors { __typename code path message }';

async function create(input: object, token = 'ADMIN-1') {
  const document = `mutation ($input: CreateTenantInput!) { createTenant(input: $input) { ${PAYLOAD} } }`;
  return (await api.query(document, { input }, token)).data.createTenant;
}

async function update(input: object, token = 'ADMIN-1') {
  const document = `mutation ($input: UpdateTenantInput!) { updateTenant(input: $input) { ${PAYLOAD} } }`;
  return (await api.query(document, { input }, token)).data.updateTenant;
}

async function tree(token: string) {
  const { data } = await api.query('{ tenants { totalCount nodes { name parent { name } } } }', {}, token);
  expect(data.tenants.totalCount).toBe(data.tenants.nodes.length);
  return data.tenants.nodes.map(({ name, parent }: { name: string; parent: { name: string } | null }) =>
    parent ? `${parent.name}/${name}` : name,
  );
}

describe('the tree of tenants', () => {
  it('shows each caller what it is the top of', async () => {
    await create({ name: 'Labs', parentId: UMBRELLA });
    expect(await tree('VIEWER-1')).toEqual(['Acme', 'Acme/Initech', 'Umbrella/Labs', 'Acme/Umbrella']);
    expect(await tree('VIEWER-2')).toEqual(['Umbrella/Labs', 'Umbrella']);
    expect(await tree('VIEWER-3')).toEqual(['Initech']);
    const { data } = await api.query('{ viewer { tenant { id parent { id } } } }', {}, 'VIEWER-2');
    expect(data).toEqual({ viewer: { tenant: { id: UMBRELLA, parent: null } } });
  });

  it('is paged by name', async () => {
    const page = async (after: string | null) =>
      (
        await api.query(
          'query ($after: String) { tenants(first: 2, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } }',
          { after },
        )
      ).data.tenants;
    const first = await page(null);
    expect(first.nodes).toEqual([{ name: 'Acme' }, { name: 'Initech' }]);
    const second = await page(first.pageInfo.endCursor);
    expect(second).toMatchObject({ nodes: [{ name: 'Umbrella' }], pageInfo: { hasNextPage: false } });
  });

  it('grows below the caller’s own tenant, or one below that', async () => {
    const made = await create({ name: ' Labs ' }, 'ADMIN-2');
    expect(made).toEqual({
      tenant: { id: expect.any(String), name: 'Labs', parent: { id: UMBRELLA } },
      errors: [],
    });
    const deeper = await create({ name: 'Labs', parentId: made.tenant.id }, 'ADMIN-2');
    expect(deeper.tenant).toMatchObject({ name: 'Labs', parent: { id: made.tenant.id } });
    expect(await create({ name: 'Labs', parentId: UMBRELLA })).toMatchObject({
      tenant: null,
      errors: [{ __typename: 'Conflict', code: 'RC_TENANT_NAME_TAKEN', path: ['input', 'name'] }],
    });
    expect((await create({ name: 'Labs', parentId: INITECH })).errors).toEqual([]);
  });

  it.each(['', '   ', 'a/b', 'a\u0000b', 'x'.repeat(129)])('has no tenant of the name %p', async (name) => {
    const refused = [{ __typename: 'InvalidInput', code: 'RC_TENANT_NAME_INVALID', path: ['input', 'name'] }];
    expect(await create({ name })).toMatchObject({ tenant: null, errors: refused });
    expect(await update({ tenantId: UMBRELLA, name })).toMatchObject({ tenant: null, errors: refused });
  });

  it('answers a foreign tenant as a missing one', async () => {
    const said = async (id: string) => {
      const answers = [
        await create({ name: 'Mine', parentId: id }, 'ADMIN-3'),
        await update({ tenantId: id, name: 'Mine' }, 'ADMIN-3'),
        await update({ tenantId: INITECH, parentId: id }, 'ADMIN-3'),
        (await api.query(`{ node(id: "${id}") { id } }`, {}, 'ADMIN-3')).data,
      ];
      return JSON.stringify(answers).replaceAll(id, '<id>');
    };
    const missing = await said(MISSING);
    expect(missing).toContain('RC_TENANT_NOT_FOUND');
    for (const foreign of [ROOT, UMBRELLA]) expect(await said(foreign)).toBe(missing);
    expect(await said(toGlobalId('Account', 1))).toBe(missing);
    expect(await tree('VIEWER-1')).toEqual(['Acme', 'Acme/Initech', 'Acme/Umbrella']);
  });

  it('lets nobody place or name its own tenant, the root’s administrators excepted', async () => {
    const child = (await create({ name: 'Labs' }, 'ADMIN-2')).tenant.id;
    const own = { __typename: 'InvalidInput', code: 'RC_TENANT_OWN', path: ['input', 'tenantId'] };
    expect((await update({ tenantId: UMBRELLA, name: 'Mine' }, 'ADMIN-2')).errors).toMatchObject([own]);
    expect((await update({ tenantId: UMBRELLA, parentId: child }, 'ADMIN-2')).errors).toMatchObject([own]);
    expect((await update({ tenantId: ROOT, parentId: UMBRELLA })).errors).toMatchObject([own]);
    expect((await update({ tenantId: ROOT, name: 'Gateway' })).tenant).toMatchObject({ name: 'Gateway' });
  });

  it('moves a tenant with what is below it, never below itself', async () => {
    const labs = (await create({ name: 'Labs', parentId: UMBRELLA })).tenant.id;
    const account = await addAccount(api, { tenantId: 4 });
    const id = toGlobalId('Account', account.id);
    const sees = async (token: string) =>
      (await api.query(`{ account(id: "${id}") { id } }`, {}, token)).data.account !== null;
    expect(await update({ tenantId: UMBRELLA, parentId: labs })).toMatchObject({
      errors: [{ __typename: 'Conflict', code: 'RC_TENANT_CYCLE', path: ['input', 'parentId'] }],
    });
    expect([await sees('VIEWER-2'), await sees('VIEWER-3')]).toEqual([true, false]);
    expect((await update({ tenantId: labs, name: 'R&D', parentId: INITECH })).tenant).toEqual({
      id: labs,
      name: 'R&D',
      parent: { id: INITECH },
    });
    expect([await sees('VIEWER-2'), await sees('VIEWER-3'), await sees('VIEWER-4')]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await tree('VIEWER-1')).toEqual(['Acme', 'Acme/Initech', 'Initech/R&D', 'Acme/Umbrella']);
  });

  it('has at most ten levels', async () => {
    let parentId = INITECH;
    for (let level = 3; level <= 10; level++) {
      parentId = (await create({ name: `Level ${level}`, parentId })).tenant.id;
    }
    expect(await create({ name: 'One more', parentId })).toMatchObject({
      errors: [{ code: 'RC_TENANT_TOO_DEEP', path: ['input', 'parentId'] }],
    });
    expect(await update({ tenantId: UMBRELLA, parentId })).toMatchObject({
      errors: [{ code: 'RC_TENANT_TOO_DEEP', path: ['input', 'parentId'] }],
    });
  });

  it('is an administrator’s to change', async () => {
    for (const token of ['VIEWER-1', 'OPERATOR-1']) {
      for (const mutation of [
        'createTenant(input: { name: "x" }) { errors { code } }',
        `updateTenant(input: { tenantId: "${UMBRELLA}", name: "x" }) { errors { code } }`,
        `moveAccount(input: { accountId: "x", tenantId: "${UMBRELLA}" }) { errors { code } }`,
      ]) {
        expect(await api.query(`mutation { ${mutation} }`, {}, token)).toMatchObject({
          errors: [{ extensions: { code: 'FORBIDDEN' } }],
        });
      }
    }
  });
});

describe('a choice of tenants', () => {
  beforeEach(async () => {
    for (const [tenantId, name] of [
      [1, 'acme'],
      [2, 'umbrella'],
      [3, 'initech'],
    ] as const) {
      const account = await addAccount(api, { tenantId, name, awsAccountId: `${tenantId}`.repeat(12) });
      await addSeries(api, (await addResources(api, account, [{ key: `i-${name}` }]))[0]);
    }
  });

  it.each([
    [[UMBRELLA], 'VIEWER-1', ['umbrella']],
    [[ROOT], 'VIEWER-1', ['acme']],
    [[UMBRELLA, INITECH, MISSING], 'VIEWER-1', ['initech', 'umbrella']],
    [[UMBRELLA, ROOT], 'VIEWER-3', []],
    [[], 'VIEWER-1', []],
    [null, 'VIEWER-1', ['acme', 'initech', 'umbrella']],
  ])('%j for %s is %j', async (tenantIds, token, expected) => {
    const { data } = await api.query(
      `query ($tenantIds: [ID!]) {
        accounts(filter: { tenantIds: $tenantIds }) { statusCounts { count } nodes { name } }
        resources(filter: { tenantIds: $tenantIds }) { nodes { name } }
        metrics(filter: { tenantIds: $tenantIds }) { nodes { resource { name } } } }`,
      { tenantIds },
      token,
    );
    const counted = data.accounts.statusCounts.reduce(
      (sum: number, { count }: { count: number }) => sum + count,
      0,
    );
    expect(counted).toBe(expected.length);
    expect(data.accounts.nodes.map(({ name }: { name: string }) => name)).toEqual(expected);
    const keys = expected.map((name) => `i-${name}`);
    expect(data.resources.nodes.map(({ name }: { name: string }) => name)).toEqual(keys);
    const ofSeries = data.metrics.nodes.map(({ resource }: { resource: { name: string } }) => resource.name);
    expect(ofSeries.sort()).toEqual(keys);
  });

  it('shows each tenant’s own accounts', async () => {
    const { data } = await api.query('{ tenants { nodes { name accounts { totalCount nodes { name } } } } }');
    expect(data.tenants.nodes).toEqual(
      ['acme', 'initech', 'umbrella'].map((name) => ({
        name: `${name[0].toUpperCase()}${name.slice(1)}`,
        accounts: { totalCount: 1, nodes: [{ name }] },
      })),
    );
  });
});

it('what is live follows a tenant to its new parent', async () => {
  const labs = (await create({ name: 'Labs', parentId: UMBRELLA })).tenant.id;
  const account = await addAccount(api, { tenantId: 4 });
  const tokens = ['VIEWER-1', 'VIEWER-2', 'VIEWER-3', 'VIEWER-4'];
  const heard = Object.fromEntries(tokens.map((token) => [token, new Set<string>()]));
  const clients = tokens.map((token) => {
    const client = subscriptionClient({ url: api.server.url, token });
    const listen = async () => {
      const changes = client.iterate<{ accountChanges: { name: string } }>({
        query: 'subscription { accountChanges { name } }',
      });
      for await (const { data } of changes) heard[token].add(data!.accountChanges.name);
    };
    return { client, ended: listen() };
  });
  const publish = (name: string, tenantId = 4) =>
    api.bus.publish({
      kind: 'accountChanged',
      tenantId,
      accountId: account.id,
      account: { ...account, name },
    });
  const hear = (name: string, ...listeners: string[]) => listeners.every((token) => heard[token].has(name));
  await until(() => {
    publish('before');
    publish('of Initech', 3);
    return hear('before', 'VIEWER-1', 'VIEWER-2', 'VIEWER-4') && hear('of Initech', 'VIEWER-3');
  });
  await update({ tenantId: labs, parentId: INITECH });
  publish('after');
  publish('of Umbrella', 2);
  await until(() => hear('after', 'VIEWER-1', 'VIEWER-3', 'VIEWER-4') && hear('of Umbrella', 'VIEWER-2'));
  // In the order of publication: what came before was heard.
  expect(heard['VIEWER-2'].has('after')).toBe(false);
  expect(heard['VIEWER-3'].has('before')).toBe(false);
  for (const { client } of clients) await client.dispose();
  await Promise.allSettled(clients.map(({ ended }) => ended));
});
