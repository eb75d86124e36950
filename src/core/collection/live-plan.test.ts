import { z } from 'zod';
import { ManualClock } from '../../../test/support/manual-clock';
import { metric, resourceType } from '../../plugins/contract';
import type { Account } from '../accounts/account';
import type { Resource } from '../inventory/resource';
import type { Series, SeriesCatalog, SeriesSpec } from '../metrics/series';
import type { SeriesState } from '../metrics/series-state';
import { Backoff } from './backoff';
import { LivePlanner } from './live-plan';
import { SettleTimes } from './settle-times';
import { UNBOUNDED, type Spending } from './spending';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 24, 12, 0, 10);
const CLOSED = NOW - 10_000;
const FENCE = { accountId: 1, token: 1 };
const account = { id: 1, tenantId: 1, metricProfiles: [] } as unknown as Account;
const resource = { id: 5, type: 'things:thing', plugin: 'things', region: 'eu-central-1' } as Resource;
const declaration = resourceType({
  graphqlType: 'Thing',
  description: 'A thing.',
  attributes: z.object({}),
  collects: ({ name }) => name !== 'stopped',
  metrics: [
    {
      namespace: 'Things',
      dimensions: () => [{ Thing: 't' }],
      settleSeconds: 60,
      definitions: [metric('Weight', ['Average', 'Maximum'], 'Bytes'), metric('Size', ['Sum'], 'Count')],
    },
  ],
});
const fresh: SeriesState = {
  watermark: null,
  askedAt: null,
  answeredAt: null,
  receivedAt: null,
  trouble: null,
};
const known: SeriesState = {
  ...{ watermark: CLOSED - 5 * MINUTE, askedAt: NOW - 5 * MINUTE, answeredAt: NOW - 5 * MINUTE },
  ...{ receivedAt: NOW - 5 * MINUTE, trouble: null },
};

/** A planner of one resource with three series, 1 to 3. */
function setUp(state: SeriesState = known, spending: Partial<Spending> = {}) {
  const refused = new Backoff({ firstMs: HOUR, mostMs: 24 * HOUR });
  const clock = new ManualClock(NOW);
  const settleTimes = new SettleTimes({
    observations: { load: async () => [], record: async () => undefined },
    clock,
  });
  const inactive = new Set<number>();
  const listings: number[] = [];
  const ensure = async (_fence: unknown, _tenantId: number, specs: readonly SeriesSpec[]) =>
    specs.map((spec, index) => ({ ...spec, id: index + 1, block: 1, slot: index }) as Series);
  const ofResources = async (ids: readonly number[]) =>
    ids.map((id) => [{ id: id * 10, resourceId: id, block: 2, slot: id } as Series]);
  const planner = new LivePlanner({
    catalog: { ensure, within: () => ({ ofResources }) } as unknown as SeriesCatalog,
    states: { statesOf: async (series) => series.map(() => state), note: async () => undefined },
    declarations: { resourceType: () => ({ declaration }) },
    spending: { ...UNBOUNDED, ...spending },
    activity: {
      refresh: async () => void listings.push(clock.now()),
      isActive: (_, one) => !inactive.has((one as Series).id),
    },
    ...{ settleTimes, refused, clock, intervalMs: 5 * MINUTE },
  });
  const plan = async (resources = [resource]) => {
    const made = await planner.plan(
      ...([account, FENCE, resources] as const),
      ...([{ count: () => undefined }, new AbortController().signal] as const),
    );
    return { ...made, asked: made.calls.flatMap(({ series }) => series.map(({ id }) => id)).sort() };
  };
  return { clock, inactive, listings, plan, refused, settleTimes };
}

describe('LivePlanner', () => {
  it.each<[string, Partial<Spending>]>([
    ['within the budget', {}],
    ['over it', { allowance: async () => 'HELD' }],
  ])('asks for nothing of a stopped resource, whose series say so: %s', async (_, spending) => {
    const stopped = { ...resource, id: 6, name: 'stopped' };
    const { asked, unasked } = await setUp(known, spending).plan([resource, stopped]);
    expect(asked).not.toContain(60);
    expect(unasked).toContainEqual({
      series: expect.objectContaining({ id: 60 }),
      trouble: { reason: 'RESOURCE_INACTIVE', evidence: expect.stringContaining('publishes nothing') },
    });
  });

  it('asks for every series in one call, from where each is', async () => {
    const { calls } = await setUp().plan();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ from: CLOSED - 10 * MINUTE, to: CLOSED, period: 300 });
    expect(calls[0]!.series).toHaveLength(3);
  });

  it('looks back as far as a metric was seen to be revised', async () => {
    const { plan, settleTimes } = setUp();
    await settleTimes.observe([{ series: { namespace: 'Things', name: 'Size' }, ageMs: 40 * MINUTE }]);
    expect((await plan()).calls[0]!.from).toBe(CLOSED - 50 * MINUTE);
  });

  it('asks for nothing while the budget is used up, and every series says so', async () => {
    const { listings, plan } = setUp(known, { allowance: async () => 'HELD' });
    const { calls, isHeld, unasked } = await plan();
    expect(listings).toEqual([]);
    expect({ calls, isHeld }).toEqual({ calls: [], isHeld: true });
    expect(unasked.map(({ series, trouble }) => `${series.id} ${trouble.reason}`)).toEqual([
      '1 OVER_BUDGET',
      '2 OVER_BUDGET',
      '3 OVER_BUDGET',
    ]);
  });

  it('asks once an hour for what nobody reads while the budget is stretched, and leaves nothing out', async () => {
    const spending: Partial<Spending> = {
      allowance: async () => 'STRETCHED',
      unread: async () => new Set([2, 3]),
    };
    expect((await setUp(known, spending).plan()).asked).toEqual([1]);
    const anHourAgo = { ...known, watermark: CLOSED - HOUR, askedAt: NOW - HOUR };
    const hourly = await setUp(anHourAgo, spending).plan();
    expect(hourly.asked).toEqual([1, 2, 3]);
    expect(hourly.calls[0]!.from).toBeLessThanOrEqual(CLOSED - HOUR);
    expect((await setUp(fresh, spending).plan()).asked).toEqual([1, 2, 3]);
  });

  it('leaves a refused query alone for an hour', async () => {
    const { clock, plan, refused } = setUp();
    refused.failed(3, NOW);
    expect((await plan()).asked).toEqual([1, 2]);
    clock.advance(HOUR);
    expect((await plan()).asked).toEqual([1, 2, 3]);
  });
});
