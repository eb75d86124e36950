import fc from 'fast-check';
import type { Series } from '../metrics/series';
import { MAX_POINTS_PER_CALL, MAX_QUERIES_PER_CALL, packCalls, type Ask } from './planner';

const MINUTE = 60_000;
const CLOSED = Date.UTC(2026, 10, 24, 12, 0, 0);

const series = (changes: Partial<Series> = {}): Series =>
  ({
    id: 1,
    resourceId: 1,
    region: 'eu-central-1',
    plugin: 'ec2',
    namespace: 'AWS/EC2',
    name: 'CPUUtilization',
    statistic: 'Average',
    period: 300,
    dimensions: { InstanceId: 'i-1' },
    ...changes,
  }) as Series;

const ask = (changes: Partial<Series> = {}, from = CLOSED - 15 * MINUTE): Ask => {
  const one = series(changes);
  return { series: one, from, to: CLOSED, period: one.period };
};

/** Metrics with so many statistics each, of resources of their own. */
const metrics = (statistics: readonly number[]) =>
  statistics.flatMap((count, resourceId) =>
    Array.from({ length: count }, (_, index) => ask({ id: resourceId * 10 + index, resourceId })),
  );

describe('packCalls', () => {
  it('fills calls to 500 across plugins', () => {
    const many = Array.from({ length: 1200 }, (_, id) =>
      ask({ id, resourceId: id, plugin: id % 2 ? 'ec2' : 'rds' }),
    );
    expect(packCalls(many).map((call) => call.series.length)).toEqual([500, 500, 200]);
  });

  it('makes two calls of 501 queries', () => {
    const many = Array.from({ length: 501 }, (_, id) => ask({ id, resourceId: id }));
    expect(packCalls(many).map((call) => call.series.length)).toEqual([500, 1]);
  });

  it('keeps Regions, periods and windows apart', () => {
    const other = { ...ask({ id: 4 }), to: CLOSED - 5 * MINUTE };
    expect(
      packCalls([ask(), ask({ id: 2, region: 'us-east-1' }), ask({ id: 3, period: 60 }), other]),
    ).toHaveLength(4);
  });

  it('shares the earliest start of a call', () => {
    const [call, ...others] = packCalls([ask(), ask({ id: 2, resourceId: 2 }, CLOSED - 60 * MINUTE)]);
    expect(others).toEqual([]);
    expect(call!.from).toBe(CLOSED - 60 * MINUTE);
  });

  it('does not take two metrics of one resource for one', () => {
    const many = [
      ask({ id: 1, name: 'A' }),
      ask({ id: 2, name: 'B' }),
      ask({ id: 3, name: 'B', dimensions: { InstanceId: 'i-1', Disk: 'd' } }),
      ask({ id: 4, name: 'B', dimensions: { Disk: 'd', InstanceId: 'i-1' } }),
    ];
    const filler = Array.from({ length: 498 }, (_, id) => ask({ id: id + 10, resourceId: id + 10 }));
    const split = packCalls([...filler, ...many]).map((call) => call.series.map(({ id }) => id));
    expect(split.find((ids) => ids.includes(3))).toContain(4);
    expect(split.map((ids) => ids.length)).toEqual([500, 2]);
  });

  it('splits a metric over calls only when one call cannot hold it', () => {
    const week = CLOSED - 30 * 24 * 60 * MINUTE;
    const wide = Array.from({ length: 20 }, (_, id) => ask({ id }, week));
    // 8,640 periods: eleven queries an answer.
    expect(packCalls(wide).map((call) => call.series.length)).toEqual([11, 9]);
  });

  it('holds every limit, asks each series its whole window once, and splits no metric', () => {
    const arbitrary = fc.array(
      fc.record({
        statistics: fc.integer({ min: 1, max: 6 }),
        periods: fc.oneof(
          fc.constant(3),
          fc.integer({ min: 1, max: 200 }),
          fc.integer({ min: 200, max: 4_000 }),
        ),
        period: fc.constantFrom(60, 300),
      }),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(arbitrary, (given) => {
        const asks = given.flatMap(({ statistics, periods, period }, resourceId) =>
          Array.from({ length: statistics }, (_, index) =>
            ask({ id: resourceId * 10 + index, resourceId, period }, CLOSED - periods * period * 1000),
          ),
        );
        const calls = packCalls(asks);
        const callOf = new Map<number, number>();
        calls.forEach((call, at) => {
          const points = call.series.length * ((call.to - call.from) / (call.period * 1000));
          expect(call.series.length).toBeLessThanOrEqual(MAX_QUERIES_PER_CALL);
          expect(points).toBeLessThanOrEqual(MAX_POINTS_PER_CALL);
          for (const { id } of call.series) {
            expect(callOf.has(id)).toBe(false);
            callOf.set(id, at);
          }
        });
        expect(callOf.size).toBe(asks.length);
        for (const { series: one, from } of asks) {
          expect(calls[callOf.get(one.id)!]!.from).toBeLessThanOrEqual(from);
          expect(callOf.get(one.id)).toBe(callOf.get(one.resourceId * 10));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('needs within 3 % of the fewest calls there can be', () => {
    const arbitrary = fc.array(fc.constantFrom(1, 1, 1, 2, 2, 3, 4, 5), {
      minLength: 200,
      maxLength: 12_000,
    });
    fc.assert(
      fc.property(arbitrary, (statistics) => {
        const asks = metrics(statistics);
        const fewest = Math.ceil(asks.length / MAX_QUERIES_PER_CALL);
        expect(packCalls(asks).length).toBeLessThanOrEqual(Math.ceil(fewest * 1.03));
      }),
      { numRuns: 20 },
    );
  });
});
