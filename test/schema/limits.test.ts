import { get } from 'node:http';
import { getIntrospectionQuery } from 'graphql';
import { subscriptionClient } from '../support/graphql-client';
import { addAccount, addResources, addSeries, type Api, post, startApi, until } from './api-fixture';

describe('limits', () => {
  let api: Api;

  beforeAll(async () => {
    api = await startApi({ limits: { nodes: 5, points: 100, deadlineMs: 200 }, introspection: true });
    const account = await addAccount(api);
    const [resource] = await addResources(api, account, [{ key: 'i-1' }, { key: 'i-2' }, { key: 'i-3' }]);
    await addSeries(api, resource);
  });
  afterAll(() => api.stop());

  const deep = (levels: number) =>
    `${'{ accounts { nodes { tenant '.repeat(levels)}{ name }${' } } }'.repeat(levels)}`;
  const tooLarge = {
    depth: deep(5),
    'depth in fragments': `{ ...A } fragment A on Query ${deep(5)}`,
    aliases: `{ viewer { ${Array.from({ length: 31 }, (_, i) => `a${i}: actor`).join(' ')} } }`,
    'aliases in fragments': `{ viewer { ...A ...A ...A ...A } } fragment A on Viewer { ${Array.from({ length: 8 }, (_, i) => `a${i}: actor`).join(' ')} }`,
    'root fields': `{ ${'viewer { actor } '.repeat(31)} }`,
    tokens: `{ viewer { ${'actor '.repeat(2_000)} } }`,
  };

  it.each(Object.entries(tooLarge))(
    'refuses a document with too many: %s, over HTTP',
    async (_what, query) => {
      const { errors, data } = await api.query(query);
      expect(data).toBeUndefined();
      expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
    },
  );

  it.each([
    ['tokens', `subscription { metricUpdates(filter: {}) { ${'replay '.repeat(2_000)} } }`],
    ['depth', `subscription { metricUpdates(filter: {}) { account { tenant ${deep(4)} } } }`],
    [
      'aliases',
      `subscription { metricUpdates(filter: {}) { ${Array.from({ length: 31 }, (_, i) => `a${i}: replay`).join(' ')} } }`,
    ],
  ])('refuses the same over a WebSocket: %s', async (_what, query) => {
    const client = subscriptionClient({ url: api.server.url, token: 'VIEWER-1' });
    await expect(client.iterate({ query }).next()).rejects.toEqual(
      expect.arrayContaining([
        expect.objectContaining({ extensions: expect.objectContaining({ code: 'LIMIT_EXCEEDED' }) }),
      ]),
    );
    await client.dispose();
  });

  it('lets the standard introspection pass, where it is allowed', async () => {
    const { errors } = await api.query(getIntrospectionQuery());
    expect(errors).toBeUndefined();
  });

  it('survives fragments in a circle and fragments that multiply', async () => {
    const circle = await api.query(
      '{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }',
    );
    expect(circle.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const bomb = Array.from(
      { length: 40 },
      (_, i) => `fragment F${i} on Viewer { ...F${i + 1} ...F${i + 1} }`,
    ).join(' ');
    const { errors } = await api.query(`{ viewer { ...F0 } } ${bomb} fragment F40 on Viewer { a: actor }`);
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
  });

  it('bounds the items and the points of one answer', async () => {
    const items = await api.query(
      '{ a: resources { totalCount nodes { id } } b: resources { nodes { id } } }',
    );
    expect(items.errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED', hint: expect.any(String) } },
    ]);
    const points = await api.query('{ metrics { nodes { columns(range: { last: 86400 }) } } }');
    expect(points.errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
    const data = await api.query('{ metricData(filter: {}, range: { last: 86400 }) { step } }');
    expect(data.errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
    const few = await api.query('{ metricData(filter: {}, range: { last: 86400 }, maxPoints: 50) { step } }');
    expect(few.errors).toBeUndefined();
  });

  it('bounds the body, and answers one that is not JSON', async () => {
    const large = await post(api.server.url, 'ADMIN-1', {
      query: '{ viewer { actor } }',
      variables: { a: 'x'.repeat(300_000) },
    });
    expect(large).toMatchObject({ status: 413, errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] });
    const broken = await fetch(api.server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer ADMIN-1' },
      body: '{',
    });
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({
      errors: [{ message: 'The body is not JSON', extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('gives an operation up at its deadline', async () => {
    api.services.accounts.pause = () => new Promise(() => {});
    const { errors } = await api.query(
      `mutation { pauseAccount(input: { accountId: "x" }) { account { id } } }`,
    );
    expect(errors).toMatchObject([{ extensions: { code: 'TIMED_OUT' } }]);
  });

  it('finishes what is in flight when it closes, and takes nothing new', async () => {
    const closing = await startApi();
    let finish!: () => void;
    let started = false;
    closing.services.accounts.onboarding = () =>
      new Promise((resolve) => {
        started = true;
        finish = () => resolve(null);
      });
    await addAccount(closing);
    const inFlight = closing.query('{ accounts { nodes { onboarding { roleName } } } }');
    await until(() => started);
    const closed = closing.server.close(5_000);
    const refused = new Promise((resolve) => {
      get(closing.server.url.replace('/graphql', '/healthz'), resolve).on('error', () => resolve('refused'));
    });
    expect(await refused).toBe('refused');
    finish();
    expect((await inFlight).data).toEqual({ accounts: { nodes: [{ onboarding: null }] } });
    await closed;
    await closing.stop();
  });
});
