import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { DEFAULT_LIMITS } from '../../src/schema/operation/limits';
import {
  addAccount,
  addPoints,
  addResources,
  addSeries,
  type Api,
  LAST_PERIOD,
  startApi,
} from './api-fixture';

const page = readFileSync(join(__dirname, '../../docs/reading.md'), 'utf8');
const documents = [...page.matchAll(/```graphql\n(.+?)```/gs)].map(([, document]) => document!);

describe('docs/reading.md', () => {
  let api: Api;

  beforeAll(async () => {
    api = await startApi();
    const account = await addAccount(api);
    const series = await addSeries(api, (await addResources(api, account, [{ key: 'i-web' }]))[0]!);
    await addPoints(api, series, [[LAST_PERIOD, 7]]);
  });
  afterAll(() => api.stop());

  it('has documents that the API takes', () => {
    const schema = buildSchema(readFileSync(join(__dirname, '../../schema.graphql'), 'utf8'));
    expect(documents).toHaveLength(3);
    for (const document of documents) expect(validate(schema, parse(document))).toEqual([]);
  });

  it('has queries that are answered', async () => {
    const [summaries, top] = await Promise.all(documents.slice(0, 2).map((one) => api.query(one)));
    expect(summaries!.data.metrics.nodes).toMatchObject([
      { resource: { name: 'i-web' }, summary: { count: 1, p50: 7, last: { value: 7 } } },
    ]);
    expect(top!.data.topMetrics).toMatchObject([{ value: 7, metric: { resource: { name: 'i-web' } } }]);
  });

  it('says the bounds as they are', () => {
    expect(page).toContain(`at most ${DEFAULT_LIMITS.rankedPeriods / 1e6} million periods`);
  });
});
