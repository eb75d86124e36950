import { GraphQLError, parseValue } from 'graphql';
import { Columns, DateTime, JSONObject, parseInstant, SafeInt } from './scalars';

describe('DateTime', () => {
  it.each([
    ['2026-01-31T12:00:00.000Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:00.123456Z', Date.UTC(2026, 0, 31, 12, 0, 0, 123)],
    ['2026-01-31T12:00:00+02:00', Date.UTC(2026, 0, 31, 10)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text)).toBe(instant);
    expect(DateTime.parseValue(text)).toBe(instant);
    expect(DateTime.parseLiteral(parseValue(JSON.stringify(text)))).toBe(instant);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-01-31',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:00:00',
    '2026-01-31 12:00:00Z',
    '2026-13-01T00:00:00Z',
    '1',
    1,
    null,
  ])('refuses %p', (text) => {
    expect(parseInstant(text)).toBeNull();
    expect(() => DateTime.parseValue(text)).toThrow(GraphQLError);
  });

  it('writes UTC with milliseconds', () => {
    expect(DateTime.serialize(Date.UTC(2026, 0, 31, 12))).toBe('2026-01-31T12:00:00.000Z');
  });
});

describe('SafeInt', () => {
  it('goes to 2^53 - 1', () => {
    expect(SafeInt.parseValue(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
    expect(SafeInt.parseLiteral(parseValue('9007199254740991'))).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => SafeInt.parseValue(2 ** 53)).toThrow(GraphQLError);
    expect(() => SafeInt.parseLiteral(parseValue('9007199254740993'))).toThrow(GraphQLError);
    expect(() => SafeInt.serialize(0.5)).toThrow(TypeError);
  });
});

describe('JSONObject', () => {
  it('is an object, with variables inside', () => {
    expect(JSONObject.parseLiteral(parseValue('{ a: [1, $b] }'), { b: 2 })).toEqual({ a: [1, 2] });
    for (const wrong of [[], 1, 'a', null]) expect(() => JSONObject.parseValue(wrong)).toThrow(GraphQLError);
  });
});

describe('Columns', () => {
  it('goes out as it is, and never in', () => {
    const columns = { timestamps: [1], values: [2], provisionalFrom: null };
    expect(Columns.serialize(columns)).toBe(columns);
    expect(() => Columns.parseValue(columns)).toThrow(GraphQLError);
  });
});
