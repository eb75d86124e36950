import fc from 'fast-check';
import { MemoryMetricStore } from '../../../test/contracts/memory-metric-store';
import type { Clock } from '../clock';
import type { Aggregate } from './downsampling';
import { MetricRanking, type RankingOptions } from './metric-ranking';
import type { Series, SeriesReads } from './series';

const NOW = Date.UTC(2026, 0, 15, 12);
const FIRST = NOW - 3_600_000;
const clock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };

/** Series 1 to `count`, of which findMany forgets `gone`. */
function catalogOf(count: number, gone: number[] = []): SeriesReads {
  const reads: Pick<SeriesReads, 'locations' | 'findMany'> = {
    locations: async (_filter, after, limit) =>
      Array.from({ length: Math.min(limit, count - after) }, (_, index) => locationOf(after + index + 1)),
    findMany: async (ids) =>
      ids.map((id) => (gone.includes(id) ? null : ({ ...locationOf(id) } as unknown as Series))),
  };
  return reads as SeriesReads;
}

function locationOf(id: number) {
  return { id, block: 1, slot: id, period: 300 };
}

async function make(points: Record<number, number[]>) {
  const metrics = new MemoryMetricStore(() => true);
  const batch = Object.entries(points).map(([id, values]) => ({
    series: locationOf(Number(id)),
    timestamps: values.map((_, index) => FIRST + index * 300_000),
    values,
    watermark: null,
  }));
  await metrics.append({ accountId: 1, token: 1 }, batch);
  const aggregated = jest.spyOn(metrics, 'aggregate');
  const ranking = new MetricRanking({ metrics, clock, fineRetentionDays: 63 });
  const take = jest.fn();
  const { signal } = new AbortController();
  const top = async (catalog: SeriesReads, options: Partial<RankingOptions> = {}) => {
    const given: RankingOptions = {
      ...{ filter: {}, range: { last: 3_600 }, by: 'AVERAGE', direction: 'DESC', limit: 10 },
      ...options,
    };
    const ranked = await ranking.top(catalog, given, { take, signal });
    return ranked.map(({ series, value }) => [series.id, value]);
  };
  return { top, take, aggregated };
}

describe('MetricRanking', () => {
  it('counts as read what it names, not what it compared that with', async () => {
    const metrics = new MemoryMetricStore(() => true);
    const batch = [1, 2, 3].map((id) => ({
      ...{ series: locationOf(id), timestamps: [FIRST], values: [id], watermark: null },
    }));
    await metrics.append({ accountId: 1, token: 1 }, batch);
    const read: number[] = [];
    const demand = {
      note: (series: readonly { id: number }[]) => void read.push(...series.map(({ id }) => id)),
    };
    const ranking = new MetricRanking({ metrics, clock, fineRetentionDays: 63, demand });
    await ranking.top(
      catalogOf(3, [3]),
      { filter: {}, range: { last: 3_600 }, by: 'AVERAGE', direction: 'DESC', limit: 2 },
      { take: () => undefined, signal: new AbortController().signal },
    );
    expect(read).toEqual([2]);
  });

  it.each<[Aggregate, number[][]]>([
    [
      'AVERAGE',
      [
        [1, 3],
        [2, 2],
      ],
    ],
    [
      'SUM',
      [
        [1, 9],
        [2, 4],
      ],
    ],
    [
      'MINIMUM',
      [
        [1, 2],
        [2, -4],
      ],
    ],
    [
      'MAXIMUM',
      [
        [2, 8],
        [1, 4],
      ],
    ],
    [
      'COUNT',
      [
        [1, 3],
        [2, 2],
      ],
    ],
    [
      'LAST',
      [
        [1, 4],
        [2, -4],
      ],
    ],
  ])('ranks by %s, without what has no point', async (by, expected) => {
    const { top } = await make({ 1: [2, 3, 4], 2: [8, -4] });
    expect(await top(catalogOf(3), { by })).toEqual(expected);
    expect(await top(catalogOf(3), { by, direction: 'ASC' })).toEqual(expected.toReversed());
  });

  it('names the first of any number of series, equal ones by id', async () => {
    const values = fc.dictionary(
      fc.integer({ min: 1, max: 25_000 }).map(String),
      fc.integer({ min: 0, max: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 1, max: 100 }), async (of, limit) => {
        const { top } = await make(
          Object.fromEntries(Object.entries(of).map(([id, value]) => [id, [value]])),
        );
        const expected = Object.entries(of)
          .map(([id, value]) => [Number(id), value] as const)
          .sort(([a, x], [b, y]) => y - x || a - b)
          .slice(0, limit);
        expect(await top(catalogOf(25_000), { limit })).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('reads some at a time, and tells of the periods before it reads them', async () => {
    const { top, take, aggregated } = await make({});
    expect(await top(catalogOf(10_001))).toEqual([]);
    expect(take.mock.calls).toEqual([[120_000], [12]]);
    take.mockImplementation(() => {
      throw new Error('too much');
    });
    aggregated.mockClear();
    await expect(top(catalogOf(1))).rejects.toThrow('too much');
    expect(aggregated).not.toHaveBeenCalled();
  });

  it('leaves out what went in between', async () => {
    const { top } = await make({ 1: [1], 2: [2] });
    expect(await top(catalogOf(2, [2]))).toEqual([[1, 1]]);
  });

  it.each<[Partial<RankingOptions>, string]>([
    [{ limit: 0 }, 'RC_PAGE_INVALID'],
    [{ limit: 101 }, 'RC_PAGE_INVALID'],
    [{ range: { last: 64 * 86_400 } }, 'RC_RANGE_INVALID'],
    [{ range: {} }, 'RC_RANGE_INVALID'],
  ])('refuses %p', async (options, code) => {
    const { top } = await make({});
    await expect(top(catalogOf(1), options)).rejects.toMatchObject({ code });
  });
});
