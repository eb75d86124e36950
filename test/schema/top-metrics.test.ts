import {
  addAccount,
  addManySeries,
  addPoints,
  addResources,
  addSeries,
  type Api,
  LAST_PERIOD,
  startApi,
} from './api-fixture';

const TOP = `query ($filter: MetricFilter!, $by: Aggregate! = AVERAGE, $direction: SortDirection! = DESC, $limit: Int! = 10) {
  topMetrics(filter: $filter, range: { last: 900 }, by: $by, direction: $direction, limit: $limit) {
    value metric { name resource { name } } } }`;

describe('topMetrics', () => {
  let api: Api;
  const top = async (variables: Record<string, unknown>, token = 'VIEWER-1') => {
    const { data, errors } = await api.query(TOP, variables, token);
    expect(errors).toBeUndefined();
    return data.topMetrics.map((one: any) => [one.metric.resource.name, one.metric.name, one.value]);
  };

  beforeAll(async () => {
    api = await startApi();
    for (const [tenantId, awsAccountId, value] of [
      [2, '222222222222', 10],
      [3, '333333333333', 20],
    ] as const) {
      const account = await addAccount(api, { tenantId, awsAccountId });
      const [quiet, busy] = await addResources(api, account, [
        { key: `quiet-${tenantId}` },
        { key: `busy-${tenantId}`, tags: { env: 'prod' } },
      ]);
      const points = (values: number[]) =>
        values.map((one, index): [number, number] => [LAST_PERIOD - 300_000 + index * 300_000, one]);
      await addPoints(api, await addSeries(api, quiet), points([value, value + 2]));
      await addPoints(api, await addSeries(api, busy), points([value + 50, value + 30]));
      await addManySeries(api, busy, [{ name: 'NetworkIn' }]);
    }
  });
  afterAll(() => api.stop());

  it('names the series with the highest or lowest aggregate, none without points', async () => {
    expect(await top({ filter: {} })).toEqual([
      ['busy-3', 'CPUUtilization', 60],
      ['busy-2', 'CPUUtilization', 50],
      ['quiet-3', 'CPUUtilization', 21],
      ['quiet-2', 'CPUUtilization', 11],
    ]);
    expect(await top({ filter: {}, by: 'LAST', direction: 'ASC', limit: 2 })).toEqual([
      ['quiet-2', 'CPUUtilization', 12],
      ['quiet-3', 'CPUUtilization', 22],
    ]);
    expect(
      await top({ filter: { tags: [{ key: 'env', values: ['prod'] }] }, by: 'MAXIMUM', limit: 1 }),
    ).toEqual([['busy-3', 'CPUUtilization', 70]]);
    expect(await top({ filter: { names: ['NetworkIn'] } })).toEqual([]);
  });

  it('ranks for each what it may see', async () => {
    expect(await top({ filter: {} }, 'VIEWER-2')).toEqual([
      ['busy-2', 'CPUUtilization', 50],
      ['quiet-2', 'CPUUtilization', 11],
    ]);
  });

  it('bounds what one operation ranks', async () => {
    const small = await startApi({ limits: { rankedPeriods: 5 } });
    const account = await addAccount(small);
    await addSeries(small, (await addResources(small, account, [{ key: 'i-1' }]))[0]);
    const ask = (selection: string) => small.query(`{ ${selection} }`, {}, 'VIEWER-1');
    const one = 'topMetrics(filter: {}, range: { last: 900 }) { value }';
    expect((await ask(one)).errors).toBeUndefined();
    expect((await ask(`a: ${one} b: ${one}`)).errors).toMatchObject([
      { extensions: { code: 'LIMIT_EXCEEDED' } },
    ]);
    expect(
      (await ask('topMetrics(filter: {}, range: { last: 900 }, limit: 101) { value }')).errors,
    ).toMatchObject([{ extensions: { rolecallCode: 'RC_PAGE_INVALID' } }]);
    await small.stop();
  });
});
