import { z } from 'zod';
import { metric, resourceType } from '../../plugins/contract';
import type { MetricProfile } from '../accounts/account';
import type { Resource } from '../inventory/resource';
import { seriesOf } from './series-of';

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
  const profile = (
    level: MetricProfile['level'],
    metrics: string[] = [],
    periodSeconds: MetricProfile['periodSeconds'] = 300,
  ) => ({ plugin: 'things', level, metrics, periodSeconds });

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
  describe('period', () => {
    const group = { namespace: 'Things', dimensions: () => [{ Thing: 't' }], settleSeconds: 60 };
    const one = (name: string) => [metric(name, ['Sum'], 'Count')];
    const paced = resourceType({
      graphqlType: 'Thing',
      description: 'A thing.',
      attributes: z.object({ detailed: z.boolean() }),
      metrics: [
        { ...group, definitions: one('Basic') },
        {
          ...group,
          publishes: ({ attributes }) => (attributes.detailed ? 60 : 300),
          definitions: one('Monitored'),
        },
        { ...group, period: () => 60, definitions: one('Minute') },
        { ...group, period: () => 3_600, publishes: () => 60, definitions: one('Hourly') },
        { ...group, period: () => 86_400, definitions: one('Daily') },
      ],
    });
    const periods = (detailed: boolean, asked?: MetricProfile) =>
      seriesOf(resource({ detailed }), paced, asked).map(({ name, period }) => `${name} ${period}`);

    it.each([
      ['nobody asks for more', true, undefined, 300],
      ['the profile asks for 300', true, profile('CORE'), 300],
      ['the profile asks for 60', true, profile('CORE', [], 60), 60],
      ['the resource does not publish it', false, profile('CORE', [], 60), 300],
    ] as const)('where %s', (_, detailed, asked, expected) => {
      expect(periods(detailed, asked)).toEqual([
        ...['Basic 300', `Monitored ${expected}`],
        ...['Minute 60', 'Hourly 3600', 'Daily 86400'],
      ]);
    });
  });
});
