import fc from 'fast-check';
import type { Series } from '../metrics/series';
import { MAX_POINTS_PER_CALL, MAX_QUERIES_PER_CALL, packCalls, windowOf } from './planner';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 24, 12, 3, 20);
const CLOSED = Date.UTC(2026, 10, 24, 12, 0, 0);

function series(changes: Partial<Series> = {}): Series {
  return {
    id: 1,
    tenantId: 1,
    accountId: 1,
    resourceId: 1,
    region: 'eu-central-1',
    plugin: 'ec2',
    namespace: 'AWS/EC2',
    name: 'CPUUtilization',
    statistic: 'Average',
    unit: 'Percent',
    period: 300,
    dimensions: { InstanceId: 'i-1' },
    settleSeconds: 60,
    block: 1,
    slot: 0,
    watermark: null,
    ...changes,
  };
}

describe('windowOf', () => {
  it('starts a new series three hours back and ends with the last closed period', () => {
    expect(windowOf(series(), NOW)).toEqual({ from: CLOSED - 3 * HOUR, to: CLOSED });
  });

  it('goes on from the watermark', () => {
    const watermark = CLOSED - 30 * MINUTE;
    expect(windowOf(series({ watermark }), NOW)).toEqual({ from: watermark, to: CLOSED });
  });

  it('looks back where late data may still revise what is stored', () => {
    const late = series({ watermark: CLOSED, settleSeconds: 15 * 60 });
    expect(windowOf(late, NOW)).toEqual({ from: CLOSED - 20 * MINUTE, to: CLOSED });
  });

  it('asks the last closed period again when no other has closed since', () => {
    const window = { from: CLOSED - 5 * MINUTE, to: CLOSED };
    expect(windowOf(series({ watermark: CLOSED, settleSeconds: 0 }), CLOSED + MINUTE)).toEqual(window);
  });

  it.each([
    [300, 63],
    [60, 15],
  ])('of a period of %i s asks for no more than CloudWatch keeps, %i days', (period, days) => {
    const window = windowOf(series({ period, watermark: NOW - 400 * 24 * HOUR }), NOW)!;
    expect(window.from).toBeGreaterThan(NOW - days * 24 * HOUR);
    expect(window.from).toBeLessThan(NOW - (days * 24 - 1) * HOUR);
  });
});

describe('packCalls', () => {
  it('fills calls to 500 across plugins', () => {
    const many = Array.from({ length: 1200 }, (_, id) => series({ id, plugin: id % 2 ? 'ec2' : 'rds' }));
    expect(packCalls(many, NOW).map((call) => call.series.length)).toEqual([500, 500, 200]);
  });

  it('keeps Regions and periods apart', () => {
    const mixed = [series(), series({ id: 2, region: 'us-east-1' }), series({ id: 3, period: 60 })];
    expect(packCalls(mixed, NOW)).toHaveLength(3);
  });

  it('holds every limit and asks every series its whole window, whatever the watermarks', () => {
    const arbitrary = fc.array(
      fc.record({
        watermark: fc.option(fc.integer({ min: NOW - 80 * 24 * HOUR, max: NOW })),
        settleSeconds: fc.constantFrom(0, 60, 840),
        period: fc.constantFrom(60, 300),
      }),
      { maxLength: 1500 },
    );
    fc.assert(
      fc.property(arbitrary, (given) => {
        const all = given.map((changes, id) => series({ id, ...changes }));
        const calls = packCalls(all, NOW);
        for (const call of calls) {
          const period = call.series[0]!.period * 1000;
          expect(call.series.length).toBeLessThanOrEqual(MAX_QUERIES_PER_CALL);
          expect(call.series.length * ((call.to - call.from) / period)).toBeLessThanOrEqual(
            MAX_POINTS_PER_CALL,
          );
          expect(call.from % period).toBe(0);
          for (const one of call.series) expect(call.from).toBeLessThanOrEqual(windowOf(one, NOW)!.from);
        }
        const asked = calls.flatMap((call) => call.series.map(({ id }) => id)).sort((a, b) => a - b);
        expect(asked).toEqual(all.filter((one) => windowOf(one, NOW)).map(({ id }) => id));
      }),
      { numRuns: 50 },
    );
  });
});
