import fc from 'fast-check';
import type { Series } from '../metrics/series';
import { metric, resourceType } from '../../plugins/contract';
import { z } from 'zod';
import type { MetricProfile } from '../accounts/account';
import type { Resource } from '../inventory/resource';
import { MAX_POINTS_PER_CALL, MAX_QUERIES_PER_CALL, packCalls, seriesOf, windowOf } from './planner';

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
    ...changes,
  };
}

/** The states of series that were never asked for. */
function asNew(all: readonly Series[]) {
  return all.map(() => ({ watermark: null }));
}

describe('windowOf', () => {
  it('starts a new series three hours back and ends with the last closed period', () => {
    expect(windowOf(series(), null, NOW)).toEqual({ from: CLOSED - 3 * HOUR, to: CLOSED });
  });

  it('goes on from the watermark', () => {
    const watermark = CLOSED - 30 * MINUTE;
    expect(windowOf(series(), watermark, NOW)).toEqual({ from: watermark, to: CLOSED });
  });

  it('looks back where late data may still revise what is stored', () => {
    const late = series({ settleSeconds: 15 * 60 });
    expect(windowOf(late, CLOSED, NOW)).toEqual({ from: CLOSED - 20 * MINUTE, to: CLOSED });
  });

  it('asks the last closed period again when no other has closed since', () => {
    const window = { from: CLOSED - 5 * MINUTE, to: CLOSED };
    expect(windowOf(series({ settleSeconds: 0 }), CLOSED, CLOSED + MINUTE)).toEqual(window);
  });

  it.each([
    [300, 63],
    [60, 15],
  ])('of a period of %i s asks for no more than CloudWatch keeps, %i days', (period, days) => {
    const window = windowOf(series({ period }), NOW - 400 * 24 * HOUR, NOW)!;
    expect(window.from).toBeGreaterThan(NOW - days * 24 * HOUR);
    expect(window.from).toBeLessThan(NOW - (days * 24 - 1) * HOUR);
  });
});

describe('packCalls', () => {
  it('fills calls to 500 across plugins', () => {
    const many = Array.from({ length: 1200 }, (_, id) => series({ id, plugin: id % 2 ? 'ec2' : 'rds' }));
    expect(packCalls(many, asNew(many), NOW).map((call) => call.series.length)).toEqual([500, 500, 200]);
  });

  it('keeps Regions and periods apart', () => {
    const mixed = [series(), series({ id: 2, region: 'us-east-1' }), series({ id: 3, period: 60 })];
    expect(packCalls(mixed, asNew(mixed), NOW)).toHaveLength(3);
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
        const all = given.map(({ settleSeconds, period }, id) => series({ id, settleSeconds, period }));
        const calls = packCalls(all, given, NOW);
        const own = (one: Series) => windowOf(one, given[one.id]!.watermark, NOW);
        for (const call of calls) {
          const period = call.series[0]!.period * 1000;
          expect(call.series.length).toBeLessThanOrEqual(MAX_QUERIES_PER_CALL);
          expect(call.series.length * ((call.to - call.from) / period)).toBeLessThanOrEqual(
            MAX_POINTS_PER_CALL,
          );
          expect(call.from % period).toBe(0);
          for (const one of call.series) expect(call.from).toBeLessThanOrEqual(own(one)!.from);
        }
        const asked = calls.flatMap((call) => call.series.map(({ id }) => id)).sort((a, b) => a - b);
        expect(asked).toEqual(all.filter((one) => own(one)).map(({ id }) => id));
      }),
      { numRuns: 50 },
    );
  });
});

describe('seriesOf', () => {
  const declaration = resourceType({
    graphqlType: 'Thing',
    description: 'A thing.',
    attributes: z.object({ state: z.string(), groups: z.array(z.string()) }),
    metrics: [
      {
        namespace: 'Things',
        dimensions: () => [{ Thing: 't' }],
        settleSeconds: 60,
        definitions: [
          metric('Weight', ['Average', 'Maximum'], 'Bytes'),
          metric('Colour', ['Sum'], null, { tier: 'EXTENDED', settleSeconds: 900 }),
        ],
      },
      {
        namespace: 'Groups',
        dimensions: ({ attributes }) => attributes.groups.map((group) => ({ Group: group })),
        appliesTo: ({ attributes }) => attributes.groups.length > 0,
        settleSeconds: 60,
        definitions: [metric('Size', ['Sum'], 'Count')],
      },
    ],
    collects: ({ attributes }) => attributes.state === 'on',
  });
  const resource = (attributes: object) =>
    ({
      id: 7,
      region: 'eu-central-1',
      plugin: 'things',
      arn: null,
      name: null,
      tags: {},
      attributes,
    }) as unknown as Resource;
  const chosen = (profile?: MetricProfile, attributes: object = { state: 'on', groups: [] }) =>
    seriesOf(resource(attributes), declaration, profile).map(({ name, statistic }) => `${name}:${statistic}`);
  const profile = (level: MetricProfile['level'], metrics: string[] = []) => ({
    plugin: 'things',
    level,
    metrics,
  });

  it('is CORE by default', () => expect(chosen()).toEqual(['Weight:Average', 'Weight:Maximum']));
  it('is all with EXTENDED', () => expect(chosen(profile('EXTENDED'))).toContain('Colour:Sum'));
  it('is exactly what CUSTOM names, whatever its tier', () => {
    expect(chosen(profile('CUSTOM', ['Weight:Maximum', 'Colour']))).toEqual(['Weight:Maximum', 'Colour:Sum']);
  });
  it('has one for each set of dimensions', () => {
    const specs = seriesOf(resource({ state: 'on', groups: ['a', 'b'] }), declaration, undefined);
    expect(specs.filter(({ name }) => name === 'Size').map(({ dimensions }) => dimensions)).toEqual([
      { Group: 'a' },
      { Group: 'b' },
    ]);
  });
  it('is nothing while the resource publishes nothing', () => {
    expect(chosen(undefined, { state: 'off', groups: [] })).toEqual([]);
  });
  it('settles as the metric says, else as its group', () => {
    const specs = seriesOf(resource({ state: 'on', groups: [] }), declaration, profile('EXTENDED'));
    expect(specs.map(({ settleSeconds }) => settleSeconds)).toEqual([60, 60, 900]);
  });
});
