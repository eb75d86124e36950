import { once } from 'node:events';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Series } from '../../src/core/metrics/series';
import { positionAt, toMetricCursor } from '../../src/schema/live/metric-cursor';
import { toGlobalId } from '../../src/schema/relay/global-id';
import {
  addAccount,
  addManySeries,
  addPoints,
  addResources,
  addSeries,
  type Api,
  LAST_PERIOD,
  NOW,
  startApi,
  until,
} from './api-fixture';

const UPDATES = `subscription ($filter: MetricFilter!, $since: DateTime, $after: String) {
  metricUpdates(filter: $filter, since: $since, after: $after) {
    cursor account { name } collectedAt replay merged series { metric { id name } columns points { value provisional } } } }`;

describe('subscriptions', () => {
  let api: Api;
  let client: Client;
  const clients: Client[] = [];

  beforeEach(async () => {
    api = await startApi();
    client = connect('VIEWER-1');
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((one) => one.dispose()));
    await api.stop();
  });

  function connect(token: string): Client {
    const one = createClient({
      url: api.server.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    clients.push(one);
    return one;
  }

  /** Opens a subscription and waits until it listens. */
  async function open(query: string, variables: Record<string, unknown> = {}, by = client) {
    const subscribed = jest.spyOn(api.services.bus, 'subscribe');
    const stream = by.iterate<any>({ query, variables });
    const first = stream.next();
    await until(() => subscribed.mock.calls.length > 0);
    subscribed.mockRestore();
    let used = false;
    return {
      async next() {
        const { value } = await (used ? stream.next() : first);
        used = true;
        expect(value.errors).toBeUndefined();
        return value.data;
      },
      end: () => stream.return!(),
    };
  }

  async function aSeries(tenantId = 1): Promise<Series> {
    const account = await addAccount(api, { tenantId });
    const [resource] = await addResources(api, account, [{ key: 'i-1' }]);
    return addSeries(api, resource);
  }

  it('tells of new points as they are stored, once', async () => {
    const series = await aSeries();
    const updates = await open(UPDATES, { filter: {} });
    await addPoints(api, series, [[LAST_PERIOD, 7]]);
    await addPoints(api, series, [[LAST_PERIOD, 7]]);
    await addPoints(api, series, [[LAST_PERIOD, 8]]);
    const id = toGlobalId('Metric', series.id);
    expect((await updates.next()).metricUpdates).toEqual({
      cursor: expect.any(String),
      account: { name: 'production' },
      collectedAt: new Date(NOW).toISOString(),
      replay: false,
      merged: 0,
      series: [
        {
          metric: { id, name: 'CPUUtilization' },
          columns: { timestamps: [LAST_PERIOD], values: [7], provisionalFrom: LAST_PERIOD + 300_000 },
          points: [{ value: 7, provisional: false }],
        },
      ],
    });
    expect((await updates.next()).metricUpdates.series[0].columns.values).toEqual([8]);
  });

  it('replays what is stored, then goes on without a gap or a double', async () => {
    const series = await aSeries();
    await addPoints(api, series, [
      [LAST_PERIOD - 600_000, 1],
      [LAST_PERIOD - 300_000, 2],
    ]);
    // Stored and told while the replay is read: after it listens, before it reads.
    const read = api.database.metrics.read.bind(api.database.metrics);
    let readings = 0;
    jest.spyOn(api.database.metrics, 'read').mockImplementation(async (...range) => {
      if (readings++ === 0) await addPoints(api, series, [[LAST_PERIOD, 3]]);
      const points = await read(...range);
      if (readings === 1) await addPoints(api, series, [[LAST_PERIOD + 300_000, 4]]);
      return points;
    });
    const since = new Date(LAST_PERIOD - 600_000).toISOString();
    const updates = await open(UPDATES, { filter: { names: ['CPUUtilization'] }, since });
    const replayed = (await updates.next()).metricUpdates;
    expect(replayed.replay).toBe(true);
    expect(replayed.series[0].columns.values).toEqual([1, 2, 3]);
    const live = (await updates.next()).metricUpdates;
    expect(live).toMatchObject({ replay: false, series: [{ columns: { values: [4] } }] });
  });

  it('resumes behind a cursor: what came meanwhile, late and revised points included, then live', async () => {
    const series = await aSeries();
    const updates = await open(UPDATES, { filter: {} });
    await addPoints(api, series, [[LAST_PERIOD - 300_000, 1]]);
    const { cursor } = (await updates.next()).metricUpdates;
    await updates.end();
    await addPoints(api, series, [[LAST_PERIOD, 2]]);
    await addPoints(api, series, [
      [LAST_PERIOD - 40 * 86_400_000, 3],
      [LAST_PERIOD - 300_000, 4],
    ]);
    await addPoints(api, series, [[LAST_PERIOD, 5]]);
    const resumed = await open(UPDATES, { filter: {}, after: cursor });
    const missed = (await resumed.next()).metricUpdates;
    expect(missed).toMatchObject({
      replay: false,
      merged: 2,
      series: [{ metric: { name: 'CPUUtilization' } }],
    });
    expect(missed.series[0].columns).toMatchObject({
      timestamps: [LAST_PERIOD - 40 * 86_400_000, LAST_PERIOD - 300_000, LAST_PERIOD],
      values: [3, 4, 5],
    });
    await addPoints(api, series, [[LAST_PERIOD + 300_000, 6]]);
    const live = (await resumed.next()).metricUpdates;
    expect(live).toMatchObject({ merged: 0, series: [{ columns: { values: [6] } }] });
    await resumed.end();
    const again = await open(UPDATES, { filter: {}, after: live.cursor });
    await addPoints(api, series, [[LAST_PERIOD + 300_000, 7]]);
    expect((await again.next()).metricUpdates.series[0].columns.values).toEqual([7]);
  });

  it('resumes for each tenant with what it may see, whoever the cursor was given to', async () => {
    const theirs = await aSeries(3);
    const ours = await aSeries(2);
    const updates = await open(UPDATES, { filter: {} });
    await addPoints(api, theirs, [[LAST_PERIOD - 300_000, 666]]);
    const { cursor } = (await updates.next()).metricUpdates;
    await addPoints(api, theirs, [[LAST_PERIOD, 667]]);
    await addPoints(api, ours, [[LAST_PERIOD, 1]]);
    const all = await open(UPDATES, { filter: {}, after: cursor });
    expect((await all.next()).metricUpdates.series[0].columns.values).toEqual([667]);
    expect((await all.next()).metricUpdates.series[0].columns.values).toEqual([1]);
    for (const filter of [
      {},
      { accountIds: [theirs, ours].map((one) => toGlobalId('Account', one.accountId)) },
    ]) {
      const own = await open(UPDATES, { filter, after: cursor }, connect('VIEWER-2'));
      expect((await own.next()).metricUpdates.series[0].columns.values).toEqual([1]);
    }
  });

  it('refuses a cursor that is none, that is ahead, too old or beside `since`', async () => {
    const series = await aSeries();
    const updates = await open(UPDATES, { filter: {} });
    await addPoints(api, series, [[LAST_PERIOD, 1]]);
    const { cursor } = (await updates.next()).metricUpdates;
    await addPoints(api, series, [[LAST_PERIOD, 2]]);
    await addPoints(api, series, [[LAST_PERIOD, 3]]);
    const codeOf = async (variables: object) => {
      const answer = client.iterate({ query: UPDATES, variables: { filter: {}, ...variables } });
      const { value } = await answer.next();
      expect(value.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', inputPath: ['after'] } }]);
      return value.errors[0].extensions.rolecallCode;
    };
    expect(await codeOf({ after: 'nonsense' })).toBe('RC_CURSOR_INVALID');
    expect(await codeOf({ after: toMetricCursor(positionAt(4)) })).toBe('RC_CURSOR_INVALID');
    const since = new Date(LAST_PERIOD).toISOString();
    expect(await codeOf({ after: cursor, since })).toBe('RC_CURSOR_INVALID');
    jest.spyOn(api.database.metricEvents, 'bounds').mockResolvedValue({ oldest: 3, newest: 3 });
    expect(await codeOf({ after: cursor })).toBe('RC_CURSOR_TOO_OLD');
  });

  it('tells of a matching series that is made later, and of no other', async () => {
    const account = await addAccount(api);
    const [web, batch] = await addResources(api, account, [
      { key: 'i-web', tags: { env: 'prod' } },
      { key: 'i-batch' },
    ]);
    const updates = await open(UPDATES, { filter: { tags: [{ key: 'env', values: ['prod'] }] } });
    await addPoints(api, await addSeries(api, batch), [[LAST_PERIOD, 1]]);
    const late = await addSeries(api, web, { name: 'NetworkIn' });
    await addPoints(api, late, [[LAST_PERIOD, 2]]);
    expect((await updates.next()).metricUpdates.series).toMatchObject([
      { metric: { name: 'NetworkIn' }, columns: { values: [2] } },
    ]);
  });

  it('tells no tenant of a sibling', async () => {
    const theirs = await aSeries(3);
    const ours = await aSeries(2);
    const updates = await open(
      UPDATES,
      { filter: {}, since: new Date(LAST_PERIOD).toISOString() },
      connect('VIEWER-2'),
    );
    await addPoints(api, theirs, [[LAST_PERIOD, 666]]);
    await addPoints(api, ours, [[LAST_PERIOD, 1]]);
    expect((await updates.next()).metricUpdates.series[0].columns.values).toEqual([1]);
    const byId = connect('VIEWER-2').iterate({
      query: UPDATES,
      variables: {
        filter: { ids: [toGlobalId('Metric', theirs.id)] },
        since: new Date(LAST_PERIOD).toISOString(),
      },
    });
    const silence = byId.next().then(() => 'told');
    await addPoints(api, theirs, [[LAST_PERIOD, 667]]);
    expect(await Promise.race([silence, new Promise((resolve) => setTimeout(resolve, 100, 'silent'))])).toBe(
      'silent',
    );
  });

  it('splits an update of more than 500 series', async () => {
    const account = await addAccount(api);
    const [resource] = await addResources(api, account, [{ key: 'i-1' }]);
    const names = Array.from({ length: 502 }, (_, i) => ({ name: `Metric${i}` }));
    const many = await addManySeries(api, resource, names);
    const updates = await open(`subscription { metricUpdates(filter: {}) { series { columns } } }`);
    api.bus.publish({
      kind: 'metricsStored',
      tenantId: 1,
      accountId: account.id,
      collectedAt: NOW,
      sequence: 1,
      after: 0,
      series: many.map(({ id }) => ({ seriesId: id, timestamps: [LAST_PERIOD], values: [1] })),
    });
    expect((await updates.next()).metricUpdates.series).toHaveLength(500);
    expect((await updates.next()).metricUpdates.series).toHaveLength(2);
  });

  it('tells of resources, of statuses and of progress, each to who asked', async () => {
    const account = await addAccount(api);
    const [resource, other] = await addResources(api, account, [
      { key: 'i-1', tags: { env: 'prod' } },
      { key: 'i-2' },
    ]);
    const resources = await open(
      `subscription { resourceChanges(filter: { tags: [{ key: "env" }], types: ["ec2:instance"] }) {
        kind changedFields at resource { __typename name ... on Ec2Instance { instanceId } } } }`,
    );
    const of = { tenantId: 1, accountId: account.id };
    for (const one of [other, resource]) {
      const change = { kind: 'CHANGED' as const, resource: one, changedFields: ['tags'], at: NOW };
      api.bus.publish({ kind: 'resourceChanged', ...of, change });
    }
    expect((await resources.next()).resourceChanges).toEqual({
      kind: 'CHANGED',
      changedFields: ['tags'],
      at: new Date(NOW).toISOString(),
      resource: { __typename: 'Ec2Instance', name: 'i-1', instanceId: 'i-1' },
    });

    const statuses = await open(
      `subscription ($ids: [ID!]) { accountStatusChanges(accountIds: $ids) { account { name } from to reason } }`,
      { ids: [toGlobalId('Account', account.id)] },
    );
    const status = { account, from: 'CONNECTED' as const, to: 'BROKEN' as const, reason: 'No role', at: NOW };
    api.bus.publish({ kind: 'accountStatusChanged', tenantId: 1, accountId: account.id + 1, ...status });
    api.bus.publish({ kind: 'accountStatusChanged', ...of, ...status, to: 'PAUSED' });
    expect((await statuses.next()).accountStatusChanges).toEqual({
      account: { name: 'production' },
      from: 'CONNECTED',
      to: 'PAUSED',
      reason: 'No role',
    });
  });

  it('lets go of the bus when its subscriber leaves while nothing happens', async () => {
    let left = false;
    const subscribe = api.bus.subscribe.bind(api.bus);
    jest.spyOn(api.bus, 'subscribe').mockImplementationOnce((...args: Parameters<typeof subscribe>) => {
      const stream = subscribe(...args);
      const end = stream.return!.bind(stream);
      stream.return = (value) => {
        left = true;
        return end(value);
      };
      return stream;
    });
    void client.iterate({ query: UPDATES, variables: { filter: {} } }).next();
    await until(() => jest.mocked(api.bus.subscribe).mock.calls.length > 0);
    await client.dispose();
    await until(() => left);
  });

  it('refuses a bad token with 4403, and whatever is no good subscription with an error', async () => {
    await expect(connect('nobody').iterate({ query: UPDATES }).next()).rejects.toMatchObject({ code: 4403 });
    for (const query of [
      '{ viewer { actor } }',
      'subscription { nothing }',
      'nonsense',
      'subscription A { __typename } query B { __typename }',
    ]) {
      await expect(client.iterate({ query }).next()).rejects.toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' } },
      ]);
    }
    await expect(
      client.iterate({ query: UPDATES, variables: { filter: { ids: ['nonsense'] } } }).next(),
    ).resolves.toMatchObject({ value: { errors: [{ extensions: { rolecallCode: 'RC_FILTER_INVALID' } }] } });
    const since = '1970-01-01T00:00:00Z';
    await expect(
      client.iterate({ query: UPDATES, variables: { filter: {}, since } }).next(),
    ).resolves.toMatchObject({ value: { errors: [{ extensions: { rolecallCode: 'RC_RANGE_INVALID' } }] } });
  });

  it('bounds a replay, and lets go of the bus when it fails', async () => {
    const small = await startApi({ limits: { points: 2 } });
    const account = await addAccount(small);
    const series = await addSeries(small, (await addResources(small, account, [{ key: 'i-1' }]))[0]);
    const points = [0, 1, 2].map((i): [number, number] => [LAST_PERIOD - i * 300_000, i]).reverse();
    await addPoints(small, series, points);
    const ended = jest.fn();
    const subscribe = small.bus.subscribe.bind(small.bus);
    jest.spyOn(small.bus, 'subscribe').mockImplementation((...args: Parameters<typeof subscribe>) => {
      const stream = subscribe(...args);
      const end = stream.return!.bind(stream);
      return Object.assign(stream, { return: () => (ended(), end()) });
    });
    const socket = createClient({
      url: small.server.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: 'Bearer VIEWER-1' },
      retryAttempts: 0,
    });
    const since = new Date(LAST_PERIOD - 3_600_000).toISOString();
    await expect(
      socket.iterate({ query: UPDATES, variables: { filter: {}, since } }).next(),
    ).rejects.toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
    expect(ended).toHaveBeenCalled();
    await socket.dispose();
    await small.stop();
  });

  it('bounds the subscriptions of one socket', async () => {
    const small = await startApi({ limits: { subscriptions: 1 } });
    const socket = new WebSocket(small.server.url.replace('http', 'ws'), 'graphql-transport-ws');
    const messages: { type: string; id?: string; payload?: unknown }[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await once(socket, 'open');
    const payload = { query: 'subscription { metricUpdates(filter: {}) { replay } }' };
    socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: 'Bearer VIEWER-1' } }));
    await until(() => messages.length === 1);
    for (const id of ['1', '2']) socket.send(JSON.stringify({ type: 'subscribe', id, payload }));
    await until(() => messages.length === 2);
    expect(messages[1]).toMatchObject({
      type: 'error',
      id: '2',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
    });
    socket.close();
    await small.stop();
  });

  it('closes with 4408 who says nothing', async () => {
    const quick = await startApi({ limits: { connectionInitMs: 30 } });
    const url = quick.server.url.replace('http', 'ws');
    const silent = new WebSocket(url, 'graphql-transport-ws');
    expect((await once(silent, 'close'))[0]).toBe(4408);
    await quick.stop();
  });

  it('closes with 1001 when the server goes away', async () => {
    const socket = new WebSocket(api.server.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await api.server.close(1_000);
    expect((await closed)[0]).toBe(1001);
  });
});
