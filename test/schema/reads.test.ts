import { toGlobalId } from '../../src/schema/relay/global-id';
import {
  addAccount,
  addPoints,
  addResources,
  addRun,
  addSeries,
  type Api,
  LAST_PERIOD,
  startApi,
} from './api-fixture';

describe('reads', () => {
  let api: Api;
  let accountId: string;

  beforeAll(async () => {
    api = await startApi();
    const account = await addAccount(api);
    accountId = toGlobalId('Account', account.id);
    await addRun(api, account);
    const [web, db] = await addResources(api, account, [
      {
        key: 'i-web',
        tags: { env: 'prod', app: 'web' },
        attributes: { instanceId: 'i-web', launchedAt: '2026-01-01T00:00:00Z' },
      },
      {
        key: 'lb-1',
        type: 'elb:application-load-balancer',
        attributes: { kind: 'APPLICATION', ports: [80, 443], weight: 0.5, internal: 'of an earlier version' },
      },
      { key: 'q-1', type: 'sqs:queue', attributes: { anything: true } },
    ]);
    const cpu = await addSeries(api, web);
    await addPoints(api, cpu, [
      [LAST_PERIOD - 600_000, 1],
      [LAST_PERIOD - 300_000, 2],
      [LAST_PERIOD, 3],
    ]);
    await addSeries(api, db, { name: 'RequestCount', statistic: 'Sum' });
  });
  afterAll(() => api.stop());

  it('answers accounts with what hangs on them', async () => {
    const { data, errors } = await api.query(`{ accounts { totalCount statusCounts { status count } nodes {
      id name awsAccountId status labels createdAt externalIds { state } tenant { name accounts { totalCount } }
      verification { ok } resources(first: 1) { totalCount nodes { name } pageInfo { hasNextPage } }
      collectionRuns { nodes { state awsCalls account { id } } } onboarding { roleName } } } }`);
    expect(errors).toBeUndefined();
    expect(data.accounts).toEqual({
      totalCount: 1,
      statusCounts: [{ status: 'CONNECTED', count: 1 }],
      nodes: [
        {
          id: accountId,
          name: 'production',
          awsAccountId: '111111111111',
          status: 'CONNECTED',
          labels: { team: 'production' },
          createdAt: '2026-01-15T12:02:00.000Z',
          externalIds: [{ state: 'ACTIVE' }],
          tenant: { name: 'Acme', accounts: { totalCount: 1 } },
          verification: { ok: true },
          resources: { totalCount: 3, nodes: [{ name: 'i-web' }], pageInfo: { hasNextPage: true } },
          collectionRuns: { nodes: [{ state: 'SUCCEEDED', awsCalls: 3, account: { id: accountId } }] },
          onboarding: null,
        },
      ],
    });
  });

  it('shows each resource as the type that its plugin declares', async () => {
    const { data, errors } = await api.query(`{ resources(orderBy: { field: NAME }) { nodes {
      __typename name type tags { key value } account { name }
      ... on Ec2Instance { instanceId launchedAt metrics { name } }
      ... on LoadBalancer { kind ports weight internal }
      ... on GenericResource { attributes } } } }`);
    expect(errors).toBeUndefined();
    expect(data.resources.nodes).toEqual([
      {
        __typename: 'Ec2Instance',
        name: 'i-web',
        type: 'ec2:instance',
        tags: [
          { key: 'app', value: 'web' },
          { key: 'env', value: 'prod' },
        ],
        account: { name: 'production' },
        instanceId: 'i-web',
        launchedAt: '2026-01-01T00:00:00.000Z',
        metrics: [{ name: 'CPUUtilization' }],
      },
      {
        __typename: 'LoadBalancer',
        name: 'lb-1',
        type: 'elb:application-load-balancer',
        tags: [],
        account: { name: 'production' },
        kind: 'APPLICATION',
        ports: [80, 443],
        weight: 0.5,
        internal: null,
      },
      {
        __typename: 'GenericResource',
        name: 'q-1',
        type: 'sqs:queue',
        tags: [],
        account: { name: 'production' },
        attributes: { anything: true },
      },
    ]);
  });

  it('answers points one by one, in columns and on the grid alike', async () => {
    const { data, errors } = await api.query(`{
      metrics(filter: { names: ["CPUUtilization"] }) { nodes {
        namespace name statistic unit period dimensions resource { name } latest { timestamp value provisional }
        points(range: { last: 900 }) { timestamp value provisional } columns(range: { last: 900 }) } }
      metricData(filter: { types: ["ec2:instance"] }, range: { last: 900 }) {
        range { from to } step totalSeries truncated
        series { metric { name } points { value } columns values provisionalFrom } } }`);
    expect(errors).toBeUndefined();
    const timestamps = [LAST_PERIOD - 600_000, LAST_PERIOD - 300_000, LAST_PERIOD];
    const provisionalFrom = LAST_PERIOD + 300_000;
    expect(data.metrics.nodes[0]).toMatchObject({
      name: 'CPUUtilization',
      resource: { name: 'i-web' },
      dimensions: { InstanceId: 'i-web' },
      latest: { timestamp: '2026-01-15T11:55:00.000Z', value: 3, provisional: false },
      points: [
        { value: 1 },
        { value: 2 },
        { timestamp: '2026-01-15T11:55:00.000Z', value: 3, provisional: false },
      ],
      columns: { timestamps, values: [1, 2, 3], provisionalFrom },
    });
    expect(data.metricData).toEqual({
      range: { from: '2026-01-15T11:45:00.000Z', to: '2026-01-15T12:05:00.000Z' },
      step: 300,
      totalSeries: 1,
      truncated: false,
      series: [
        {
          metric: { name: 'CPUUtilization' },
          points: [{ value: 1 }, { value: 2 }, { value: 3 }],
          columns: { timestamps, values: [1, 2, 3], provisionalFrom },
          values: [1, 2, 3, null],
          provisionalFrom: '2026-01-15T12:00:00.000Z',
        },
      ],
    });
  });

  it('sums the series of a page up in one read', async () => {
    const read = jest.spyOn(api.database.metrics, 'read');
    const { data, errors } = await api.query(`{ metrics { nodes { name summary(range: { last: 900 }) {
      count minimum maximum average sum p50 p95 p99 first { timestamp value } last { value provisional } } } } }`);
    expect(errors).toBeUndefined();
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRestore();
    const none = { minimum: null, maximum: null, average: null, sum: null, p50: null, p95: null, p99: null };
    expect(data.metrics.nodes).toEqual([
      {
        name: 'CPUUtilization',
        summary: {
          ...{ count: 2, minimum: 2, maximum: 3, average: 2.5, sum: 5, p50: 2.5 },
          ...{ p95: expect.closeTo(2.95), p99: expect.closeTo(2.99) },
          first: { timestamp: '2026-01-15T11:50:00.000Z', value: 2 },
          last: { value: 3, provisional: false },
        },
      },
      { name: 'RequestCount', summary: { count: 0, ...none, first: null, last: null } },
    ]);
  });

  it('bounds what summaries read', async () => {
    const small = await startApi({ limits: { points: 1_000 } });
    const account = await addAccount(small);
    await addSeries(small, (await addResources(small, account, [{ key: 'i-1' }]))[0]);
    const of = (days: number) =>
      small.query(`{ metrics { nodes { summary(range: { last: ${days * 86_400} }) { count } } } }`);
    expect((await of(3)).errors).toBeUndefined();
    expect((await of(4)).errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
    expect((await of(456)).errors).toMatchObject([{ extensions: { rolecallCode: 'RC_RANGE_INVALID' } }]);
    await small.stop();
  });

  it('finds every node again by its id', async () => {
    const { data } = await api.query(`{ viewer { actor role tenant { id } } accounts { nodes { id
      resources { nodes { id } } collectionRuns { nodes { id } } } } metrics { nodes { id } } }`);
    const [account] = data.accounts.nodes;
    const ids: string[] = [
      data.viewer.tenant.id,
      account.id,
      ...account.resources.nodes.map(({ id }: { id: string }) => id),
      account.collectionRuns.nodes[0].id,
      data.metrics.nodes[0].id,
    ];
    const found = await api.query(`query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, { ids });
    expect(found.errors).toBeUndefined();
    expect(found.data.nodes.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(found.data.nodes.map((node: { __typename: string }) => node.__typename)).toEqual([
      'Tenant',
      'Account',
      'Ec2Instance',
      'LoadBalancer',
      'GenericResource',
      'CollectionRun',
      'Metric',
    ]);
  });

  it('tells of itself and of the Regions', async () => {
    const { data } = await api.query(`{ gateway { version time startedAt fineRetentionDays }
      regions(partition: AWS_CN) { name displayName optIn } plugins { name } }`);
    expect(data).toEqual({
      gateway: {
        version: '0.0.0-test',
        time: '2026-01-15T12:02:00.000Z',
        startedAt: '2026-01-15T12:01:59.000Z',
        fineRetentionDays: 63,
      },
      regions: [
        { name: 'cn-north-1', displayName: 'China (Beijing)', optIn: false },
        { name: 'cn-northwest-1', displayName: 'China (Ningxia)', optIn: false },
      ],
      plugins: [],
    });
  });
});
