import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { formatToken, generateToken, hashSecret, parseToken, secretMatches, tokenPrefix } from './tokens';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('tokens', () => {
  it('are one word with a prefix, a lookup id, 256 secret bits and a checksum', () => {
    expect(formatToken(generateToken(randomBytes))).toMatch(
      /^rcl_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/,
    );
  });

  it('keep every bit of the secret', () => {
    const secretOf = (byte: number) => generateToken((size) => Buffer.alloc(size, byte)).secret;
    expect(secretOf(0)).toBe('0'.repeat(43));
    const decoded = [...secretOf(0xff)].reduce((sum, digit) => sum * 62n + BigInt(BASE62.indexOf(digit)), 0n);
    expect(decoded).toBe(2n ** 256n - 1n);
  });

  it('come back from their text', () => {
    const parts = generateToken(randomBytes);
    expect(parseToken(formatToken(parts))).toEqual(parts);
    expect(parseToken(formatToken(generateToken(randomBytes, 'boot00000001')))?.lookupId).toBe(
      'boot00000001',
    );
  });

  it('are refused with any one character changed', () => {
    const token = formatToken(generateToken(randomBytes));
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...BASE62), (index, character) => {
        fc.pre(token[index] !== character);
        expect(parseToken(token.slice(0, index) + character + token.slice(index + 1))).toBeNull();
      }),
    );
  });

  it.each(['', 'rcl_', 'rcl__', 'Bearer x', ' ', 'rcl_boot00000001_'])('are not %p', (text) => {
    expect(parseToken(text)).toBeNull();
  });

  it('are refused when cut, lengthened or surrounded', () => {
    const token = formatToken(generateToken(randomBytes));
    for (const text of [token.slice(0, -1), `${token}0`, ` ${token}`, `${token}\n`])
      expect(parseToken(text)).toBeNull();
  });

  it('are refused with anything put in, taken out or put in place of something', () => {
    const edit = fc.record({
      at: fc.nat(66),
      cut: fc.nat(3),
      put: fc.string({ unit: 'binary', maxLength: 3 }),
    });
    fc.assert(
      fc.property(edit, ({ at, cut, put }) => {
        const token = formatToken(generateToken(randomBytes));
        const text = token.slice(0, at) + put + token.slice(at + cut);
        fc.pre(text !== token);
        expect(parseToken(text)).toBeNull();
      }),
    );
  });

  it('are told from whatever else is sent', () => {
    const shaped = fc.stringMatching(/^rcl_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    const anything = fc.string({ unit: 'binary', maxLength: 5_000 });
    fc.assert(
      fc.property(fc.oneof(shaped, anything), (text) => {
        const parts = parseToken(text);
        // By chance one in 2^32 has the right checksum.
        expect(parts === null || formatToken(parts) === text).toBe(true);
      }),
    );
  });

  it('differ in their checksum when two letters change places', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.uint8Array({ minLength: 32, maxLength: 32 }), (a, b, seed) => {
        const letters = [...formatToken(generateToken((size) => Buffer.from(seed.subarray(0, size))))];
        fc.pre(letters[4 + a] !== letters[4 + b]);
        [letters[4 + a], letters[4 + b]] = [letters[4 + b], letters[4 + a]];
        expect(parseToken(letters.join(''))).toBeNull();
      }),
    );
  });

  it('show no secret in their prefix', () => {
    const parts = generateToken(randomBytes);
    expect(tokenPrefix(parts.lookupId)).toBe(formatToken(parts).slice(0, 16));
  });

  it('match their own hash only', () => {
    const hash = hashSecret('secret');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(secretMatches('secret', hash)).toBe(true);
    expect(secretMatches('Secret', hash)).toBe(false);
    expect(secretMatches('', hash)).toBe(false);
  });
});
