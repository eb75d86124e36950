import { ManualClock } from '../../../test/support/manual-clock';
import { HealthReader, type HealthAccount } from './health-reader';
import type { MetricStore } from './metric-store';
import type { Series, SettlingSeries } from './series';
import type { SeriesState } from './series-state';

const STEP = 300_000;
const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 24, 12, 1);
const account: HealthAccount = { id: 1, status: 'CONNECTED', statusReason: null, lastCollectedAt: NOW };
const settling = (id: number): SettlingSeries => ({
  ...{ id, accountId: 1, block: 1, slot: id, period: 300, settleSeconds: 600 },
});
const askedAt = (at: number): SeriesState => ({
  ...{ watermark: at - (at % STEP), askedAt: at, answeredAt: at, receivedAt: at, trouble: null },
});

/** Series by their states, of which `received` points of the last day are stored. */
function make(states: SeriesState[], received: number[], settleTimes?: { secondsOf: () => number }) {
  const aggregate = async () => ({ count: Float64Array.from(received) });
  return new HealthReader({
    metrics: { aggregate } as unknown as Pick<MetricStore, 'aggregate'>,
    states: { statesOf: async (series) => series.map(({ id }) => states[id]!) },
    gaps: { ofAccount: async () => [] },
    catalog: { ofAccount: async () => states.map((_, id) => settling(id)) },
    ...(settleTimes && { settleTimes }),
    clock: new ManualClock(NOW),
  });
}

describe('a series whose resource is gone', () => {
  const reader = make([askedAt(NOW), askedAt(NOW - 6 * HOUR)], [286, 216]);

  it('is no part of what an account lacks', async () => {
    expect(await reader.completeness(account, null)).toBe(1);
    expect(await reader.noData(account)).toEqual([]);
    expect(await reader.missingIds([account], new AbortController().signal)).toEqual([]);
  });

  it('says so itself', async () => {
    const [, gone] = await reader.ofSeries([settling(0), settling(1)], new Map([[1, account]]), null);
    expect(gone).toMatchObject({ expected: 216, received: 216, reason: 'RESOURCE_INACTIVE' });
  });

  it('is one that nobody asked for where the account was not collected either', async () => {
    const down = { ...account, lastCollectedAt: NOW - 6 * HOUR };
    expect(await reader.noData(down)).toEqual([{ reason: 'NOT_DUE', count: 1 }]);
    expect(await reader.completeness(down, null)).toBeLessThan(1);
  });
});

it('waits for a point as long as its metric was seen to take', async () => {
  const series = { ...settling(0), namespace: 'AWS/RDS', name: 'ReadIOPS' } as unknown as Series;
  const late = { ...askedAt(NOW - 20 * 60_000) };
  const accounts = new Map([[1, account]]);
  const [declared] = await make([late], [283]).ofSeries([series], accounts, null);
  expect(declared!.gaps).toHaveLength(1);
  const [learned] = await make([late], [283], { secondsOf: () => 3_600 }).ofSeries([series], accounts, null);
  expect(learned!.gaps).toEqual([]);
});
