import fc from 'fast-check';
import { demoWorld } from '../world/demo-world';
import { metricSources } from './catalogue';
import { createOracle, findSeries } from './oracle';
import type { SeriesIdentity } from './values';

const world = demoWorld();
const oracle = createOracle(world);
const monday = Date.UTC(2026, 5, 8);
const minute = 60_000;

/** Every active series of the demo world. */
const series: SeriesIdentity[] = [...world.accounts.values()].flatMap(({ id: accountId, enabledRegions }) =>
  [...enabledRegions].flatMap((region) =>
    [...metricSources(world.resources(accountId, region))]
      .filter(({ isActive }) => isActive)
      .flatMap(({ namespace, dimensions, metrics }) =>
        [...metrics.keys()].map((metricName) => ({ accountId, region, namespace, dimensions, metricName })),
      ),
  ),
);

const anySeries = fc.constantFrom(...series);
/** The start of an hour in a year's time. */
const anyHour = fc.integer({ min: 0, max: 365 * 24 }).map((hour) => monday + hour * 60 * minute);
const anyPeriod = fc.constantFrom(300, 900, 3_600);

function tell(identity: SeriesIdentity, statistic: string, period: number, timestamp: number): number | null {
  return oracle.metricValue({ ...identity, statistic, period, timestamp });
}

/** The same statistic over each of the shorter periods that make up the longer one; null parts left out. */
function parts(
  identity: SeriesIdentity,
  statistic: string,
  period: number,
  timestamp: number,
  part: number,
): number[] {
  return Array.from({ length: period / part }, (_, i) =>
    tell(identity, statistic, part, timestamp + i * part * 1000),
  ).filter((value) => value !== null);
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

describe('aggregates of a long period agree with those of its parts', () => {
  const property = (
    check: (identity: SeriesIdentity, period: number, timestamp: number, part: number) => void,
  ) =>
    fc.assert(
      fc.property(
        anySeries,
        anyPeriod,
        anyHour,
        fc.constantFrom(60, 300),
        (identity, period, timestamp, part) => check(identity, period, timestamp, Math.min(part, period)),
      ),
      { numRuns: 300, seed: 1 },
    );

  test.each<[string, (values: number[]) => number]>([
    ['Sum', sum],
    ['SampleCount', sum],
    ['Minimum', (values) => Math.min(...values)],
    ['Maximum', (values) => Math.max(...values)],
  ])('%s', (statistic, combine) => {
    property((identity, period, timestamp, part) => {
      const values = parts(identity, statistic, period, timestamp, part);
      const whole = tell(identity, statistic, period, timestamp);
      if (values.length === 0) expect(whole).toBeNull();
      else expect(Math.abs(whole! - combine(values))).toBeLessThanOrEqual(Math.abs(whole!) * 1e-9);
    });
  });

  test('Average is Sum by SampleCount, and percentiles lie between Minimum and Maximum in order', () => {
    property((identity, period, timestamp) => {
      const [average, total, count, lowest, p0, p50, p99, p100, highest] = [
        ...['Average', 'Sum', 'SampleCount', 'Minimum', 'p0', 'p50', 'p99', 'p100', 'Maximum'],
      ].map((statistic) => tell(identity, statistic, period, timestamp));
      if (count === null)
        return expect([average, total, lowest, p50, highest]).toEqual([null, null, null, null, null]);
      expect(average).toBe(total! / count);
      expect(p0).toBe(lowest);
      expect(p100).toBe(highest);
      expect(p50!).toBeGreaterThanOrEqual(p0!);
      expect(p99!).toBeGreaterThanOrEqual(p50!);
      expect(p100!).toBeGreaterThanOrEqual(p99!);
    });
  });
});

test('values are the same in another world of the same making', () => {
  const again = createOracle(demoWorld());
  for (const identity of series.filter((_, i) => i % 7 === 0)) {
    const query = { ...identity, statistic: 'Sum', period: 300, timestamp: monday };
    expect(again.metricValue(query)).toBe(oracle.metricValue(query));
  }
});

test('shapes keep to their units', () => {
  for (const identity of series) {
    for (let hour = 0; hour < 24; hour += 3) {
      const value = (statistic: string) => tell(identity, statistic, 3_600, monday + hour * 60 * minute);
      const [lowest, highest] = [value('Minimum'), value('Maximum')];
      if (lowest === null || highest === null) continue;
      expect(lowest).toBeGreaterThanOrEqual(0);
      if (/Utilization$|Balance%$|HitRatio$|^BurstBalance$/.test(identity.metricName))
        expect(highest).toBeLessThanOrEqual(100);
      if (/^StatusCheck|Check$/.test(identity.metricName)) expect([0, 1]).toContain(highest);
      if (/Count$|Requests?$|XX$/.test(identity.metricName))
        expect(Number.isInteger(value('Sum'))).toBe(true);
    }
  }
});

test('a day has its rhythm: the afternoon is busier than the night, workdays busier than the weekend', () => {
  const requests = series.find(({ metricName }) => metricName === 'RequestCount')!;
  const at = (day: number, hour: number) =>
    tell(requests, 'Sum', 3_600, monday + (day * 24 + hour) * 60 * minute)!;
  expect(at(0, 15)).toBeGreaterThan(3 * at(0, 3));
  expect(at(0, 15)).toBeGreaterThan(1.4 * at(5, 15));
});

test('the incident comes every day at its time, to its resource alone', () => {
  const errors = series.filter(({ metricName }) => metricName === 'HTTPCode_Target_5XX_Count');
  const inTrouble = errors.filter(
    (identity) => (tell(identity, 'Sum', 600, monday + (14 * 60 + 20) * minute) ?? 0) > 500,
  );
  expect(new Set(inTrouble.map(({ dimensions }) => dimensions[0].Value.split('/')[1]))).toEqual(
    new Set(['checkout']),
  );
  const [identity] = inTrouble;
  for (const day of [0, 1, 40]) {
    const at = (timeOfDay: number) =>
      tell(identity, 'Sum', 60, monday + (day * 1440 + timeOfDay) * minute) ?? 0;
    expect([at(14 * 60 + 9), at(14 * 60 + 50)].every((value) => value < 10)).toBe(true);
    expect([at(14 * 60 + 10), at(14 * 60 + 49)].every((value) => value > 30)).toBe(true);
  }
});

test('a full call of 500 queries over three hours is cheap', () => {
  const queries = Array.from({ length: 500 }, (_, i) => series[i % series.length]);
  const compute = () => {
    for (const identity of queries) {
      const found = findSeries(world, identity)!;
      for (let i = 0; i < 36; i++) {
        found.value({
          statistic: 'Average',
          period: 300,
          timestamp: monday + i * 5 * minute,
          asOf: Infinity,
        });
      }
    }
  };
  const durations = Array.from({ length: 6 }, () => {
    const startedAt = performance.now();
    compute();
    return performance.now() - startedAt;
  });
  // Some 10 ms on a slow core; the bound only catches a change in kind.
  expect(Math.min(...durations)).toBeLessThan(150);
});
