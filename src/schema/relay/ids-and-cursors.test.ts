import fc from 'fast-check';
import { InvalidInputError } from '../../core/errors';
import { pageRequest, parseCursor, toCursor } from './cursor';
import { keyOf, NODE_TYPES, parseGlobalId, toGlobalId } from './global-id';

const aKey = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const aType = fc.constantFrom(...NODE_TYPES);

describe('global ids', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(aType, aKey, (type, key) => {
        expect(parseGlobalId(toGlobalId(type, key))).toEqual({ type, key });
      }),
    );
  });

  it('are read in one form alone', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (id) => {
        const parsed = parseGlobalId(id);
        expect(parsed === null || toGlobalId(parsed.type, parsed.key) === id).toBe(true);
      }),
    );
    for (const text of [
      'Account:0',
      'Account:01',
      'Account:-1',
      'account:1',
      'Account:9007199254740993',
      'Account:1 ',
    ]) {
      expect(parseGlobalId(Buffer.from(text).toString('base64url'))).toBeNull();
    }
    expect(parseGlobalId(`${toGlobalId('Account', 1)}=`)).toBeNull();
  });

  it('are of one type', () => {
    expect(keyOf('Account', toGlobalId('Account', 7))).toBe(7);
    expect(keyOf('Account', toGlobalId('Resource', 7))).toBeNull();
  });
});

describe('cursors', () => {
  const aPosition = fc.record({ sort: fc.oneof(fc.string(), fc.integer(), fc.constant(null)), id: aKey });

  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.string(), aPosition, (list, position) => {
        expect(parseCursor(list, toCursor(list, position))).toEqual(position);
      }),
    );
  });

  it('are of one list, and nothing else is one', () => {
    const cursor = toCursor('accounts:NAME:ASC', { sort: 'a', id: 1 });
    expect(() => parseCursor('accounts:NAME:DESC', cursor)).toThrow(InvalidInputError);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (wrong) => {
          expect(() => parseCursor('accounts', wrong)).toThrow(InvalidInputError);
        },
      ),
    );
  });

  it('ask for 1 to 500 items', () => {
    expect(pageRequest('a', 500, null)).toEqual({ first: 500, after: null });
    for (const first of [0, -1, 501]) expect(() => pageRequest('a', first, null)).toThrow(InvalidInputError);
  });
});
