import { z } from 'zod';
import { attributeType } from './attribute-types';
import { definePlugin, metric, resourceType, type Plugin, type ResourceType } from './contract';
import { nearestName } from './nearest-name';
import { PluginDeclarationError, PluginRegistry } from './registry';

const thing = (changes: Partial<ResourceType> = {}): ResourceType<any> => ({
  ...resourceType({
    graphqlType: 'Thing',
    description: 'A thing.',
    attributes: z.object({ size: z.int().nullable(), kind: z.enum(['BIG', 'SMALL']) }),
    metrics: [
      {
        namespace: 'Things',
        dimensions: () => [{ Thing: 'x' }],
        settleSeconds: 60,
        definitions: [metric('Weight', ['Average', 'p99'], 'Bytes')],
      },
    ],
  }),
  ...changes,
});

function plugin(changes: Partial<Plugin> = {}): Plugin {
  return {
    ...definePlugin({
      name: 'things',
      version: '1.0.0',
      apiVersion: 1,
      displayName: 'Things',
      description: 'Things.',
      iamActions: ['things:ListThings'],
      resources: { 'things:thing': thing() },
      async *discover() {},
    }),
    ...changes,
  };
}

function defects(plugins: Plugin[], reserved: string[] = []): PluginDeclarationError['defects'] {
  try {
    new PluginRegistry(plugins, reserved);
  } catch (error) {
    if (error instanceof PluginDeclarationError) return error.defects;
    throw error;
  }
  return [];
}

