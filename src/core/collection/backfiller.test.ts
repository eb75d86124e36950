import { MemoryMetricStore } from '../../../test/contracts/memory-metric-store';
import { ManualClock } from '../../../test/support/manual-clock';
import { silentLog } from '../../../test/support/silent-log';
import type { Account } from '../accounts/account';
import type { Series, SeriesCatalog } from '../metrics/series';
import { AnswerRoom } from './answer-room';
import { BackfillStep } from './backfill-step';
import { Backfiller } from './backfiller';
import { Backoff } from './backoff';
import type { CallOutcome } from './bisection';
import { CollectionFailure } from './collection-failure';
import type { CollectionRun } from './collection-run';
import type { CollectionJob } from './jobs';
import type { Lease } from './leases';
import type { MetricCalls } from './metric-calls';
import { MetricPublisher } from '../live/metric-publisher';
import type { PlannedCall } from './planner';
import { UNBOUNDED } from './spending';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 24, 12, 0, 10);
const TOP = Date.UTC(2026, 10, 24, 12);
const account = {
  ...{ id: 1, tenantId: 1, status: 'CONNECTED', partition: 'AWS', plugins: [], regions: [] },
} as unknown as Account;
const job: CollectionJob = { accountId: 1, tenantId: 1, scheduledFor: NOW, manual: null, isBackfill: true };
const series = [0, 1, 2].map(
  (slot) =>
    ({
      ...{
        id: slot + 1,
        tenantId: 1,
        accountId: 1,
        block: 1,
        slot,
        period: 300,
        region: 'eu-central-1',
        resourceId: slot,
      },
      ...{ namespace: 'Things', name: 'Weight', statistic: 'Average', dimensions: {}, plugin: 'things' },
    }) as unknown as Series,
);

/** An account with one gap of a day, and CloudWatch as `answer` makes it. */
async function setUp(
  answer: (call: PlannedCall) => Partial<CallOutcome> = () => ({}),
  settings: Partial<Account> = {},
) {
  const clock = new ManualClock(NOW);
  const store = new MemoryMetricStore(() => true);
  const fence = { accountId: 1, token: 1 };
  const gap = { block: 1, slots: [0, 1, 2], from: TOP - 48 * HOUR, to: TOP - 24 * HOUR, recoverable: true };
  const added = [{ ...gap, reason: 'GATEWAY_DOWN' as const, evidence: 'none was at work' }];
  await store.append(fence, [], { gaps: { removed: [], added } });
  const world = {
    dueAt: NOW + 5 * MINUTE,
    mayBackfill: true,
    asked: [] as number[][],
    runs: [] as CollectionRun[],
    submitted: [] as CollectionJob[],
    released: [] as (number | null)[],
  };
  const complete = (call: PlannedCall): CallOutcome => ({
    ...{ refused: [], failed: [] },
    fetched: [
      {
        ...{ call, failure: null, answeredAt: null, dropped: { outside: 0, offGrid: 0, notFinite: 0 } },
        answers: call.series.map((one) => ({
          ...{ series: one, status: 'Complete' },
          points: { timestamps: [call.from], values: [one.id] },
        })),
      },
    ],
  });
  const calls = {
    ask: async (_: Account, call: PlannedCall) => {
      world.asked.push(call.series.map(({ id }) => id));
      return { ...complete(call), ...answer(call) };
    },
  } as unknown as MetricCalls;
  const list = async () => {
    const items = series.map((item) => ({ item, position: { sort: null, id: item.id } }));
    return { items, hasNextPage: false, totalCount: 3 };
  };
  const bus = { publish: () => undefined, subscribe: () => ({}) as never } as never;
  const step = new BackfillStep({
    ...{ calls, gaps: store.gaps, store, clock, concurrency: 3, room: new AnswerRoom(1_000_000) },
    catalog: { within: () => ({ list }) } as unknown as SeriesCatalog,
    publisher: new MetricPublisher({ events: store.events, bus, clock }),
    failed: new Backoff({ firstMs: 5 * MINUTE, mostMs: 6 * HOUR }),
  });
  const backfiller = new Backfiller({
    accounts: { load: async () => ({ ...account, ...settings }) } as never,
    leases: {
      claim: async (): Promise<Lease> => ({ ...fence, dueAt: world.dueAt }),
      release: async (_: unknown, nextDue: number | null) => world.released.push(nextDue) > 0,
      renew: async () => true,
    } as never,
    runs: {
      insert: async (run: Omit<CollectionRun, 'id'>) => {
        world.runs.push({ ...run, id: world.runs.length + 1 });
        return world.runs.at(-1)!;
      },
      update: async () => undefined,
    } as never,
    usage: { meter: () => ({ add: () => undefined }), flush: async () => undefined } as never,
    broker: { dropped: () => new AbortController().signal } as never,
    jobs: { submit: (jobs) => void world.submitted.push(...jobs) },
    spending: { ...UNBOUNDED, mayBackfill: async () => world.mayBackfill },
    ...{ gaps: store.gaps, step, bus, clock, owner: 'test', leaseTtlMs: 60_000, log: silentLog },
  });
  const handle = (signal = new AbortController().signal) => backfiller.handle(job, signal);
  const gaps = () => store.gaps.ofAccount(1, 0, NOW);
  return { ...world, world, backfiller, clock, gaps, handle, store };
}

