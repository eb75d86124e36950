import { MemoryMetricStore } from '../../../test/contracts/memory-metric-store';
import type { Series } from '../metrics/series';
import type { SeriesState } from '../metrics/series-state';
import { storeAnswer, type BeforeRun } from './live-answers';
import type { FetchedCall } from './metric-fetcher';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TODAY = Date.UTC(2026, 10, 24);
const fence = { accountId: 1, token: 1 };

const series = (given: Partial<Series> = {}) =>
  ({
    ...{ id: 1, block: 1, slot: 0, region: 'eu-central-1', namespace: 'AWS/RDS', name: 'ReadIOPS' },
    ...{ period: 300, settleSeconds: 300 },
    ...given,
  }) as Series;

interface Asked {
  one?: Series;
  now: number;
  from: number;
  to: number;
  timestamps?: number[];
  answeredAt?: number | null;
  state?: Partial<SeriesState>;
  store?: MemoryMetricStore;
}

async function answer({
  one = series(),
  now,
  from,
  to,
  timestamps = [],
  answeredAt = null,
  ...given
}: Asked) {
  const store = given.store ?? new MemoryMetricStore(() => true);
  const state: SeriesState = {
    ...{
      watermark: null,
      askedAt: now - 5 * MINUTE,
      answeredAt: now - 5 * MINUTE,
      receivedAt: null,
      trouble: null,
    },
    ...given.state,
  };
  const before: BeforeRun = {
    ...{ now, states: new Map([[one.id, state]]), settleSecondsOf: ({ settleSeconds }) => settleSeconds },
    ...{ dueAt: now, lastCollectedAt: now - 5 * MINUTE, intervalMs: 5 * MINUTE, historyFrom: null },
  };
  const points = { timestamps, values: timestamps.map(() => 1) };
  const fetched: FetchedCall = {
    call: { region: one.region, from, to, period: one.period, series: [one] },
    answers: [{ series: one, points, status: 'Complete' }],
    ...{ dropped: { outside: 0, offGrid: 0, notFinite: 0 }, answeredAt, failure: null },
  };
  const append = jest.spyOn(store, 'append');
  const { late } = await storeAnswer(store, fence, fetched, before, {});
  const [, [appended], options] = append.mock.calls.at(-1)!;
  return { late, watermark: appended!.watermark, gaps: options?.gaps?.added ?? [] };
}

describe('a daily metric', () => {
  const one = series({ period: 86_400, settleSeconds: 3_600 });
  const asked = { one, from: TODAY - 4 * DAY, to: TODAY, state: { watermark: TODAY - DAY } };

  it('is asked for again while the point of the last day is not there, for some hours', async () => {
    const before = [TODAY - 3 * DAY, TODAY - 2 * DAY];
    const early = await answer({ ...asked, now: TODAY + 2 * HOUR, timestamps: before });
    expect(early.watermark).toBe(TODAY - DAY);
    const late = await answer({ ...asked, now: TODAY + 6 * HOUR, timestamps: before });
    expect(late.watermark).toBe(TODAY);
  });

  it('is done with once it is', async () => {
    const { watermark } = await answer({ ...asked, now: TODAY + 2 * HOUR, timestamps: [TODAY - DAY] });
    expect(watermark).toBe(TODAY);
  });
});

describe('what the hourly look finds', () => {
  const now = TODAY + 12 * HOUR;
  const asked = { now, from: now - 3 * HOUR, to: now };

  it('is a straggler, as late as it was at least', async () => {
    const state = { watermark: now - 5 * MINUTE };
    const { late } = await answer({ ...asked, state, timestamps: [now - 150 * MINUTE, now - 5 * MINUTE] });
    expect(late).toEqual([expect.objectContaining({ isStraggler: true, ageMs: 85 * MINUTE })]);
    const recent = await answer({ ...asked, state, timestamps: [now - 30 * MINUTE] });
    expect(recent.late).toEqual([expect.objectContaining({ isStraggler: true, ageMs: 10 * MINUTE })]);
  });

  it('says nothing after a time without answers, however often was asked', async () => {
    const state = { watermark: now - 40 * MINUTE, answeredAt: now - 40 * MINUTE };
    const timestamps = [now - 150 * MINUTE, now - 50 * MINUTE];
    expect((await answer({ ...asked, state, timestamps })).late).toEqual([]);
  });
});

it('leaves no gap beyond what AWS has reached when our clock is ahead', async () => {
  const now = TODAY + 30 * HOUR;
  const state = { watermark: TODAY };
  const { gaps, watermark } = await answer({
    ...{ now, from: now - 16 * HOUR, to: now, state, answeredAt: TODAY + 10 * MINUTE },
  });
  expect(watermark).toBe(TODAY + 10 * MINUTE);
  expect(gaps).toEqual([expect.objectContaining({ from: TODAY, to: TODAY + 10 * MINUTE })]);
});
