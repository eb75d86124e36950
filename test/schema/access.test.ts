import { get } from 'node:http';
import { toGlobalId } from '../../src/schema/relay/global-id';
import {
  addAccount,
  addPoints,
  addResources,
  addRun,
  addSeries,
  type Api,
  LAST_PERIOD,
  post,
  startApi,
} from './api-fixture';

describe('who may ask for what', () => {
  let api: Api;
  const ids: Record<string, string> = {};
  const foreignCursor: { accounts?: string; resources?: string; metrics?: string } = {};

  beforeAll(async () => {
    api = await startApi();
    await addAccount(api, { name: 'ours' });
    const theirs = await addAccount(api, { tenantId: 2, name: 'theirs', awsAccountId: '222222222222' });
    const [resource] = await addResources(api, theirs, [{ key: 'i-secret' }]);
    const series = await addSeries(api, resource);
    await addPoints(api, series, [[LAST_PERIOD, 1]]);
    const run = await addRun(api, theirs);
    ids.Tenant = toGlobalId('Tenant', 2);
    ids.Account = toGlobalId('Account', theirs.id);
    ids.Resource = toGlobalId('Resource', resource.id);
    ids.Metric = toGlobalId('Metric', series.id);
    ids.CollectionRun = toGlobalId('CollectionRun', run.id);
    const { data } = await api.query(
      `{ accounts { pageInfo { endCursor } } resources { pageInfo { endCursor } } metrics { pageInfo { endCursor } } }`,
      {},
      'VIEWER-2',
    );
    for (const list of ['accounts', 'resources', 'metrics'] as const) {
      foreignCursor[list] = data[list].pageInfo.endCursor;
      expect(foreignCursor[list]).toEqual(expect.any(String));
    }
  });
  afterAll(() => api.stop());

  it.each([null, 'nobody', ''])('answers nothing without a good token: %p', async (token) => {
    for (const query of ['{ viewer { actor } }', '{ __schema { types { name } } }', 'not GraphQL']) {
      const answer = await post(api.server.url, token, { query });
      expect(answer).toEqual({
        status: 401,
        errors: [
          {
            message: expect.any(String),
            extensions: { code: 'UNAUTHENTICATED', correlationId: expect.any(String) },
          },
        ],
      });
    }
  });

  it('answers the health probes without one, and nothing else', async () => {
    const base = api.server.url.replace('/graphql', '');
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${base}/readyz`)).json()).toEqual({ ok: true, checks: { database: true } });
    api.services.health = async () => ({ ok: false, checks: { database: false } });
    expect((await fetch(`${base}/readyz`)).status).toBe(503);
    expect((await fetch(base)).status).toBe(404);
  });

  it('lets each role do what it may', async () => {
    api.services.accounts.pause = async () => (await api.database.accounts.within({ tenantId: 1 }).find(1))!;
    const pause = `mutation ($id: ID!) { pauseAccount(input: { accountId: $id }) { account { name } } }`;
    const variables = { id: toGlobalId('Account', 1) };
    expect((await api.query('{ viewer { role } }', {}, 'VIEWER-1')).data).toEqual({
      viewer: { role: 'VIEWER' },
    });
    expect(await api.query(pause, variables, 'VIEWER-1')).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    expect((await api.query(pause, variables, 'OPERATOR-1')).data).toEqual({
      pauseAccount: { account: { name: 'ours' } },
    });
  });

  it('checks the roles of fields in fragments too, before anything runs', async () => {
    api.services.accounts.pause = jest.fn();
    const answer = await api.query(
      `mutation ($id: ID!) { ...F } fragment F on Mutation { ... { p: pauseAccount(input: { accountId: $id }) { errors { code } } } }`,
      { id: toGlobalId('Account', 1) },
      'VIEWER-1',
    );
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(api.services.accounts.pause).not.toHaveBeenCalled();
  });

  it('shows a tenant nothing of another one, by any id', async () => {
    for (const id of Object.values(ids)) {
      const { data } = await api.query(
        `query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } account(id: $id) { id } resource(id: $id) { id } }`,
        { id },
        'ADMIN-3',
      );
      expect(data).toEqual({ node: null, nodes: [null], account: null, resource: null });
    }
    for (const token of ['VIEWER-2', 'VIEWER-1']) {
      const seen = await api.query(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
        { ids: Object.values(ids) },
        token,
      );
      expect(seen.data.nodes).not.toContain(null);
    }
  });

  it('shows a tenant nothing of another one, by any filter, list or cursor', async () => {
    const { data, errors } = await api.query(
      `query ($account: [ID!], $resource: [ID!], $metric: [ID!], $a: String, $r: String, $m: String) {
        accounts(filter: { ids: $account }) { totalCount statusCounts { count } nodes { id } }
        after: accounts(after: $a, orderBy: { field: NAME }) { nodes { name } }
        resources(filter: { accountIds: $account, ids: $resource, includeGone: true }) { totalCount nodes { id } }
        allResources: resources { totalCount } afterResources: resources(after: $r) { nodes { id } }
        metrics(filter: { resourceIds: $resource }) { totalCount } byId: metrics(filter: { ids: $metric }) { totalCount }
        allMetrics: metrics { totalCount } afterMetrics: metrics(after: $m) { nodes { id } }
        metricData(filter: { ids: $metric }, range: { last: 3600 }) { totalSeries series { columns } }
        collectionRuns(filter: { accountIds: $account }) { totalCount } }`,
      {
        account: [ids.Account],
        resource: [ids.Resource],
        metric: [ids.Metric],
        a: foreignCursor.accounts,
        r: foreignCursor.resources,
        m: foreignCursor.metrics,
      },
      'ADMIN-3',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      accounts: { totalCount: 0, statusCounts: [], nodes: [] },
      after: { nodes: [] },
      resources: { totalCount: 0, nodes: [] },
      allResources: { totalCount: 0 },
      afterResources: { nodes: [] },
      metrics: { totalCount: 0 },
      byId: { totalCount: 0 },
      allMetrics: { totalCount: 0 },
      afterMetrics: { nodes: [] },
      metricData: { totalSeries: 0, series: [] },
      collectionRuns: { totalCount: 0 },
    });
  });

  it('answers a wrong id exactly as a missing one', async () => {
    const wrong = [
      '',
      'x',
      'QWNjb3VudDoxCg',
      Buffer.from('Account:01').toString('base64url'),
      ids.Resource,
      `${ids.Account}=`,
    ];
    for (const id of wrong) {
      const { data, errors } = await api.query('query ($id: ID!) { account(id: $id) { id } }', { id });
      expect(errors).toBeUndefined();
      expect(data).toEqual({ account: null });
    }
  });

  it('logs who asked for what, and never a variable or a token', async () => {
    await api.query('query Named($s: String) { accounts(filter: { search: $s }) { totalCount } }', {
      s: 'a secret',
    });
    expect(api.log.at(-1)).toMatchObject({
      operation: 'Named',
      type: 'query',
      actor: 'test ADMIN',
      tenantId: 1,
    });
    await api.query('{ accounts(filter: { search: "a secret" }) { nothing } }');
    expect(api.log.at(-1)).toEqual({
      requestId: expect.any(String),
      actor: 'test ADMIN',
      tenantId: 1,
      errors: 1,
      message: 'operation refused',
    });
    expect(JSON.stringify(api.log)).not.toMatch(/a secret|Bearer|ADMIN-1/);
  });

  it('refuses a simple cross-site request', async () => {
    const url = `${api.server.url}?query=${encodeURIComponent('{ viewer { actor } }')}`;
    const status = await new Promise((resolve) =>
      get(url, { headers: { authorization: 'Bearer ADMIN-1' } }, (response) => resolve(response.statusCode)),
    );
    expect(status).toBe(400);
  });
});
