import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { ConflictError } from '../errors';
import { Sealer } from './seal';

const CONTEXT = { tenantId: 1, accountId: 2, field: 'accessKey' };
const key = randomBytes(32);
const sealer = new Sealer({ key, keyId: 'k1' });

function expectUnreadable(sealed: string, options: { by?: Sealer; context?: typeof CONTEXT } = {}) {
  let thrown: unknown;
  try {
    (options.by ?? sealer).open(sealed, options.context ?? CONTEXT);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ConflictError);
  expect(thrown).toMatchObject({ code: 'RC_SECRET_UNREADABLE' });
}

/** The sealed text with one of its dot-separated parts changed. */
function withPart(sealed: string, index: number, change: (bytes: Buffer) => Buffer): string {
  const parts = sealed.split('.');
  parts[index] = change(Buffer.from(parts[index], 'base64url')).toString('base64url');
  return parts.join('.');
}

describe('Sealer', () => {
  it('opens what it sealed, and shows nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        expect(sealer.open(sealer.seal(plain, CONTEXT), CONTEXT)).toBe(plain);
      }),
    );
    const sealed = sealer.seal('{"accessKeyId":"AKIA"}', CONTEXT);
    expect(sealed).toMatch(/^v1\.k1\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(Buffer.from(sealed.split('.')[3], 'base64url').toString()).not.toContain('AKIA');
  });

  it('never uses an IV twice', () => {
    const ivs = Array.from({ length: 100 }, () => sealer.seal('same', CONTEXT).split('.')[2]);
    expect(new Set(ivs).size).toBe(100);
  });

  it.each([
    ['tenant', { ...CONTEXT, tenantId: 3 }],
    ['account', { ...CONTEXT, accountId: 3 }],
    ['field', { ...CONTEXT, field: 'other' }],
  ])('does not open for another %s', (_name, context) => {
    expectUnreadable(sealer.seal('secret', CONTEXT), { context });
  });

  it('does not open with another key, of another name or of the same', () => {
    const sealed = sealer.seal('secret', CONTEXT);
    expectUnreadable(sealed, { by: new Sealer({ key, keyId: 'k2' }) });
    expectUnreadable(sealed, { by: new Sealer({ key: randomBytes(32), keyId: 'k1' }) });
  });

  it('does not open with any bit flipped', () => {
    const sealed = sealer.seal('secret', CONTEXT);
    for (const part of [2, 3, 4]) {
      const bits = Buffer.from(sealed.split('.')[part], 'base64url').length * 8;
      for (let bit = 0; bit < bits; bit++) {
        expectUnreadable(
          withPart(sealed, part, (bytes) => {
            bytes[bit >> 3] ^= 1 << (bit & 7);
            return bytes;
          }),
        );
      }
    }
  });

  it.each([0, 4, 8, 12, 15])('does not open with a tag cut to %i bytes', (length) => {
    expectUnreadable(withPart(sealer.seal('secret', CONTEXT), 4, (tag) => tag.subarray(0, length)));
  });

  it.each(['', 'v1', 'secret', 'v1.k1.a.b', 'v1.k1.a.b.c.d', 'v2.k1.AAAA.AAAA.AAAA'])(
    'does not open %p',
    (text) => {
      expectUnreadable(text);
    },
  );

  it('needs a key of 32 bytes and a plain name for it', () => {
    expect(() => new Sealer({ key: Buffer.alloc(16), keyId: 'k1' })).toThrow('32 bytes');
    expect(() => new Sealer({ key, keyId: 'a.b' })).toThrow('key id');
  });
});
