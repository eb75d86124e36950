import {
  historyCost,
  listingCost,
  monthlyMetricsCost,
  monthlyProofCost,
  type PricedSeries,
} from './collection-cost';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 24, 12, 3);
const PRICE = 0.00001;

const series = (varied: Partial<PricedSeries> = {}): PricedSeries => ({
  ...{ region: 'eu-central-1', plugin: 'ec2', namespace: 'AWS/EC2', name: 'CPUUtilization' },
  ...{ statistic: 'Average', unit: 'Percent', period: 300, dimensions: { InstanceId: 'i-1' } },
  settleSeconds: 60,
  ...varied,
});
const monthly = (given: PricedSeries[], intervalMs = 5 * MINUTE) =>
  monthlyMetricsCost(given, { partition: 'AWS', intervalMs });
const history = (given: PricedSeries[], backfillDays: number) =>
  historyCost(given, { partition: 'AWS', backfillDays, now: NOW });

describe('monthlyMetricsCost', () => {
  it.each([
    [300, 5, 8_640],
    [60, 5, 8_640],
    [300, 15, 2_880],
    [300, 60, 720],
    [60, 1, 43_200],
    [3_600, 5, 720],
    [86_400, 5, 30],
  ])('asks for a period of %i s every %i minutes %i times', (period, minutes, asks) => {
    const { lower, upper } = monthly([series({ period })], minutes * MINUTE);
    expect(lower / PRICE).toBeCloseTo(asks, 6);
    expect(upper).toBe(lower);
  });

  it('has two bounds for several statistics of a metric, and none is counted twice', () => {
    const several = ['Average', 'Maximum', 'Sum'].map((statistic) => series({ statistic }));
    const daily = series({ name: 'BucketSize', period: 86_400 });
    const { lower, upper } = monthly([...several, daily]);
    expect(lower / PRICE).toBeCloseTo(8_640 + 30, 6);
    expect(upper / PRICE).toBeCloseTo(3 * 8_640 + 30, 6);
    expect(monthly([])).toEqual({ lower: 0, upper: 0 });
  });
});

describe('historyCost', () => {
  it.each([
    [0, 300, 0],
    [14, 300, 1],
    [14, 60, 1],
    [30, 60, 2],
    [63, 300, 2],
    [455, 300, 2],
    [455, 60, 3],
  ])('of %i days at %i s costs %i queries a series', (days, period, queries) => {
    expect(history([series({ period })], days).upper / PRICE).toBeCloseTo(queries, 6);
  });
});

it('prices listings by the page, and a proof a day', () => {
  expect(listingCost(1_000, 'AWS').lower).toBeCloseTo(0.01, 12);
  expect(monthlyProofCost('AWS').lower).toBeCloseTo(60 * PRICE, 12);
});
