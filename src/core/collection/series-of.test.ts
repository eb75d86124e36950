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
