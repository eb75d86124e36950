import { GraphqlRequestError } from '../../src/demo/graphql-client';
import {
  addAccount,
  addPoints,
  addResources,
  addSeries,
  type Api,
  LAST_PERIOD,
  startApi,
} from '../schema/api-fixture';
import { GraphqlClient } from './graphql-client';
import { metricUpdates, viewer } from './operations.graphql';

describe('the typed client', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  it('executes and subscribes', async () => {
    const client = new GraphqlClient({ url: api.server.url, token: 'OPERATOR-2' });
    expect((await client.execute(viewer)).viewer).toMatchObject({
      role: 'OPERATOR',
      tenant: { name: 'Umbrella' },
    });
    const account = await addAccount(api, { tenantId: 2 });
    const series = await addSeries(api, (await addResources(api, account, [{ key: 'i-1' }]))[0]);
    await addPoints(api, series, [[LAST_PERIOD, 5]]);
    const since = new Date(LAST_PERIOD).toISOString();
    for await (const { metricUpdates: update } of client.subscribe(metricUpdates, { filter: {}, since })) {
      expect(update.series[0].columns.values).toEqual([5]);
      break;
    }
    await client.close();
  });

  it('throws what the server refuses', async () => {
    const nobody = new GraphqlClient({ url: api.server.url, token: null });
    const refused = await nobody.execute(viewer).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(GraphqlRequestError);
    expect(refused).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    await expect(nobody.subscribe(metricUpdates, { filter: {} }).next()).rejects.toMatchObject({
      code: 4403,
    });
    await nobody.close();
  });
});