describe('PluginRegistry', () => {
  it('knows what its plugins declare', () => {
    const registry = new PluginRegistry([plugin()]);
    expect(registry.iamActions()).toEqual(['things:ListThings']);
    expect(registry.iamActions([])).toEqual([]);
    expect(registry.names()).toEqual(['things']);
    expect([...registry.metricNames('things')]).toEqual(['Weight', 'Weight:Average', 'Weight:p99']);
    expect(registry.resourceType('things:thing')?.plugin.name).toBe('things');
    expect(registry.resourceType('things:other')).toBeNull();
    expect(registry.graphqlTypes()).toEqual([
      {
        name: 'Thing',
        description: 'A thing.',
        types: ['things:thing'],
        fields: [
          { name: 'size', type: { kind: 'Int', list: false } },
          {
            name: 'kind',
            type: { kind: 'Enum', enumName: 'ThingKind', values: ['BIG', 'SMALL'], list: false },
          },
        ],
      },
    ]);
  });

  it('takes a plugin whose actions do not fit one session policy', () => {
    const iamActions = Array.from({ length: 100 }, (_, index) => `things:DescribeThingsOfKind${index}`);
    expect(defects([plugin({ iamActions })])).toEqual([]);
  });

  const metricOf = (...definition: Parameters<typeof metric>) => ({
    'things:thing': thing({ metrics: [{ ...thing().metrics[0]!, definitions: [metric(...definition)] }] }),
  });

  it.each<[string, Partial<Plugin>]>([
    ['name', { name: 'Things!' }],
    ['version', { version: 'one' }],
    ['apiVersion', { apiVersion: 2 as 1 }],
    ['iamActions[0]', { iamActions: ['things:*'] }],
    ['iamActions[0]', { iamActions: [`things:${'A'.repeat(128)}`] }],
    ['resources', { resources: {} }],
    ['resources.other:thing', { resources: { 'other:thing': thing() } }],
    [
      'resources.things:thing.graphqlType',
      { resources: { 'things:thing': thing({ graphqlType: '9Thing' }) } },
    ],
    [
      'resources.things:thing.attributes.region',
      { resources: { 'things:thing': thing({ attributes: z.object({ region: z.string() }) }) } },
    ],
    [
      'resources.things:thing.attributes.map',
      {
        resources: {
          'things:thing': thing({ attributes: z.object({ map: z.map(z.string(), z.string()) }) }),
        },
      },
    ],
    [
      'resources.things:thing.attributes.kind',
      { resources: { 'things:thing': thing({ attributes: z.object({ kind: z.enum(['a-b']) }) }) } },
    ],
    [
      'resources.things:thing.metrics[0].definitions[0].statistics',
      { resources: metricOf('Weight', ['Avarage'], null) },
    ],
    [
      'resources.things:thing.metrics[0].definitions[0].unit',
      { resources: metricOf('Weight', ['Sum'], 'Byte') },
    ],
    [
      'resources.things:thing.metrics[0].definitions[0].settleSeconds',
      { resources: metricOf('Weight', ['Sum'], null, { settleSeconds: -1 }) },
    ],
  ])('refuses a wrong %s', (field, changes) => {
    expect(defects([plugin(changes)]).map((defect) => defect.field)).toContain(field);
  });

  it.each([
    ...['p99', 'p0.1', 'p100', 'tm90', 'wm99.9', 'tc50', 'ts95', 'IQM', 'TM(2%:98%)', 'TM(:95%)', 'WM(10%:)'],
    ...['TC(150:1000)', 'TS(80%:)', 'PR(:300)', 'PR(100:2000)', 'PR(0.5:)', 'SampleCount'],
  ])('takes CloudWatch’s statistic %s', (statistic) => {
    expect(
      () => new PluginRegistry([plugin({ resources: metricOf('Weight', [statistic], null) })]),
    ).not.toThrow();
  });

  it.each(['p', 'p101', 'p1000', 'tm', 'xx90', 'TM90', 'PR(10%:20%)', 'PR(:)', 'TM(10%:200)', 'p99 ', 'iqm'])(
    'refuses the statistic %j, which CloudWatch does not have',
    (statistic) => {
      expect(defects([plugin({ resources: metricOf('Weight', [statistic], null) })])).toHaveLength(1);
    },
  );

  it.each<[string, object]>([
    ['version', { ...plugin(), version: undefined }],
    ['resources', { name: 'bare', version: '1.0.0', iamActions: [], discover() {} }],
    [
      'resources.things:thing.attributes',
      plugin({ resources: { 'things:thing': thing({ attributes: {} as z.ZodObject }) } }),
    ],
  ])('tells of a misshapen %s', (field, misshapen) => {
    expect(defects([misshapen as Plugin]).map((defect) => defect.field)).toContain(field);
  });

  it('refuses an enum that would take the name of one of the API', () => {
    expect(defects([plugin()], ['ThingKind'])[0]!.field).toBe('resources.things:thing.attributes.kind');
  });

  it('tells of all defects at once, numbered, with the nearest name', () => {
    const wrong = plugin({ version: 'x', resources: metricOf('Weight', ['Avarage'], 'Byte') });
    expect(() => new PluginRegistry([wrong])).toThrow(
      /1\. plugin things, version: found "x".*\n.*2\. .*did you mean Average\?.*\n.*3\. .*did you mean Bytes\?/,
    );
  });

  it('refuses plugins that do not fit together', () => {
    const clash = plugin({
      name: 'others',
      resources: { 'others:thing': thing({ attributes: z.object({ size: z.string() }) }) },
    });
    expect(defects([plugin(), plugin()])[0]!.field).toBe('name');
    expect(defects([plugin(), clash])[0]!.field).toBe('resources.others:thing.attributes.size');
    expect(defects([plugin()], ['Thing'])[0]!.field).toBe('resources.things:thing.graphqlType');
  });
});

describe('attributeType', () => {
  it.each<[string, z.core.$ZodType, string | null]>([
    ['string', z.string(), 'String'],
    ['datetime', z.iso.datetime(), 'DateTime'],
    ['int', z.int(), 'Int'],
    ['number', z.number(), 'Float'],
    ['float32', z.float32(), 'Float'],
    ['int32', z.int32(), 'Int'],
    ['boolean', z.boolean(), 'Boolean'],
    ['enum', z.enum(['A']), 'Enum'],
    ['nullable optional', z.string().optional().nullable(), 'String'],
    ['object', z.object({}), null],
    ['list of lists', z.array(z.array(z.string())), null],
  ])('%s', (_name, schema, kind) => expect(attributeType(schema, 'E')?.kind ?? null).toBe(kind));

  it('makes lists', () => expect(attributeType(z.array(z.int()), 'E')).toEqual({ kind: 'Int', list: true }));
});

describe('nearestName', () => {
  it('suggests what is near and nothing else', () => {
    expect(nearestName('Avrage', ['Sum', 'Average'])).toBe('Average');
    expect(nearestName('Whatever', ['Sum', 'Average'])).toBeNull();
  });
});
