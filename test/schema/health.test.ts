import type { Account } from '../../src/core/accounts/account';
import type { Series } from '../../src/core/metrics/series';
import { toGlobalId } from '../../src/schema/relay/global-id';
import {
  addAccount,
  addManySeries,
  addResources,
  type Api,
  LAST_PERIOD,
  NOW,
  startApi,
  withFence,
} from './api-fixture';

const STEP = 300_000;
/** The end of the last period that is over. */
const CLOSED = LAST_PERIOD + STEP;
const HOUR = { from: iso(CLOSED - 13 * STEP), to: iso(CLOSED - STEP) };

const HEALTH = `query ($ids: [ID!]!, $range: TimeRange) { nodes(ids: $ids) { ... on Metric {
  health(range: $range) { expected received lastRequestedAt lastReceivedAt reason evidence
    gaps { from to reason recoverable } } } } }`;

let api: Api;
let account: Account;
let whole: Series;
let gappy: Series;
let denied: Series;
let resourceId: string;

/** Stores an answer that was asked for just now: the last periods up to the watermark. */
function answer(series: Series, periods: number, options: { watermark: number }): Promise<unknown> {
  const { watermark } = options;
  const timestamps = Array.from({ length: periods }, (_, index) => watermark - (index + 1) * STEP).reverse();
  const points = { timestamps, values: timestamps.map(() => 1) };
  return withFence(api, account, (fence) =>
    api.database.metrics.append(fence, [{ series, ...points, watermark }], {
      askedAt: NOW,
    }),
  );
}

beforeAll(async () => {
  api = await startApi();
  account = await addAccount(api);
  const [resource] = await addResources(api, account, [{ key: 'i-1' }]);
  resourceId = toGlobalId('Resource', resource.id);
  [whole, gappy, denied] = await addManySeries(api, resource, [
    {},
    { name: 'NetworkIn', statistic: 'Sum' },
    { name: 'NetworkOut', statistic: 'Sum' },
  ]);
  await answer(whole, 13, { watermark: CLOSED });
  await answer(gappy, 7, { watermark: CLOSED });
  const gap = {
    block: gappy.block,
    slots: [gappy.slot],
    from: CLOSED - 13 * STEP,
    to: CLOSED - 7 * STEP,
    reason: 'GATEWAY_DOWN' as const,
    evidence: 'Nothing was asked for while the gateway was down',
    recoverable: true,
  };
  await withFence(api, account, (fence) =>
    api.database.metrics.append(fence, [], { gaps: { removed: [], added: [gap] } }),
  );
  await answer(denied, 4, { watermark: CLOSED - 3 * STEP });
  const trouble = { reason: 'DENIED' as const, evidence: 'cloudwatch:GetMetricData was denied just now' };
  await withFence(api, account, (fence) =>
    api.database.seriesStates.note(fence, [{ series: denied, trouble }], NOW),
  );
});
afterAll(() => api.stop());

async function healthOf(series: Series, range: object | null): Promise<any> {
  const { data, errors } = await api.query(HEALTH, { ids: [toGlobalId('Metric', series.id)], range });
  expect(errors).toBeUndefined();
  return data.nodes[0].health;
}

it('says that nothing is missing', async () => {
  expect(await healthOf(whole, HOUR)).toEqual({
    ...{ expected: 12, received: 12, reason: null, evidence: null, gaps: [] },
    ...{ lastRequestedAt: iso(NOW), lastReceivedAt: iso(NOW) },
  });
});

it('shows a gap with its reason, and that it can be had again', async () => {
  expect(await healthOf(gappy, HOUR)).toMatchObject({
    ...{ expected: 12, received: 6, reason: 'GATEWAY_DOWN' },
    evidence: 'Nothing was asked for while the gateway was down',
    gaps: [
      {
        from: iso(CLOSED - 13 * STEP),
        to: iso(CLOSED - 7 * STEP),
        reason: 'GATEWAY_DOWN',
        recoverable: true,
      },
    ],
  });
});

it('shows what was refused, up to now', async () => {
  const health = await healthOf(denied, { from: iso(CLOSED - 4 * STEP), to: iso(CLOSED) });
  expect(health).toMatchObject({
    reason: 'DENIED',
    evidence: 'cloudwatch:GetMetricData was denied just now',
  });
  expect(health.gaps).toEqual([
    { from: iso(CLOSED - 3 * STEP), to: expect.any(String), reason: 'DENIED', recoverable: true },
  ]);
});

it('sums up accounts and resources', async () => {
  const { data, errors } = await api.query(
    `query ($id: ID!, $resource: ID!, $range: TimeRange) {
      account(id: $id) { completeness(range: $range) noData { reason count } }
      resource(id: $resource) { completeness(range: $range) } }`,
    { id: toGlobalId('Account', account.id), resource: resourceId, range: HOUR },
  );
  expect(errors).toBeUndefined();
  const { completeness, noData } = data.account;
  // 12 of 12, 6 of 12, and of the third what was answered and what was not within the hour.
  expect(completeness).toBeCloseTo((12 + 6 + 4) / (12 + 12 + 6), 5);
  expect(data.resource.completeness).toBe(completeness);
  expect(noData).toEqual([{ reason: 'DENIED', count: 1 }]);
});

it.each([
  [true, ['NetworkOut']],
  [false, ['CPUUtilization', 'NetworkIn']],
])('finds the series that miss points now: %s', async (missing, expected) => {
  const { data, errors } = await api.query(
    'query ($missing: Boolean!) { metrics(filter: { missing: $missing }) { totalCount nodes { name } } }',
    { missing },
  );
  expect(errors).toBeUndefined();
  expect(data.metrics.nodes.map(({ name }: { name: string }) => name)).toEqual(expected);
});

it('has nothing to say before the first collection', async () => {
  const other = await addAccount(api, { awsAccountId: '999999999999' });
  const { data } = await api.query(
    'query ($id: ID!) { account(id: $id) { completeness noData { count } } }',
    {
      id: toGlobalId('Account', other.id),
    },
  );
  expect(data.account).toEqual({ completeness: null, noData: [] });
});

it('refuses a range as every other field does', async () => {
  const { errors } = await api.query(HEALTH, { ids: [toGlobalId('Metric', whole.id)], range: { last: -1 } });
  expect(errors![0].extensions).toMatchObject({ rolecallCode: 'RC_RANGE_INVALID' });
});

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
