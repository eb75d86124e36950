import { execute, type ExecutionResult, parse } from 'graphql';
import type { AttributeType } from '../../plugins/attribute-types';
import { buildSchema } from '../build-schema';

describe('the types that plugins declare', () => {
  const kinds: Record<string, AttributeType> = {
    string: { kind: 'String', list: false },
    int: { kind: 'Int', list: false },
    float: { kind: 'Float', list: false },
    boolean: { kind: 'Boolean', list: false },
    dateTime: { kind: 'DateTime', list: false },
    enumeration: { kind: 'Enum', enumName: 'ThingEnumeration', values: ['A', 'B'], list: false },
    ints: { kind: 'Int', list: true },
    name: { kind: 'Int', list: false },
  };
  const fields = Object.entries(kinds).map(([name, type]) => ({ name, type }));
  const schema = buildSchema([{ name: 'Thing', description: 'A thing.', types: ['a:thing'], fields }]);

  /** Reads a stored attribute through the type, as a field of some resource. */
  function read(field: string, stored: unknown): unknown {
    const resource = { type: 'a:thing', name: 'own', attributes: { [field]: stored } };
    const query = schema.getQueryType()!.getFields().resource;
    query.resolve = () => resource;
    const document = parse(`{ resource(id: "1") { ... on Thing { ${field} } } }`);
    const { data, errors } = execute({ schema, document }) as ExecutionResult<any>;
    expect(errors).toBeUndefined();
    return data.resource[field];
  }

  it.each([
    ['string', 'a', 'a'],
    ['int', 7, 7],
    ['float', 0.5, 0.5],
    ['boolean', false, false],
    ['dateTime', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['enumeration', 'B', 'B'],
    ['ints', [1, 2], [1, 2]],
    ['ints', [], []],
  ])('%s shows %p', (field, stored, shown) => {
    expect(read(field, stored)).toEqual(shown);
  });

  it.each([
    ['string', 1],
    ['int', 0.5],
    ['int', 2 ** 31],
    ['float', 'x'],
    ['boolean', 'true'],
    ['dateTime', 'yesterday'],
    ['enumeration', 'C'],
    ['ints', 1],
    ['ints', [1, 'x']],
    ['string', undefined],
    ['string', null],
  ])('%s of another version, %p, is null', (field, stored) => {
    expect(read(field, stored)).toBeNull();
  });

  it('leaves the fields of Resource what they are', () => {
    expect(read('name', 5)).toBe('own');
  });
});