const aws = (name: string) =>
  Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });

describe('Backfiller', () => {
  it('is offered where there is a gap, and not where there is none', async () => {
    const { backfiller, handle, world } = await setUp();
    await backfiller.offer(job);
    expect(world.submitted).toEqual([
      expect.objectContaining({ accountId: 1, isBackfill: true, manual: null }),
    ]);
    await handle();
    world.submitted = [];
    await backfiller.offer(job);
    expect(world.submitted).toEqual([]);
  });

  it.each([{ plugins: ['others'] }, { regions: ['us-east-1'] }])(
    'pays nothing for what the account has chosen no more: %p',
    async (settings) => {
      const { gaps, handle, world } = await setUp(undefined, settings);
      await handle();
      expect(world.asked).toEqual([]);
      expect(await gaps()).toHaveLength(1);
    },
  );

  it('fills a gap in a run of its own, counts every point, and leaves the due time', async () => {
    const { gaps, handle, store, world } = await setUp();
    await handle();
    expect(world.asked).toEqual([[1, 2, 3]]);
    expect(world.runs).toEqual([
      expect.objectContaining({
        trigger: 'BACKFILL',
        state: 'SUCCEEDED',
        pointsStored: 3,
        pointsBackfilled: 3,
      }),
    ]);
    expect(world.released).toEqual([null]);
    expect(await gaps()).toEqual([]);
    expect((await store.read(series, 0, NOW))[2]).toEqual({ timestamps: [TOP - 48 * HOUR], values: [3] });
    expect((await store.states.statesOf(series))[0]).toMatchObject({ watermark: null, askedAt: null });
    expect((await store.events.bounds()).newest).toBe(1);
  });

  it('closes a gap of which CloudWatch has nothing', async () => {
    const { gaps, handle, world } = await setUp((call) => ({
      fetched: [
        {
          ...{ call, failure: null, answeredAt: null, dropped: { outside: 0, offGrid: 0, notFinite: 0 } },
          answers: call.series.map((one) => ({
            series: one,
            status: 'Complete',
            points: { timestamps: [], values: [] },
          })),
        },
      ],
    }));
    await handle();
    expect(await gaps()).toEqual([]);
    expect(world.runs[0]).toMatchObject({ state: 'SUCCEEDED', pointsBackfilled: 0 });
  });

  it.each([
    ['the account is due within it', { dueAt: NOW + 15_000 }],
    ['the budget has no room for it', { mayBackfill: false }],
  ])('does not begin when %s', async (_, change) => {
    const { gaps, handle, world } = await setUp();
    Object.assign(world, change);
    await handle();
    expect({ runs: world.runs, asked: world.asked }).toEqual({ runs: [], asked: [] });
    expect(await gaps()).toHaveLength(1);
  });

  it('waits longer after each failure, and keeps the gap', async () => {
    const { backfiller, clock, gaps, handle, world } = await setUp((call) => ({
      ...{ fetched: [], failed: [{ call, error: aws('ThrottlingException') }] },
    }));
    await handle();
    expect(world.runs).toEqual([expect.objectContaining({ state: 'FAILED' })]);
    expect(world.submitted).toEqual([]);
    for (const [minutes, runs] of [
      [4, 1],
      [1, 2],
      [9, 2],
      [1, 3],
    ] as const) {
      clock.advance(minutes * MINUTE);
      world.dueAt = clock.now() + 5 * MINUTE;
      await backfiller.offer(job);
      await handle();
      expect(world.runs).toHaveLength(runs);
    }
    expect(await gaps()).toHaveLength(1);
  });

  it('keeps the gap of the series that is forbidden, and does not ask for it again at once', async () => {
    const { gaps, handle, world } = await setUp((call) => ({
      fetched: [
        {
          ...{ call, failure: null, answeredAt: null, dropped: { outside: 0, offGrid: 0, notFinite: 0 } },
          answers: call.series.map((one) => ({
            ...{ series: one, status: one.id === 2 ? 'Forbidden' : 'Complete' },
            points: { timestamps: [], values: [] },
          })),
        },
      ],
    }));
    await handle();
    expect(await gaps()).toEqual([
      expect.objectContaining({ slots: [1], from: TOP - 48 * HOUR, reason: 'GATEWAY_DOWN' }),
    ]);
    await handle();
    expect(world.asked).toEqual([[1, 2, 3]]);
    expect(world.runs).toHaveLength(1);
  });

  it('is cut short by other work of the account: what was in hand is asked for again at once', async () => {
    const live = new AbortController();
    const { gaps, handle, world } = await setUp(() => {
      live.abort(new CollectionFailure('ABORTED', 'A live collection of the account goes first'));
      if (world.asked.length === 1) throw live.signal.reason as Error;
      return {};
    });
    await handle(live.signal);
    expect(world.submitted).toEqual([]);
    expect(await gaps()).toHaveLength(1);
    await handle();
    expect(world.runs.map(({ state }) => state)).toEqual(['PARTIAL', 'SUCCEEDED']);
    expect(await gaps()).toEqual([]);
  });
});
